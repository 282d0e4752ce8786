import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { onTestFinished } from 'vitest';
import type { Directory } from '../../src/access/directory.ts';
import { openLiveDirectory } from '../../src/access/live-directory.ts';
import { type Administration, createAdministration } from '../../src/administration.ts';
import { openStores, type Stores } from '../../src/database/stores.ts';
import type { Activity } from '../../src/index.ts';
import { openLog } from '../../src/observe/log.ts';
import type { LibraryDatabase } from '../../src/sign-in/library-records.ts';
import { limitMail } from '../../src/sign-in/limited-mail.ts';
import { openSignIn, type SignIn } from '../../src/sign-in/open-sign-in.ts';
import { createIdentityProviderFetch } from '../../src/upstream/identity-provider-fetch.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { Browser } from './browser.ts';

export const system = { kind: 'system', name: 'test' } as const;
export const password = 'correct horse battery staple';
export const remote = { address: '192.0.2.7', userAgent: 'test' } as const;

export interface Letter {
  readonly to: string;
  readonly link: string;
}

/**
 * The part of the gate that people sign in with, on loopback: `alice` owns `acme`, `bob` is a member; both have the same
 * password.
 */
export interface SignInWorld extends Omit<SignIn, 'browser'> {
  readonly url: string;
  readonly stores: Stores;
  readonly administration: Administration;
  /** Letters that were sent. */
  readonly letters: Letter[];
  /** DNS records by name. */
  readonly records: Map<string, string[]>;
  /** Everything that was logged. */
  log(): string;
  /** Goes on by so many milliseconds. */
  pass(milliseconds: number): void;
  /** Who is who, as the gate knows it now. */
  directory(): Promise<Directory>;
  browser(): Browser;
  /** Newest first. */
  activity(): Promise<readonly Activity[]>;
}

export interface SignInWorldOptions {
  readonly isEmpty?: true;
  readonly url?: string;
}

export async function openSignInWorld({ isEmpty, url: told }: SignInWorldOptions = {}): Promise<SignInWorld> {
  const { database } = await openTestDatabase();
  let passed = 0;
  const now = () => Date.now() + passed;
  const stores = openStores(database, now);
  const directory = await openLiveDirectory(stores.directory, (error) => {
    throw error;
  });
  onTestFinished(() => directory.close());
  const inForce: Stores = {
    ...stores,
    async change(actor, work) {
      const result = await stores.change(actor, work);
      await directory.reload();
      return result;
    },
  };
  const administration = createAdministration(inForce, now);
  const letters: Letter[] = [];
  const records = new Map<string, string[]>();
  const lines = new PassThrough();
  let logged = '';
  lines.on('data', (chunk) => {
    logged += chunk;
  });
  const providers = createIdentityProviderFetch({ allowPrivateAddresses: true, allowHttp: true });
  onTestFinished(() => providers.close());

  let listener = (_request: IncomingMessage, response: ServerResponse): unknown => response.end();
  const server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const url = told ?? origin;
  const signIn = openSignIn({
    stores: inForce,
    administration,
    directory,
    database: database as unknown as LibraryDatabase,
    key: new Uint8Array(32).fill(7),
    passwordCost: { memory: 1024, passes: 1 },
    url,
    consoleUrl: `${url}/console`,
    mail: limitMail(
      {
        invitation: async ({ to, link }) => void letters.push({ to, link }),
        passwordReset: async ({ to, link }) => void letters.push({ to, link }),
      },
      now,
    ),
    fetch: providers.fetch,
    resolveTxt: async (name) => records.get(name) ?? [],
    log: openLog('debug', lines),
    now,
  });
  onTestFinished(() => signIn.close());
  listener = getRequestListener(
    async (request) => {
      const address = request.headers.get('x-test-address') ?? '192.0.2.1';
      const from = { address, userAgent: request.headers.get('user-agent') ?? '' };
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/api/auth/')) return signIn.browser(request, from);
      if (pathname.startsWith('/v2/scim/')) return signIn.scim.answer(request, from);
      const session = await signIn.authentication.sessionOf(request);
      return Response.json(session === 'cross-site' ? 'cross-site' : (session?.username ?? null));
    },
    { overrideGlobalObjects: false },
  );
  if (!isEmpty) await settle(administration, signIn);
  return {
    ...signIn,
    url,
    stores: inForce,
    administration,
    letters,
    records,
    log: () => logged,
    pass: (milliseconds) => {
      passed += milliseconds;
    },
    directory: async () => directory.current,
    browser: () => new Browser(origin, url),
    activity: async () => (await administration.activity.list({ limit: 100 })) as readonly Activity[],
  };
}

async function settle({ organizations, people, members }: Administration, { authentication }: SignIn): Promise<void> {
  await organizations.create({ name: 'acme' }, system);
  for (const [username, role] of [
    ['alice', 'owner'],
    ['bob', 'member'],
  ] as const) {
    const { id } = await people.create({ username, email: `${username}@acme.example` }, system);
    await members.add('acme', { username, role }, system);
    await authentication.setFirstPassword(id, password, remote);
  }
}
