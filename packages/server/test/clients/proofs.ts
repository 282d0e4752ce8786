import process from 'node:process';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PullRecord } from '../../src/pulls/pull-record.ts';
import { type ClientKind, expectedContent } from './client.ts';
import { repositories } from './docker-hub.ts';
import type { Account } from './installation.ts';
import { isInstalled, type Outcome } from './run.ts';
import { startWorld, type World } from './world.ts';

const { organization, official, verifiedPublisher, community } = repositories;

/** The gate's sentence, up to its link. */
const refusedAsCommunity =
  'docker.io/somebody/miner is a Community image and acme allows only Official and Verified Publisher images.';

/** A running gate takes a change within a second; the machine that runs the tests may be busy. */
const noticed = { timeout: 30_000, interval: 250 };

/** What every container client must show. The order matters at the end only: the registry goes away there. */
export function proveClient(kind: ClientKind): void {
  const missing = [...kind.programs, 'docker-registry', 'skopeo'].filter((program) => !isInstalled(program));
  const obstacle = missing.length > 0 ? `not installed: ${missing.join(', ')}` : rootMissing();
  if (obstacle !== undefined && !process.env['CI']) {
    describe.skip(`${kind.name} through the gate`, () => it(`is not tried here (${obstacle})`, () => {}));
    return;
  }

  describe(`${kind.name} through the gate`, () => {
    let starting: Promise<World> | undefined;
    let world: World;
    beforeAll(async () => {
      if (obstacle !== undefined) throw new Error(`${kind.name} cannot be tried: ${obstacle}.`);
      starting = startWorld(kind);
      world = await starting;
      await signIn(world, world.gate.owner);
      await signIn(world, world.gate.member);
    });
    // A start that took too long is waited for, or its processes would stay.
    afterAll(async () => (await starting)?.stop());
    beforeEach(({ onTestFailed }) => {
      onTestFailed(() => console.error(world.log()));
    });
    proveSignIn(kind, () => world);
    provePulls(kind, () => world);
    proveChanges(kind, () => world);
    proveRecords(kind, () => world);
    proveCache(kind, () => world);
  });
}

/** The engines need root, for storage and namespaces. */
function rootMissing(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'not run by root';
}

function proveSignIn({ wrongToken }: ClientKind, world: () => World): void {
  it('takes a user name and a personal access token', async () => {
    const { client, gate, tagged } = world();
    expectSuccess(await (client.login?.(gate.host, gate.member) ?? client.pull(tagged(official), gate.member)));
  });

  it('turns a wrong token away', async () => {
    const { client, gate, tagged } = world();
    const stranger = { username: 'bob', token: 'not-a-token' };
    const outcome = await (client.login?.(gate.host, stranger) ?? client.pull(tagged(official), stranger));
    expectFailure(outcome, wrongToken);
  });

  it('tells who is not signed in how to sign in', async () => {
    const { client, gate, tagged } = world();
    expectFailure(
      await client.pull(tagged(official), undefined),
      `Sign in to pull docker.io/library/hello-world: docker login ${gate.host} with your user name and a personal access token as password.`,
    );
  });
}

function provePulls({ layers, takesPlaceOfDockerHub }: ClientKind, world: () => World): void {
  it.each([
    ['an image of the organization', organization],
    ['an official image', official],
    ['an image of a verified publisher', verifiedPublisher],
  ])('pulls %s, byte for byte', async (_, path) => {
    const { client, gate, dockerHub, tagged } = world();
    expectSuccess(await client.pull(tagged(path), gate.member));
    expect(await client.contentOf(tagged(path))).toEqual(expectedContent(dockerHub.images[path], layers));
  });

  it('pulls an allowed image by its digest, byte for byte', async () => {
    const { client, gate, dockerHub, pinned } = world();
    await client.clear();
    expectSuccess(await client.pull(pinned(verifiedPublisher), gate.member));
    const image = dockerHub.images[verifiedPublisher];
    expect(await client.contentOf(pinned(verifiedPublisher))).toEqual(expectedContent(image, layers));
  });

  it('refuses a community image, and says why, who decided and where to read more', async () => {
    const { client, gate, tagged } = world();
    const outcome = await client.pull(tagged(community), gate.member);
    expectFailure(outcome, `${refusedAsCommunity} See ${gate.url}/d/`);
    // What the classic engine makes of a refusal that it is told too late.
    expect(outcome.output).not.toContain('may require');
  });

  it('refuses a community image by its digest', async () => {
    const { client, gate, pinned } = world();
    expectFailure(await client.pull(pinned(community), gate.member), refusedAsCommunity);
  });

  it('lets an owner pull what members may not', async () => {
    const { client, gate, tagged } = world();
    expectSuccess(await client.pull(tagged(community), gate.owner));
  });

  if (!takesPlaceOfDockerHub) return;
  it('takes the place of Docker Hub for names without the gate in them', async () => {
    const { client, gate } = world();
    expectSuccess(await client.pull('docker.io/library/hello-world:latest', gate.member));
    expectFailure(await client.pull('docker.io/somebody/miner:latest', gate.member), refusedAsCommunity);
  });
}

function proveChanges({ family }: ClientKind, world: () => World): void {
  it('follows a change of the policy by the API from the very next pull on, and all of it is told', async () => {
    const { client, gate, tagged } = world();
    const pull = () => client.pull(tagged(community), gate.member);
    const change = (allow_community_images: boolean) =>
      gate.ask<{ version: number }>('PATCH', '/v2/orgs/acme/image-access', { allow_community_images });

    expectFailure(await pull(), refusedAsCommunity);
    const { version: opened } = await change(true);
    expectSuccess(await pull());
    const { version: closed } = await change(false);
    const refused = await pull();
    expectFailure(refused, refusedAsCommunity);

    const activity = '/v2/orgs/acme/activity?action=image_access.update';
    const told = await gate.ask<{ results: Record<string, unknown>[] }>('GET', activity);
    expect(told.results.slice(0, 2)).toMatchObject([
      { actor: { name: 'alice' }, before: { community: true }, after: { community: false, version: closed } },
      { actor: { name: 'alice' }, before: { community: false }, after: { community: true, version: opened } },
    ]);
    await vi.waitFor(async () => {
      const path = '/v2/orgs/acme/pulls?person=bob&image=somebody/miner';
      const { results } = await gate.ask<{ results: Record<string, unknown>[] }>('GET', path);
      const [last] = results;
      const id = linkedDecision(refused.output);
      expect(last).toMatchObject({ id, verdict: 'deny', policy_version: closed, client: family });
      expect(results.find(({ verdict }) => verdict === 'allow')).toMatchObject({ policy_version: opened });
    }, noticed);
  });

  it('refuses a token from the pull after it was revoked', async () => {
    const { client, gate, tagged } = world();
    const { id, ...account } = await gate.createToken('bob');
    await signIn(world(), account);
    await vi.waitFor(async () => expectSuccess(await client.pull(tagged(official), account)), noticed);
    await gate.revokeToken('bob', id);
    // Who signed in with an identity token, as the classic engine does, is told of the sign-in.
    const revoked = /This access token is unknown or was revoked\.|This sign-in is not valid any more:/;
    await vi.waitFor(async () => expectFailure(await client.pull(tagged(official), account), revoked), noticed);
    await signIn(world(), gate.member);
  });
}

function proveRecords({ family }: ClientKind, world: () => World): void {
  it('leaves a record of each decision, which the link of a refusal names', async () => {
    const { client, gate, tagged } = world();
    expectSuccess(await client.pull(tagged(official), gate.member));
    const { output } = await client.pull(tagged(community), gate.member);
    const common = { person: 'bob', client: family, address: '127.0.0.1', rule: 'category' } as const;
    const wanted: readonly Partial<PullRecord>[] = [
      { ...common, verdict: 'allow', repository: 'docker.io/library/hello-world', tag: 'latest', category: 'official' },
      {
        ...common,
        verdict: 'deny',
        repository: 'docker.io/somebody/miner',
        category: 'community',
        id: linkedDecision(output),
      },
    ];
    await vi.waitFor(async () => {
      const records = await gate.pulls();
      for (const record of wanted) expect(records).toContainEqual(expect.objectContaining(record));
    }, noticed);
  });
}

function linkedDecision(output: string): string {
  const id = /\/d\/(?<id>\w+)/.exec(output)?.groups?.['id'];
  if (id === undefined) throw new Error(`There is no link in: ${output}`);
  return id;
}

function proveCache({ layers, family }: ClientKind, world: () => World): void {
  it('pulls what was pulled before while the registry is down, and refuses as ever', async () => {
    const { client, gate, dockerHub, tagged } = world();
    await client.clear();
    await dockerHub.stopRegistry();
    expectSuccess(await client.pull(tagged(official), gate.member));
    const content = await client.contentOf(tagged(official));
    expect(content).toEqual(expectedContent(dockerHub.images[official], layers));
    expectFailure(await client.pull(tagged(community), gate.member), refusedAsCommunity);
    const stale = { client: family, verdict: 'allow', repository: 'docker.io/library/hello-world', stale: true };
    await vi.waitFor(async () => expect(await gate.pulls()).toContainEqual(expect.objectContaining(stale)), noticed);
  });
}

/** As soon as the running gate knows the account. */
async function signIn({ client, gate }: World, account: Account): Promise<void> {
  const { login } = client;
  if (login === undefined) return;
  await vi.waitFor(async () => expectSuccess(await login(gate.host, account)), noticed);
}

function expectSuccess({ status, output }: Outcome): void {
  expect(status, output).toBe(0);
}

/** A status of its own, not the end of a client that hung. */
function expectFailure({ status, output }: Outcome, text: string | RegExp): void {
  expect(output).toMatch(text);
  expect(status, output).toBeGreaterThan(0);
}
