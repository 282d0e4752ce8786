import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/configuration/configuration-error.ts';
import { type ConfigurationInput, loadConfiguration } from '../../src/configuration/load.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'pullgate-configuration-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function write(name: string, text: string): string {
  const file = path.join(cwd, name);
  writeFileSync(file, text);
  return file;
}

function load(yaml: string, env: ConfigurationInput['env'] = {}) {
  write('pullgate.yaml', yaml);
  return loadConfiguration({ env, cwd });
}

/** What the person reads, one line for each mistake. */
function complaintsOf(yaml: string | undefined, env: ConfigurationInput['env'] = {}): string[] {
  try {
    if (yaml === undefined) loadConfiguration({ env, cwd });
    else load(yaml, env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
  throw new Error('it was accepted');
}

describe('without a file', () => {
  test('everything has a default', () => {
    expect(loadConfiguration({ env: {}, cwd })).toEqual({
      file: undefined,
      url: 'http://localhost:5050',
      listen: { host: '127.0.0.1', port: 5050 },
      tls: undefined,
      data: path.join(cwd, 'data'),
      database: undefined,
      trustedProxies: [],
      upstreams: new Map([
        [
          'docker.io',
          {
            registry: 'docker.io',
            url: 'https://registry-1.docker.io',
            token: { realm: 'https://auth.docker.io/token', service: 'registry.docker.io' },
            credential: undefined,
            organizations: new Map(),
            aliases: [],
            allowPrivateAddresses: false,
            allowHttp: false,
          },
        ],
      ]),
      hub: { url: 'https://hub.docker.com' },
      catalog: { refreshMs: 86_400_000, overrides: new Map() },
      cache: { maxBytes: 50 * 2 ** 30, tagTtlMs: 60_000 },
      log: { level: 'info' },
      pulls: { retentionMs: 365 * 86_400_000 },
      activity: { retentionMs: undefined, webhooks: [], syslog: undefined },
      shutdown: { graceMs: 10_000 },
      mail: undefined,
      singleSignOn: { allowPrivateAddresses: false, allowHttp: false },
    });
  });

  test.each([
    ['an empty file', ''],
    ['a file with comments only', '# nothing yet\n'],
    ['empty sections', 'listen:\nupstreams:\ncache:\n'],
  ])('%s says the same', (_, yaml) => {
    const { file, ...settings } = load(yaml);
    expect(file).toBe(path.join(cwd, 'pullgate.yaml'));
    rmSync(path.join(cwd, 'pullgate.yaml'));
    expect(settings).toEqual({ ...loadConfiguration({ env: {}, cwd }), file: undefined } satisfies object as object);
  });
});

describe('which file', () => {
  test('an argument comes before PULLGATE_CONFIG, and that before the default', () => {
    write('pullgate.yaml', 'url: https://default.example');
    write('variable.yaml', 'url: https://variable.example');
    const argument = write('argument.yaml', 'url: https://argument.example');
    const env = { PULLGATE_CONFIG: 'variable.yaml' };
    expect(loadConfiguration({ env: {}, cwd }).url).toBe('https://default.example');
    expect(loadConfiguration({ env, cwd }).url).toBe('https://variable.example');
    expect(loadConfiguration({ file: argument, env, cwd }).url).toBe('https://argument.example');
  });

  test('a file that is named must be there', () => {
    expect(() => loadConfiguration({ file: 'gone.yaml', env: {}, cwd })).toThrow(
      `gone.yaml: expected a readable file ${path.join(cwd, 'gone.yaml')}, found none there`,
    );
  });

  test('a file of more than 1 MiB is not read', () => {
    expect(complaintsOf(`# ${'x'.repeat(1024 * 1024)}`)).toEqual([
      'pullgate.yaml: expected a file of at most 1 MiB, found a bigger one',
    ]);
  });
});

test('a whole file', () => {
  write('hub-password', 'from a file\n');
  const configuration = load(
    `
url: https://Gate.Acme.example/
listen: { host: 0.0.0.0, port: 443 }
tls: { certificate: tls/cert.pem, key: /etc/key.pem }
data: state
trusted_proxies: [10.0.0.0/8, 192.0.2.7, 'fd00::/8']
upstreams:
  docker.io:
    username: mirror
    password: { file: hub-password }
    aliases: [Hub.acme.example]
    organizations:
      acme: { username: acme-puller, password: { env: ACME_PASSWORD } }
  GHCR.io:
  registry.corp:5000:
    url: http://10.1.2.3:5000
    allow_http: true
    allow_private_addresses: true
    token: { realm: http://10.1.2.3:5001/token, service: corp }
hub: { url: https://hub.example }
catalog:
  refresh: 6h
  overrides:
    docker.io/bitnami: verified-publisher
    index.docker.io/acme/web: community
cache: { max_bytes: 1.5 TiB, tag_ttl: 5m }
log: { level: debug }
pulls: { retention: 90 days }
shutdown: { grace: 0s }
`,
    { ACME_PASSWORD: 'from the environment' },
  );

  expect(configuration).toMatchObject({
    url: 'https://gate.acme.example',
    listen: { host: '0.0.0.0', port: 443 },
    tls: { certificate: path.join(cwd, 'tls/cert.pem'), key: '/etc/key.pem' },
    data: path.join(cwd, 'state'),
    trustedProxies: ['10.0.0.0/8', '192.0.2.7/32', 'fd00::/8'],
    hub: { url: 'https://hub.example' },
    catalog: {
      refreshMs: 21_600_000,
      overrides: new Map([
        ['docker.io/bitnami', 'verified-publisher'],
        ['docker.io/acme/web', 'community'],
      ]),
    },
    cache: { maxBytes: 1.5 * 2 ** 40, tagTtlMs: 300_000 },
    log: { level: 'debug' },
    pulls: { retentionMs: 7_776_000_000 },
    shutdown: { graceMs: 0 },
  });
  expect([...configuration.upstreams.keys()]).toEqual(['docker.io', 'ghcr.io', 'registry.corp:5000']);
  const hub = configuration.upstreams.get('docker.io');
  expect(hub?.credential?.password.reveal()).toBe('from a file');
  expect(hub?.aliases).toEqual(['hub.acme.example']);
  expect(hub?.organizations.get('acme')?.password.reveal()).toBe('from the environment');
  expect(configuration.upstreams.get('registry.corp:5000')).toMatchObject({
    url: 'http://10.1.2.3:5000',
    token: { realm: 'http://10.1.2.3:5001/token', service: 'corp' },
    allowHttp: true,
    allowPrivateAddresses: true,
  });
  expect(JSON.stringify([...configuration.upstreams])).not.toMatch(/from (a file|the environment)/);
});

describe('what follows from other settings', () => {
  test('the URL names the port, and https when the gate itself speaks it', () => {
    expect(load('listen: { port: 8443 }\ntls: { certificate: c, key: k }').url).toBe('https://localhost:8443');
  });

  test('a list of upstreams is the whole list', () => {
    expect([...load('upstreams: { ghcr.io: }').upstreams.keys()]).toEqual(['ghcr.io']);
  });

  test('an upstream that is not well known is asked at its own name', () => {
    expect(load('upstreams: { registry.acme.example: }').upstreams.get('registry.acme.example')).toMatchObject({
      url: 'https://registry.acme.example',
      token: undefined,
    });
  });

  test("a mirror in place of a well-known registry is not sent to that registry's token service", () => {
    const upstream = load('upstreams: { docker.io: { url: https://mirror.example } }').upstreams.get('docker.io');
    expect(upstream).toMatchObject({ url: 'https://mirror.example', token: undefined });
  });
});

describe('a mistake in the file says where it is, what stands there and what should', () => {
  const text = `expected { file: /path } or { env: VARIABLE }, which say where the secret is kept`;

  test.each<[string, string, string[]]>([
    [
      'a wrong value',
      'listen:\n  host: 127.0.0.1\n  port: "five"\n',
      ['pullgate.yaml:3:9: listen.port: expected a whole number from 0 to 65535, found "five"'],
    ],
    [
      'unknown settings, with what was probably meant',
      'lisen: {}\nlisten:\n  prot: 1\n  x: 2\n',
      [
        'pullgate.yaml:3:3: listen.prot: expected port (did you mean that?), found a setting that does not exist',
        'pullgate.yaml:4:3: listen.x: expected one of host, port, found a setting that does not exist',
        'pullgate.yaml:1:1: lisen: expected listen (did you mean that?), found a setting that does not exist',
      ],
    ],
    [
      'all mistakes at once',
      'url: gate.example\ncache: { tag_ttl: 60 }',
      [
        'pullgate.yaml:1:6: url: expected an http or https address without path, such as https://gate.example, found "gate.example"',
        'pullgate.yaml:2:19: cache.tag_ttl: expected a time with its unit from 0s to 1 day, such as 30s, 5m or 7 days, found 60',
      ],
    ],
    [
      'a value where a section belongs',
      'listen: 5050',
      ['pullgate.yaml:1:9: listen: expected a map of settings, found 5050'],
    ],
    ['a list as the document', '- listen', ['pullgate.yaml:1:1: expected a map of settings, found a list']],
    [
      'broken YAML',
      'listen:\n  port: [1\nlog: {}\n',
      [
        'pullgate.yaml:3:1: expected YAML, found a mistake: Flow sequence in block collection must be sufficiently indented and end with a ]',
      ],
    ],
    [
      'the same setting twice',
      'data: a\ndata: b\n',
      ['pullgate.yaml:2:1: expected YAML, found a mistake: Map keys must be unique'],
    ],
    [
      'an item of a list',
      'trusted_proxies:\n  - 10.0.0.0/8\n  - 10.0.0.0/33\n',
      [
        'pullgate.yaml:3:5: trusted_proxies.1: expected an IP address or a network such as 10.0.0.0/8, found "10.0.0.0/33"',
      ],
    ],
    [
      'half of TLS',
      'tls:\n  certificate: cert.pem\n',
      ['pullgate.yaml:2:3: tls.certificate: expected a key beside it, found none'],
    ],
    [
      'an address with a password in it, which is not printed',
      'url: https://root:hunter2@gate.example',
      [
        'pullgate.yaml:1:6: url: expected an http or https address without path, such as https://gate.example, found "https://[secret]@gate.example"',
      ],
    ],
    [
      'a password in the file itself, which is not printed',
      'upstreams:\n  docker.io: { username: mirror, password: hunter2 }\n',
      [`pullgate.yaml:2:44: upstreams.docker.io.password: ${text}, found a text (not shown)`],
    ],
    [
      'a password of digits, which is not printed either',
      'upstreams:\n  docker.io: { username: mirror, password: 12345 }\n',
      [`pullgate.yaml:2:44: upstreams.docker.io.password: ${text}, found a number (not shown)`],
    ],
    [
      'a user without a password',
      'upstreams:\n  docker.io:\n    username: mirror\n',
      ['pullgate.yaml:3:5: upstreams.docker.io.username: expected a password beside it, found none'],
    ],
    [
      'a secret that is not where it should be',
      'upstreams:\n  docker.io:\n    username: mirror\n    password: { env: HUB_PASSWORD }\n',
      [
        'pullgate.yaml:4:15: upstreams.docker.io.password: expected the environment variable HUB_PASSWORD to be set, found none',
      ],
    ],
    [
      'plain http to an upstream',
      'upstreams:\n  registry.corp:5000:\n    url: http://registry.corp:5000\n',
      [
        'pullgate.yaml:3:10: upstreams.registry.corp:5000.url: expected an https address, or allow_http: true beside it, found "http://registry.corp:5000"',
      ],
    ],
    [
      'one registry in two spellings',
      'upstreams:\n  docker.io:\n  registry-1.docker.io:\n',
      ['pullgate.yaml:3:3: upstreams.registry-1.docker.io: expected each registry once, found docker.io a second time'],
    ],
    [
      'an upstream that is no host',
      'upstreams:\n  https://ghcr.io: {}\n',
      [
        'pullgate.yaml:2:3: upstreams.https://ghcr.io: expected the host of a registry, such as ghcr.io, found "https://ghcr.io"',
      ],
    ],
    [
      'a host name for two upstreams',
      'upstreams:\n  docker.io: { aliases: [hub.acme.example] }\n  ghcr.io: { aliases: [HUB.acme.example] }\n',
      [
        'pullgate.yaml:3:24: upstreams.ghcr.io.aliases.0: expected a host name of its own, found hub.acme.example, which is an alias of docker.io',
      ],
    ],
    [
      "an alias that is the gate's own host",
      'url: https://gate.example:8443\nupstreams:\n  docker.io: { aliases: [gate.example] }\n',
      [
        'pullgate.yaml:3:26: upstreams.docker.io.aliases.0: expected a host name of its own, found gate.example, which is the host of url',
      ],
    ],
    [
      'an alias that is the name of another upstream',
      'upstreams:\n  docker.io: { aliases: [ghcr.io] }\n  ghcr.io:\n',
      [
        'pullgate.yaml:2:26: upstreams.docker.io.aliases.0: expected a host name of its own, found ghcr.io, which is the name of ghcr.io',
      ],
    ],
    [
      'a category that does not exist',
      'catalog: { overrides: { docker.io/bitnami: organization } }',
      [
        'pullgate.yaml:1:44: catalog.overrides.docker.io/bitnami: expected one of official, verified-publisher, sponsored-oss, community, found "organization"',
      ],
    ],
    [
      'an override without a registry',
      'catalog: { overrides: { bitnami/redis: official } }',
      [
        'pullgate.yaml:1:25: catalog.overrides.bitnami/redis: expected a namespace or repository with its registry, such as docker.io/bitnami or ghcr.io/acme/web, found "bitnami/redis"',
      ],
    ],
    [
      'a cache too small to hold an image',
      'cache: { max_bytes: 5 MB }',
      ['pullgate.yaml:1:21: cache.max_bytes: expected a size of at least 64 MiB, such as 50 GiB, found "5 MB"'],
    ],
  ])('%s', (_, yaml, complaints) => {
    expect(complaintsOf(yaml)).toEqual(complaints);
  });

  test('the parts of the sentence can be had one by one', () => {
    const problem = { source: 'pullgate.yaml', line: 1, column: 17, setting: 'listen.port', found: '-1' };
    expect(() => load('listen: { port: -1 }')).toThrow(
      expect.objectContaining({ problems: [{ ...problem, expected: 'a whole number from 0 to 65535' }] }),
    );
  });

  test('an alias may be a name under which clients know that very upstream', () => {
    const { upstreams } = load('upstreams: { docker.io: { aliases: [docker.io, registry-1.docker.io] } }');
    expect(upstreams.get('docker.io')?.aliases).toEqual(['docker.io', 'registry-1.docker.io']);
  });

  test('a small document that grows without bound when its aliases are followed is refused', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) =>
        `l${i}: &l${i} [${Array(9)
          .fill(i ? `*l${i - 1}` : 'x')
          .join()}]`,
    );
    expect(() => load(levels.join('\n'))).toThrow('pullgate.yaml: expected YAML with few aliases, found');
  });
});

describe('the environment', () => {
  test.each<[string, string, string, unknown]>([
    ['PULLGATE_URL', 'https://env.example', 'url', 'https://env.example'],
    ['PULLGATE_HOST', '::', 'listen.host', '::'],
    ['PULLGATE_PORT', '6060', 'listen.port', 6060],
    ['PULLGATE_TRUSTED_PROXIES', '10.0.0.0/8, ::1', 'trustedProxies', ['10.0.0.0/8', '::1/128']],
    ['PULLGATE_HUB_URL', 'https://hub.example', 'hub.url', 'https://hub.example'],
    ['PULLGATE_CATALOG_REFRESH', '2h', 'catalog.refreshMs', 7_200_000],
    ['PULLGATE_CACHE_MAX_BYTES', '10 GiB', 'cache.maxBytes', 10 * 2 ** 30],
    ['PULLGATE_CACHE_TAG_TTL', '5s', 'cache.tagTtlMs', 5000],
    ['PULLGATE_LOG_LEVEL', 'warn', 'log.level', 'warn'],
    ['PULLGATE_PULLS_RETENTION', '30 days', 'pulls.retentionMs', 2_592_000_000],
    ['PULLGATE_SHUTDOWN_GRACE', '1m', 'shutdown.graceMs', 60_000],
  ])('%s comes before the file', (name, text, setting, value) => {
    const yaml = `
url: https://file.example
listen: { host: 10.0.0.1, port: 1 }
trusted_proxies: [192.0.2.1]
hub: { url: https://file.example }
catalog: { refresh: 1h }
cache: { max_bytes: 1 GiB, tag_ttl: 1s }
log: { level: error }
pulls: { retention: 1 day }
shutdown: { grace: 1s }
`;
    expect(load(yaml, { [name]: text })).toHaveProperty(setting, value);
    expect(load(yaml)).not.toHaveProperty(setting, value);
  });

  test('paths are relative to the working folder there, and to the file in the file', () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'pullgate-elsewhere-'));
    try {
      const file = path.join(elsewhere, 'gate.yaml');
      writeFileSync(file, 'data: from-file\ntls: { certificate: c.pem, key: k.pem }\n');
      const configuration = loadConfiguration({ file, env: { PULLGATE_TLS_KEY: 'key.pem' }, cwd });
      expect(configuration.data).toBe(path.join(elsewhere, 'from-file'));
      expect(configuration.tls).toEqual({
        certificate: path.join(elsewhere, 'c.pem'),
        key: path.join(cwd, 'key.pem'),
      });
      expect(loadConfiguration({ file, env: { PULLGATE_DATA: 'here' }, cwd }).data).toBe(path.join(cwd, 'here'));
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  test('an empty variable says nothing, as Compose files pass them', () => {
    expect(loadConfiguration({ env: { PULLGATE_PORT: '', PULLGATE_CONFIG: '' }, cwd }).listen.port).toBe(5050);
  });

  test('variables of others are none of our business', () => {
    expect(() => loadConfiguration({ env: { PORT: 'x', PULLGATES: 'y' }, cwd })).not.toThrow();
  });

  test.each<[string, Record<string, string>, string[]]>([
    [
      'a wrong value names the variable',
      { PULLGATE_PORT: 'http' },
      ['PULLGATE_PORT: listen.port: expected a whole number from 0 to 65535, found "http"'],
    ],
    [
      'a variable that does not exist',
      { PULLGATE_LOGLEVEL: 'debug' },
      ['PULLGATE_LOGLEVEL: expected PULLGATE_LOG_LEVEL or none, found a variable that means nothing'],
    ],
    [
      'a wrong item of a list',
      { PULLGATE_TRUSTED_PROXIES: '10.0.0.0/8,proxy' },
      [
        'PULLGATE_TRUSTED_PROXIES: trusted_proxies.1: expected an IP address or a network such as 10.0.0.0/8, found "proxy"',
      ],
    ],
  ])('%s', (_, env, complaints) => {
    expect(complaintsOf(undefined, env)).toEqual(complaints);
  });

  test('a variable that the file names for a secret may be called as it likes', () => {
    const yaml = 'upstreams: { docker.io: { username: mirror, password: { env: PULLGATE_MIRROR_PASSWORD } } }';
    const { upstreams } = load(yaml, { PULLGATE_MIRROR_PASSWORD: 'hunter2' });
    expect(upstreams.get('docker.io')?.credential?.password.reveal()).toBe('hunter2');
  });

  test('what Kubernetes sets for a service called pullgate is ignored', () => {
    const env = {
      PULLGATE_SERVICE_HOST: '10.0.0.7',
      PULLGATE_SERVICE_PORT: '5050',
      PULLGATE_SERVICE_PORT_HTTPS: '443',
      PULLGATE_PORT: 'tcp://10.0.0.7:5050',
      PULLGATE_PORT_5050_TCP: 'tcp://10.0.0.7:5050',
      PULLGATE_PORT_5050_TCP_PROTO: 'tcp',
      PULLGATE_PORT_5050_TCP_PORT: '5050',
      PULLGATE_PORT_5050_TCP_ADDR: '10.0.0.7',
    };
    expect(loadConfiguration({ env, cwd }).listen.port).toBe(5050);
  });
});
