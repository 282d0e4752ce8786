import { request as send } from 'node:http';

export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  /** Of a JSON answer. */
  readonly body: Record<string, unknown>;
}

export interface Visit {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As much of a browser as signing in needs: it keeps cookies, and says which page sends a request. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #server: string;
  readonly #origin: string;

  constructor(server: string, origin: string) {
    this.#server = server;
    this.#origin = origin;
  }

  get(path: string, visit: Visit = {}): Promise<Page> {
    return this.ask(path, visit);
  }

  post(path: string, body: unknown, visit: Visit = {}): Promise<Page> {
    return this.ask(path, { method: 'POST', body, ...visit });
  }

  signIn(username: string, password: string): Promise<Page> {
    return this.post('/api/auth/sign-in/username', { username, password });
  }

  /** User name of whoever the gate takes this browser for. */
  async who(): Promise<string> {
    return JSON.parse((await this.get('/who')).text);
  }

  ask(path: string, { method = 'GET', body, headers = {} }: Visit): Promise<Page> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = {
      ...(cookie !== '' && { cookie }),
      ...(method !== 'GET' && { origin: this.#origin }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    };
    const present = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
    return new Promise((resolve, reject) => {
      const url = new URL(path, this.#server);
      const asking = send(url, { method, headers: present }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          for (const line of response.headers['set-cookie'] ?? []) this.#keep(line);
          resolve(pageOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString('utf8')));
        });
      });
      asking.on('error', reject);
      asking.end(text);
    });
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0/i.test(line) || value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

function pageOf(status: number, headers: Page['headers'], text: string): Page {
  const isJson = String(headers['content-type']).includes('json');
  const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : {};
  return { status, headers, text, body: (parsed ?? {}) as Record<string, unknown> };
}
