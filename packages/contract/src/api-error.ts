interface ErrorDetails {
  readonly status: number;
  readonly detail: string;
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  readonly retryAfter?: number | undefined;
  readonly body: unknown;
}

/** The server refused. The message is for people: it says what is wrong and what to do next. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly detail: string;
  /** What is wrong in which field of the request; empty when it is not about fields. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Seconds after which to try again, if the server said so. */
  readonly retryAfter: number | undefined;
  /** As it came: a login that asks for a second factor has `login_2fa_token` here. */
  readonly body: unknown;

  constructor({ status, detail, fields = {}, retryAfter, body }: ErrorDetails) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.fields = fields;
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

/** Reads an answer that is no success, whoever gave it: a proxy in between answers with HTML. */
export async function readError(response: Response): Promise<ApiError> {
  const body = parsed(await response.text());
  const { detail, message, fields } = (typeof body === 'object' && body !== null ? body : {}) as {
    readonly detail?: unknown;
    readonly message?: unknown;
    readonly fields?: unknown;
  };
  return new ApiError({
    status: response.status,
    detail: [detail, message].find((text) => typeof text === 'string') ?? `The server answered ${response.status}.`,
    fields: fieldsOf(fields),
    retryAfter: secondsOf(response.headers.get('Retry-After')),
    body,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(fields: unknown): Readonly<Record<string, readonly string[]>> {
  if (typeof fields !== 'object' || fields === null) return {};
  return Object.fromEntries(
    Object.entries(fields).map(([name, reasons]) => [name, Array.isArray(reasons) ? reasons.map(String) : []]),
  );
}

function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
