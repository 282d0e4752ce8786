import { buildImage, type SmallImage } from '@pullgate/small-registry';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSmallWorld, repositories, type SmallWorld, startTimeout, type WireAnswer } from './small-world.ts';

// A repository has many spellings, and a verdict that depends on the spelling is a way round: each reaches the same
// verdict on the same repository, or none at all.

let world: SmallWorld;
let onOther: SmallImage;
beforeAll(async () => {
  world = await openSmallWorld();
  onOther = buildImage({ files: { 'hello.txt': 'hello from another registry\n' } });
  world.other.add('org/app', onOther, ['latest']);
}, startTimeout);
afterAll(() => world.close(), startTimeout);

interface Spelling {
  readonly name: string;
  readonly query?: string;
  readonly host?: string;
}

const hubHosts = ['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com', 'hub.docker.com'];

function spellingsOf(path: string): Spelling[] {
  const names = path.startsWith('library/') ? [path, path.slice('library/'.length)] : [path];
  return names.flatMap((name) => [
    { name },
    ...hubHosts.map((host) => ({ name: `${host}/${name}` })),
    ...[...hubHosts, 'DOCKER.IO', 'docker.io:443', 'docker.io:80', 'Index.Docker.IO:443', 'docker.io%3A443'].map(
      (ns) => ({
        name,
        query: `?ns=${ns}`,
      }),
    ),
    ...['hub.gate.test', 'HUB.GATE.TEST', 'hub.gate.test:443', 'Hub.Gate.Test:5050'].map((host) => ({ name, host })),
    { name, host: 'hub.gate.test', query: '?ns=docker.io' },
    { name, host: 'hub.gate.test', query: '?ns=REGISTRY-1.docker.io:443' },
  ]);
}

async function askAs(account: SmallWorld['member'], { name, query = '', host }: Spelling): Promise<WireAnswer> {
  return world.pull(account, `/v2/${name}/manifests/latest${query}`, host === undefined ? {} : { headers: { host } });
}

const written = ({ name, query = '', host }: Spelling) => `${name}${query}${host === undefined ? '' : ` at ${host}`}`;

describe.each([
  ['an official', repositories.official, 200],
  ['a verified publisher', repositories.verified, 200],
  ['a community', repositories.community, 403],
] as const)('%s repository', (_, path, status) => {
  it.each(spellingsOf(path).map((spelling) => [written(spelling), spelling] as const))(
    `is one and the same as %s: ${status} for a member, 200 for an owner`,
    async (_spelling, spelling) => {
      world.registry.requests.length = 0;
      const answer = await askAs(world.member, spelling);
      expect(answer.status).toBe(status);
      if (status === 403) expect(answer.reason).toContain(`docker.io/${path} is`);
      else expect(answer.headers['docker-content-digest']).toBe(world.images[path]?.root.digest);

      const owners = await askAs(world.owner, spelling);
      expect(owners.status).toBe(200);
      expect(owners.body.equals(world.images[path]?.root.bytes ?? Buffer.alloc(0))).toBe(true);
      for (const { url } of world.registry.requests) expect(url.startsWith(`/v2/${path}/`), url).toBe(true);
    },
  );
});

describe('another registry', () => {
  it.each<[string, Spelling]>([
    ['its host in the path', { name: 'ghcr.io/org/app' }],
    ['ns', { name: 'org/app', query: '?ns=ghcr.io' }],
    ['ns in another spelling', { name: 'org/app', query: '?ns=GHCR.IO:443' }],
    ['a host that stands for it', { name: 'org/app', host: 'ghcr.gate.test' }],
  ])('is named by %s', async (_, spelling) => {
    world.registry.requests.length = 0;
    const answer = await askAs(world.owner, spelling);
    expect(answer.status).toBe(200);
    expect(answer.headers['docker-content-digest']).toBe(onOther.root.digest);
    expect(world.registry.requests).toEqual([]);
  });

  it('lends its images no name of Docker Hub: library/alpine there is not official', async () => {
    world.other.add('library/alpine', onOther, ['latest']);
    const { reason } = await askAs(world.member, { name: 'library/alpine', query: '?ns=ghcr.io' });
    const record = await world.recorded(({ repository }) => repository === 'ghcr.io/library/alpine');
    expect(record.category, reason).toBe('community');
  });

  it.each<[string, Spelling]>([
    ['quay.io', { name: 'quay.io/org/app' }],
    ['quay.io', { name: 'org/app', query: '?ns=quay.io' }],
    ['quay.io', { name: 'library/alpine', query: '?ns=quay.io:443' }],
    ['localhost', { name: 'localhost/library/alpine' }],
    ['127.0.0.1', { name: '127.0.0.1/library/alpine' }],
    ['169.254.169.254', { name: 'latest/meta-data', query: '?ns=169.254.169.254' }],
    ['[::1]:5000', { name: 'library/alpine', query: '?ns=[::1]:5000' }],
    ['docker.io:5000', { name: 'library/alpine', query: '?ns=docker.io:5000' }],
    ['evil-docker.io', { name: 'evil-docker.io/library/alpine' }],
    ['docker.io.evil.test', { name: 'library/alpine', query: '?ns=docker.io.evil.test' }],
  ])('that is not configured is refused by its name, %s, and never asked: %o', async (registry, spelling) => {
    for (const account of [world.member, world.owner]) {
      world.registry.requests.length = 0;
      world.other.requests.length = 0;
      world.hub.requests.length = 0;
      const answer = await askAs(account, spelling);
      expect(answer.status).toBe(403);
      expect(answer.reason).toContain(`${registry} is not a registry that this gate pulls from`);
      expect(JSON.parse(answer.body.toString()).errors[0].code).toBe('DENIED');
      expect([world.registry.requests, world.other.requests, world.hub.requests]).toEqual([[], [], []]);
    }
  });
});

describe('OCI-Namespace says which registry was taken', () => {
  it.each([
    ['as ns named it', `${repositories.official}/manifests/latest?ns=registry-1.docker.io`, 'registry-1.docker.io'],
    ['on a refusal too', `${repositories.community}/manifests/latest?ns=docker.io`, 'docker.io'],
    ['not at all without ns', `${repositories.official}/manifests/latest`, undefined],
  ])('%s', async (_, target, expected) => {
    expect((await world.pull(world.member, `/v2/${target}`)).headers['oci-namespace']).toBe(expected);
  });
});

describe('names may hold the words of the grammar', () => {
  it.each([
    'acme/manifests',
    'acme/blobs/app',
    'acme/tags',
    'acme/tags/list',
    'acme/referrers/manifests',
    'acme/v2/token',
  ])('%s', async (name) => {
    const image = buildImage({ files: { 'name.txt': name } });
    world.registry.add(name, image, ['manifests', 'list']);
    for (const tag of ['manifests', 'list']) {
      const answer = await world.pull(world.member, `/v2/${name}/manifests/${tag}`);
      expect(answer.headers['docker-content-digest']).toBe(image.root.digest);
    }
    const tags = await world.pull(world.member, `/v2/${name}/tags/list`);
    expect(JSON.parse(tags.body.toString())).toEqual({ name, tags: ['list', 'manifests'] });
  });

  it.each(['orgs/acme', 'users/max', 'repositories/acme', 'namespaces/acme', 'access-tokens', 'auditlogs/acme'])(
    'and those of the API: %s stays a pull, and is judged',
    async (name) => {
      expect((await world.pull(world.member, `/v2/${name}/manifests/latest`)).status).toBe(403);
    },
  );
});

const path = repositories.community;
const digest = 'sha256:'.padEnd(71, '0');

/** Targets that another reader could take for a manifest of the refused repository, or for something of the gate's host. */
const hostileTargets: readonly (readonly [description: string, target: string])[] = [
  ['an encoded slash', `/v2/somebody%2Fminer/manifests/latest`],
  ['an encoded slash around the name', `/v2/somebody/miner%2Fmanifests/latest`],
  ['a doubly encoded slash', `/v2/somebody%252Fminer/manifests/latest`],
  ['an encoded letter', `/v2/%73omebody/miner/manifests/latest`],
  ['an encoded letter in the route', `/v2/${path}/m%61nifests/latest`],
  ['an encoded letter in the tag', `/v2/${path}/manifests/%6catest`],
  ['an encoded v2', `/%762/${path}/manifests/latest`],
  ['a parent folder', `/v2/library/alpine/../../${path}/manifests/latest`],
  ['an encoded parent folder', `/v2/library/alpine/%2e%2e/%2e%2e/${path}/manifests/latest`],
  ['a parent folder in the tag', `/v2/library/alpine/manifests/../../../${path}/manifests/latest`],
  ['a tag of two dots', `/v2/library/alpine/manifests/..`],
  ['a folder itself', `/v2/./${path}/manifests/latest`],
  ['a folder itself in the name', `/v2/somebody/./miner/manifests/latest`],
  ['two slashes', `/v2//${path}/manifests/latest`],
  ['two slashes in the name', `/v2/somebody//miner/manifests/latest`],
  ['two slashes at the start', `//v2/${path}/manifests/latest`],
  ['two slashes before the tag', `/v2/${path}/manifests//latest`],
  ['a host of its own', `//registry-1.docker.io/v2/${path}/manifests/latest`],
  ['a backslash', `/v2/somebody\\miner/manifests/latest`],
  ['a backslash after two dots', `/v2/library\\..\\${path}/manifests/latest`],
  ['a path parameter', `/v2/${path};a=b/manifests/latest`],
  ['a path parameter after the tag', `/v2/${path}/manifests/latest;a=b`],
  ['a trailing slash', `/v2/${path}/manifests/latest/`],
  ['a trailing encoded slash', `/v2/${path}/manifests/latest%2f`],
  ['a trailing dot', `/v2/${path}/manifests/.latest`],
  ['no tag', `/v2/${path}/manifests/`],
  ['no route', `/v2/${path}`],
  ['no name', `/v2/manifests/latest`],
  ['a slash for a name', `/v2///manifests/latest`],
  ['another route', `/v2/${path}/layers/latest`],
  ['an address instead of a path', `http://gate.test/v2/${path}/manifests/latest`],
  ['an address of the upstream', `http://registry-1.docker.io/v2/${path}/manifests/latest`],
  ['upper case in the name', `/v2/Somebody/Miner/manifests/latest`],
  ['upper case in the host', `/v2/DOCKER.IO/${path}/manifests/latest`],
  ['upper case in the route', `/v2/${path}/MANIFESTS/latest`],
  ['upper case in v2', `/V2/${path}/manifests/latest`],
  ['a port in the path', `/v2/docker.io:443/${path}/manifests/latest`],
  ['a dot at the end of the host', `/v2/docker.io./${path}/manifests/latest`],
  ['a dot at the end of ns', `/v2/${path}/manifests/latest?ns=docker.io.`],
  ['an encoded NUL', `/v2/${path}%00/manifests/latest`],
  ['an encoded NUL in the tag', `/v2/${path}/manifests/latest%00`],
  ['an encoded line break', `/v2/${path}/manifests/latest%0d%0aX-Evil:%201`],
  ['an encoded space', `/v2/somebody/miner%20/manifests/latest`],
  ['an encoded question mark', `/v2/${path}/manifests/latest%3fns=ghcr.io`],
  ['a fragment', `/v2/${path}/manifests/latest#x`],
  ['letters beyond ASCII', `/v2/somebödy/miner/manifests/latest`],
  ['letters beyond ASCII, encoded', `/v2/someb%C3%B6dy/miner/manifests/latest`],
  ['letters that fold to ASCII', `/v2/ſomebody/miner/manifests/latest`],
  ['a wide slash', `/v2/somebody／miner/manifests/latest`],
  ['separators in a row', `/v2/somebody/mi..ner/manifests/latest`],
  ['a separator at the end', `/v2/somebody/miner-/manifests/latest`],
  ['a name of 256 characters', `/v2/${'a'.repeat(256)}/manifests/latest`],
  ['a name of 256 characters with the host', `/v2/docker.io/${'a/'.repeat(127)}aa/manifests/latest`],
  ['a tag of 129 characters', `/v2/${path}/manifests/${'a'.repeat(129)}`],
  ['a target of 2049 characters', `/v2/${path}/manifests/latest?x=`.padEnd(2049, 'x')],
  ['a target of 12 KiB', `/v2/${path}/manifests/latest?x=`.padEnd(12 * 1024, 'x')],
  ['ns twice', `/v2/${path}/manifests/latest?ns=docker.io&ns=ghcr.io`],
  ['ns twice, the same', `/v2/${path}/manifests/latest?ns=docker.io&ns=docker.io`],
  ['ns without a value', `/v2/${path}/manifests/latest?ns=`],
  ['ns with a path', `/v2/${path}/manifests/latest?ns=docker.io/library`],
  ['ns with a scheme', `/v2/${path}/manifests/latest?ns=https://docker.io`],
  ['ns with user information', `/v2/${path}/manifests/latest?ns=ghcr.io@docker.io`],
  ['ns with a line break', `/v2/${path}/manifests/latest?ns=docker.io%0d%0aX-Evil:1`],
  ['ns with a semicolon', `/v2/${path}/manifests/latest?ns=docker.io;ns=ghcr.io`],
  ['ns with port 0', `/v2/${path}/manifests/latest?ns=docker.io:0`],
  ['ns with a port above 65535', `/v2/${path}/manifests/latest?ns=docker.io:65536`],
  ['a digest in upper case', `/v2/${path}/manifests/${digest.toUpperCase()}`],
  ['a digest that is too short', `/v2/${path}/blobs/sha256:0000`],
  ['a digest of an algorithm that nobody verifies', `/v2/${path}/blobs/md5:${'0'.repeat(32)}`],
  ['a digest with two encoded colons', `/v2/${path}/blobs/sha256%3a%3a${'0'.repeat(64)}`],
  ['a tag where a digest belongs', `/v2/${path}/blobs/latest`],
];

describe('a target that could be read in two ways is refused before anybody is asked', () => {
  let bearer: string;
  beforeAll(async () => {
    bearer = await world.token(world.owner, path, 'library/alpine');
  });
  beforeEach(() => {
    world.registry.requests.length = 0;
    world.other.requests.length = 0;
    world.hub.requests.length = 0;
  });

  /** As the owner, who may pull everything: a verdict must not hide what the parser let through. */
  async function send(target: string, host = 'gate.test'): Promise<string> {
    const head = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${bearer}\r\nConnection: close\r\n\r\n`;
    return (await world.converse(Buffer.from(head, 'utf8'))).toString('latin1');
  }

  function expectNothing(answer: string): void {
    expect(answer).toMatch(/^HTTP\/1\.1 (?:400|403|404) /);
    expect(answer).not.toMatch(/schemaVersion|docker-content-digest|^x-evil/im);
    expect(world.registry.requests).toEqual([]);
    expect(world.other.requests).toEqual([]);
  }

  it.each(hostileTargets)('%s: %s', async (_, target) => {
    expectNothing(await send(target));
  });

  it.each([
    ['NUL', '\0'],
    ['a space', ' '],
    ['a tab', '\t'],
    ['a line feed', '\n'],
    ['DEL', '\x7f'],
  ])('%s as it is, which is no HTTP', async (_, character) => {
    for (const target of [`/v2/${path}${character}/manifests/latest`, `/v2/${path}/manifests/la${character}test`]) {
      const answer = await send(target);
      if (answer !== '') expectNothing(answer);
    }
    expect(world.registry.requests).toEqual([]);
  });

  it('a target beyond what HTTP heads may hold', async () => {
    expect(await send(`/v2/${path}/manifests/latest?x=`.padEnd(20 * 1024, 'x'))).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each([
    ['ns against the host', `/v2/org/app/manifests/latest?ns=ghcr.io`, 'hub.gate.test'],
    ['ns against the other host', `/v2/${path}/manifests/latest?ns=docker.io`, 'ghcr.gate.test:5050'],
  ])('%s', async (_, target, host) => {
    const answer = await send(target, host);
    expectNothing(answer);
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*stands for/);
  });

  /** What the pieces of a target may be replaced by. */
  const pieces = [
    '/',
    '//',
    '%2F',
    '%2e',
    '..',
    '.',
    '\\',
    ';',
    ':',
    '%',
    '%00',
    '?',
    '&',
    '#',
    '@',
    'ü',
    'A',
    '~',
    '_',
  ];
  const words = [
    'v2',
    'manifests',
    'blobs',
    'tags',
    'list',
    'latest',
    'library',
    'alpine',
    'docker.io',
    'ghcr.io',
    '_catalog',
  ];
  const mutation = fc.record({
    at: fc.nat({ max: 60 }),
    remove: fc.nat({ max: 3 }),
    insert: fc.oneof(
      fc.constantFrom(...pieces),
      fc.constantFrom(...words),
      fc.constantFrom('?ns=ghcr.io', '&ns=docker.io'),
    ),
  });

  it('whatever is done to the target of a refused image: it is not served, and nothing breaks', async () => {
    const members = await world.token(world.member, path);
    const image = world.images[path];
    const secrets = [
      image?.root.digest,
      ...(image?.manifests.map(({ digest: child }) => child) ?? []),
      'schemaVersion',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
        const target = mutations.reduce(
          (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
          `/v2/${path}/manifests/latest`,
        );
        const head = `GET ${target} HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer ${members}\r\nConnection: close\r\n\r\n`;
        const answer = (await world.converse(Buffer.from(head, 'utf8'))).toString('latin1');
        expect(answer).toMatch(/^HTTP\/1\.1 (?:200|400|401|403|404|405) /);
        // The only thing to be had is the greeting of /v2/.
        if (answer.startsWith('HTTP/1.1 200')) expect(answer).toMatch(/\r\n\r\n\{\}$/);
        for (const secret of secrets) expect(answer).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
    expect(world.registry.requests.filter(({ url }) => url.includes(path))).toEqual([]);
  });
});
