import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, createClient } from '@pullgate/contract';
import type { Browser, Page } from 'playwright-core';
import { type HubWorld, type HubWorldOptions, openHubWorld, type Person } from '../../server/test/hub-api/hub-world.ts';
import { type Look, launchChromium, newPage, type Session } from './browser.ts';
import { dockerPull, type Login } from './docker-pull.ts';
import { recordHistory } from './history.ts';

export type Role = 'owner' | 'editor' | 'member';

/**
 * A gate with the built console, and a browser. Organization `acme` has Image Access on, the members olivia, erik and
 * max, teams, tokens, a week of pulls, and the activity that all this leaves behind.
 */
export interface ConsoleWorld {
  /** Where the gate is, without a slash at the end. */
  readonly url: string;
  readonly org: 'acme';
  /** Olivia, erik and max, with their passwords. */
  readonly people: Readonly<Record<Role, Person>>;
  /** What is behind the console: the gate, its log, registry, Docker Hub, mail, and ways to ask and to pull. */
  readonly hub: HubWorld;
  /** Of max, as `docker login` takes it. */
  readonly token: Login;
  /** A page of somebody who is signed in; closed after the test that asks for it. It shows nothing yet. */
  as(role: Role, look?: Look): Promise<Page>;
  /** A page of nobody, in which a test can sign in. */
  asNobody(look?: Look): Promise<Page>;
  /** The API, asked as somebody. */
  api(role: Role): Client;
  close(): Promise<void>;
}

const day = 86_400_000;
/** Pulls that were recorded before the tests, over the last week. */
export const pastPulls = 240;

/** @param options of the gate: `mail` gives it a mail server */
export async function openConsole(options: HubWorldOptions = {}): Promise<ConsoleWorld> {
  const closing = new AsyncDisposableStack();
  try {
    requireBuild();
    const browser = await launchChromium();
    closing.defer(() => browser.close());
    const hub = await openHubWorld({ tls: false, ...options });
    closing.defer(hub.close);
    const people: Readonly<Record<Role, Person>> = {
      owner: hub.olivia,
      editor: await hub.addPerson('erik', 'acme', 'editor'),
      member: await hub.addPerson('max'),
    };
    const token = await furnish(hub, people);
    const { url } = hub.gate;
    const sessionOf = createSessions(browser, url);
    return {
      url,
      org: 'acme',
      people,
      hub,
      token,
      as: async (role, look) => newPage(browser, url, look, await sessionOf(people[role])),
      asNobody: (look) => newPage(browser, url, look),
      api: (role) => createClient({ baseUrl: url, token: people[role].bearer }),
      close: () => closing.disposeAsync(),
    };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

function requireBuild(): void {
  const manifest = join(import.meta.dirname, '..', 'dist', '.vite', 'manifest.json');
  if (!existsSync(manifest)) throw new Error('The console was not built. Run "npm run build".');
}

/** What an organization that is in use has. */
async function furnish(hub: HubWorld, { owner, member }: Readonly<Record<Role, Person>>) {
  const api = createClient({ baseUrl: hub.gate.url, token: owner.bearer });
  const params = { org: 'acme' };
  await api.updateImageAccess({
    params,
    body: {
      enabled: true,
      allowlist: { enabled: true, repositories: ['docker.io/bitnami/redis', 'ghcr.io/acme/tools'] },
    },
  });
  for (const [name, description, ...members] of teams) {
    await api.createGroup({ params, body: { name, description } });
    for (const username of members) {
      await api.addGroupMember({ params: { ...params, team: name }, body: { member: username } });
    }
  }
  await api.inviteMembers({ body: { org: 'acme', invitees: ['nina@acme.example'], role: 'member' } });
  await hub.addOrganizationToken(owner, 'acme', 'scope-member-read');
  await hub.addPersonalToken(owner, 'repo:read');
  const { secret } = await hub.addPersonalToken(member, 'repo:read');
  const token = { username: member.username, secret };
  const to = Date.now() - 60_000;
  await recordHistory(hub.configuration, { organization: 'acme', count: pastPulls, from: to - 6 * day, to });
  for (const repository of ['library/alpine', 'somebody/miner']) {
    await dockerPull(hub, token, repository);
  }
  return token;
}

const teams = [
  ['platform', 'Runs the clusters', 'olivia', 'erik'],
  ['frontend', 'Builds the shop', 'max'],
] as const;

function createSessions(browser: Browser, url: string) {
  const sessions = new Map<string, Promise<Session>>();

  /** Once for each person, whose password is slow to check on purpose. */
  return ({ username, password }: Person): Promise<Session> => {
    const session = sessions.get(username) ?? signIn(browser, url, username, password);
    sessions.set(username, session);
    return session;
  };
}

async function signIn(browser: Browser, url: string, username: string, password: string): Promise<Session> {
  const context = await browser.newContext();
  try {
    const answer = await context.request.post(`${url}/api/auth/sign-in/username`, {
      headers: { origin: url },
      data: { username, password },
    });
    if (!answer.ok()) throw new Error(`${username} could not sign in: ${answer.status()} ${await answer.text()}`);
    return await context.storageState();
  } finally {
    await context.close();
  }
}
