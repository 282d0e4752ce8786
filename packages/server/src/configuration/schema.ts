import { isIP } from 'node:net';
import { categories } from '@pullgate/policy';
import { z } from 'zod';
import { logLevels } from './configuration.ts';
import { parsePostgresAddress } from './database.ts';
import { parseByteSize, parseDuration } from './quantities.ts';
import { closest } from './suggestion.ts';

/** One value: what is expected, in words, and how it is read. `parse` gives undefined for everything else. */
function setting<T>(expected: string, parse: (value: unknown) => T | undefined) {
  return z.unknown().transform((value, context): T => {
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    context.issues.push({ code: 'custom', input: value, message: expected });
    return z.NEVER;
  });
}

/** A map of known settings. An empty one (`listen:` with everything under it commented out) says nothing. */
function section<S extends z.core.$ZodLooseShape>(shape: S) {
  const known = Object.keys(shape);
  return z.preprocess(
    (value) => value ?? {},
    z.strictObject(shape, {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? // One line for each key, in their order: each is shown at its own place.
            issue.keys.map((key) => expectedKey(key, known)).join('\n')
          : 'a map of settings',
    }),
  );
}

function table<V extends z.core.SomeType>(values: V) {
  return z.preprocess((value) => value ?? {}, z.record(z.string(), values, { error: 'a map' }));
}

function expectedKey(key: string, known: readonly string[]): string {
  const near = closest(key, known);
  return near === undefined ? `one of ${known.join(', ')}` : `${near} (did you mean that?)`;
}

function oneOf<T extends string>(values: readonly T[]) {
  return setting(`one of ${values.join(', ')}`, (value) => values.find((candidate) => candidate === value));
}

function text(expected: string, pattern: RegExp) {
  return setting(expected, (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined));
}

function duration(least: string, most: string) {
  const [minimum = 0, maximum = 0] = [parseDuration(least), parseDuration(most)];
  return setting(`a time with its unit from ${least} to ${most}, such as 30s, 5m or 7 days`, (value) => {
    const milliseconds = parseDuration(value);
    return milliseconds === undefined || milliseconds < minimum || milliseconds > maximum ? undefined : milliseconds;
  });
}

const port = setting('a whole number from 0 to 65535', (value) => {
  const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= 65535 ? number : undefined;
});

const host = setting('an IP address or a host name', (value) =>
  typeof value === 'string' && (isIP(value) !== 0 || hostName.test(value)) ? value : undefined,
);

const hostName = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i;

const alias = setting('a host name without scheme, port and path, such as hub.gate.example', (value) =>
  typeof value === 'string' && hostName.test(value) ? value.toLowerCase() : undefined,
);

/** An http(s) URL without userinfo: credentials have settings of their own, which are never printed. */
function parseHttpUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' || !/^https?:\/\/[^\s\\]+$/i.test(value) || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return url.username === '' && url.password === '' && url.hash === '' ? url : undefined;
}

const origin = setting('an http or https address without path, such as https://gate.example', (value) => {
  const url = parseHttpUrl(value);
  return url === undefined || url.pathname !== '/' || url.search !== '' ? undefined : url.origin;
});

const realm = setting('the http or https address of a token service', (value) => parseHttpUrl(value)?.href);

const webhookUrl = setting('the https address of a webhook', (value) => parseHttpUrl(value)?.href);

const network = setting('an IP address or a network such as 10.0.0.0/8', (value) => {
  if (typeof value !== 'string') return undefined;
  const [address = '', prefix, ...rest] = value.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  return Number(prefix ?? bits) > bits ? undefined : `${address}/${prefix ?? bits}`;
});

const path = setting('the path of a file or folder', (value) =>
  typeof value === 'string' && value !== '' && !value.includes('\0') ? value : undefined,
);

/** Where a secret is kept. The file itself never holds one, so that it can be shown, copied and versioned. */
export type SecretReference = { readonly file: string } | { readonly env: string };

const secret = setting(
  '{ file: /path } or { env: VARIABLE }, which say where the secret is kept',
  (value): SecretReference | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    const [[kind, name] = [], ...rest] = Object.entries(value);
    if (typeof name !== 'string' || name === '' || rest.length > 0) return undefined;
    if (kind === 'file') return { file: name };
    return kind === 'env' ? { env: name } : undefined;
  },
);

const username = text('a user name', /^[^\s:]{1,255}$/);
const yesOrNo = setting('true or false', (value) => (typeof value === 'boolean' ? value : undefined));
const credential = section({ username, password: secret });

const upstream = section({
  url: origin.optional(),
  token: section({ realm: realm.optional(), service: text('a name', /^\S{1,255}$/).optional() }),
  username: username.optional(),
  password: secret.optional(),
  aliases: z.array(alias, { error: 'a list of host names' }).default([]),
  allow_private_addresses: yesOrNo.default(false),
  allow_http: yesOrNo.default(false),
  organizations: table(credential),
});

const database = section({
  url: setting(
    'a PostgreSQL address without password and options, such as postgres://pullgate@db.example:5432/pullgate',
    parsePostgresAddress,
  ).optional(),
  password: secret.optional(),
  connections: setting('a whole number from 2 to 100', (value) => {
    const number = typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= 2 && number <= 100 ? number : undefined;
  }).default(10),
  statement_timeout: duration('1s', '10m').default(10_000),
  tls: section({
    mode: oneOf(['verify', 'off']).optional(),
    ca: path.optional(),
    certificate: path.optional(),
    key: path.optional(),
  }),
});

export type DatabaseSettings = z.output<typeof database>;

const activity = section({
  retention: duration('1 day', '36500 days').optional(),
  webhooks: table(
    section({
      url: webhookUrl,
      secret,
      refusals: yesOrNo.default(false),
      allow_private_addresses: yesOrNo.default(false),
      allow_http: yesOrNo.default(false),
    }),
  ),
  syslog: section({
    host: host.optional(),
    port: port.default(6514),
    ca: path.optional(),
    certificate: path.optional(),
    key: path.optional(),
    refusals: yesOrNo.default(false),
  }),
});

export type ActivitySettings = z.output<typeof activity>;

const mailSecurity = ['starttls', 'tls', 'none'] as const;

const mail = section({
  host: host.optional(),
  port: port.optional(),
  security: oneOf(mailSecurity).default('starttls'),
  username: text('a user name', /^\S{1,255}$/).optional(),
  password: secret.optional(),
  from: text(
    'a sender such as gate@acme.example or Pullgate <gate@acme.example>',
    /^(?:[^\s<>@,;:"]+@[^\s<>@,;:"]+|[^\r\n<>@,;:"]{1,100} <[^\s<>@,;:"]+@[^\s<>@,;:"]+>)$/,
  ).optional(),
});

export type MailSettings = z.output<typeof mail>;

export type UpstreamSettings = z.output<typeof upstream>;

/** What `docker.io:` with nothing under it says. */
export const emptyUpstream: UpstreamSettings = upstream.parse({});

/** The file as people write it, with the defaults of everything that does not depend on anything else. */
export const fileSchema = section({
  url: origin.optional(),
  listen: section({ host: host.default('127.0.0.1'), port: port.default(5050) }),
  tls: section({ certificate: path.optional(), key: path.optional() }),
  data: path.default('data'),
  database,
  trusted_proxies: z.array(network, { error: 'a list of networks' }).default([]),
  upstreams: table(upstream),
  hub: section({ url: origin.default('https://hub.docker.com') }),
  catalog: section({
    refresh: duration('1m', '20 days').default(86_400_000),
    overrides: table(oneOf(categories.filter((category) => category !== 'organization'))),
  }),
  cache: section({
    max_bytes: setting('a size of at least 64 MiB, such as 50 GiB', (value) => {
      const bytes = parseByteSize(value);
      return bytes === undefined || bytes < 64 * 2 ** 20 ? undefined : bytes;
    }).default(50 * 2 ** 30),
    tag_ttl: duration('0s', '1 day').default(60_000),
  }),
  log: section({ level: oneOf(logLevels).default('info') }),
  pulls: section({ retention: duration('1 day', '3650 days').default(365 * 86_400_000) }),
  activity,
  mail,
  single_sign_on: section({
    allow_private_addresses: yesOrNo.default(false),
    allow_http: yesOrNo.default(false),
  }),
  shutdown: section({ grace: duration('0s', '10m').default(10_000) }),
});

export type FileSettings = z.output<typeof fileSchema>;
