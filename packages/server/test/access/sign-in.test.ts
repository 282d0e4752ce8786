import { describe, expect, it } from 'vitest';
import { buildDirectory, type DirectoryRows } from '../../src/access/build-directory.ts';
import { anonymousSubject, createIdentify } from '../../src/access/caller.ts';
import { createSignIn } from '../../src/access/sign-in.ts';
import { hashToken, newToken } from '../../src/tokens/secret.ts';
import { directoryRows } from './directory-rows.ts';

const now = 4_000;
const secret = newToken('personal');
const organizationSecret = newToken('organization');
const [personal, organizational] = [directoryRows().personalTokens[0]!, directoryRows().organizationTokens[0]!];

type Row = Partial<DirectoryRows['personalTokens'][number]>;

function directoryWith(row: Row = {}, rows: Partial<DirectoryRows> = {}) {
  const current = buildDirectory(
    directoryRows({
      personalTokens: [{ ...personal, secretHash: hashToken(secret), ...row }],
      organizationTokens: [{ ...organizational, secretHash: hashToken(organizationSecret) }],
      ...rows,
    }),
  );
  return { current, catchUp: async () => {} };
}

describe('signing in', () => {
  const signIn = (username: string, password: string, row?: Row, rows?: Partial<DirectoryRows>) =>
    createSignIn(directoryWith(row, rows), () => now)(username, password);

  it.each([
    ['a person with a token', 'alice', secret, 'pat'],
    ['a person in capitals', 'ALICE', secret, 'pat'],
    ['an organization with a token', 'acme', organizationSecret, 'oat'],
  ])('works for %s', async (_, username, password, id) => {
    expect(await signIn(username, password)).toMatchObject({ id });
  });

  it('works until the very moment of expiry, and not at it', async () => {
    expect(await signIn('alice', secret, { expiresAt: now + 1 })).toMatchObject({ id: 'pat' });
    expect(await signIn('alice', secret, { expiresAt: now })).toEqual({ refused: expect.stringMatching(/expired/) });
  });

  const inactive = { people: [{ id: 'alice-id', username: 'alice', isActive: false, isAdministrator: false }] };
  it.each<[string, string, string, Row, Partial<DirectoryRows>, RegExp]>([
    ['something else', 'alice', 'hunter2', {}, {}, /no access token of this gate/],
    ['nothing', 'alice', '', {}, {}, /no access token of this gate/],
    ['a typo', 'alice', `${secret.slice(0, -1)}!`, {}, {}, /no access token of this gate/],
    ['a token with a space', 'alice', `${secret} `, {}, {}, /no access token of this gate/],
    ['the hash of a token', 'alice', hashToken(secret), {}, {}, /no access token of this gate/],
    ['an unknown token', 'alice', newToken('personal'), {}, {}, /unknown or was revoked/],
    ['another name', 'bob', secret, {}, {}, /belongs to another user name/],
    ['no name', '', secret, {}, {}, /belongs to another user name/],
    [
      'the organization’s token under a person’s name',
      'alice',
      organizationSecret,
      {},
      {},
      /belongs to another user name/,
    ],
    ['a person’s token under the organization’s name', 'acme', secret, {}, {}, /belongs to another user name/],
    ['an inactive token', 'alice', secret, { isActive: false }, {}, /switched off/],
    ['an inactive person', 'alice', secret, {}, inactive, /switched off/],
    ['an expired token', 'alice', secret, { expiresAt: 1 }, {}, /expired/],
  ])('is refused with %s', async (_, username, password, row, rows, sentence) => {
    expect(await signIn(username, password, row, rows)).toEqual({ refused: expect.stringMatching(sentence) });
  });
});

describe('what another process has just written', () => {
  function behind() {
    const directory = {
      current: buildDirectory(directoryRows({ personalTokens: [] })),
      async catchUp() {
        directory.current = directoryWith().current;
      },
    };
    return directory;
  }

  it('counts for a sign-in', async () => {
    const signIn = createSignIn(behind(), () => now);
    expect(await signIn('alice', secret)).toMatchObject({ id: 'pat' });
    expect(await signIn('bob', secret)).toEqual({ refused: expect.stringMatching(/another user name/) });
  });

  it('counts for a registry token', async () => {
    const verify = async () => ({ subject: 'pat', scope: new Set<string>(), expiresAt: 0 });
    expect(await createIdentify({ verify }, behind(), () => now)('token')).toMatchObject({ credential: { id: 'pat' } });
  });

  it('is not looked for on behalf of what is no token', async () => {
    let looks = 0;
    const directory = { ...directoryWith(), catchUp: async () => void looks++ };
    await createSignIn(directory, () => now)('alice', 'hunter2');
    await createSignIn(directory, () => now)('alice', secret);
    expect(looks).toBe(0);
  });
});

describe('a registry token', () => {
  const scope = new Set(['library/alpine']);
  const identify = (subject: string | undefined, row?: Row, rows?: Partial<DirectoryRows>) => {
    const verify = async () => (subject === undefined ? undefined : { subject, scope, expiresAt: 0 });
    return createIdentify({ verify }, directoryWith(row, rows), () => now)('token');
  };

  it('names a credential, which is looked up', async () => {
    expect(await identify('pat')).toMatchObject({ credential: { id: 'pat' }, principal: { username: 'alice' }, scope });
    expect(await identify('oat')).toMatchObject({
      credential: { id: 'oat' },
      principal: { kind: 'organization-token' },
    });
  });

  it('may name nobody', async () => {
    expect(await identify(anonymousSubject)).toEqual({
      principal: { kind: 'anonymous' },
      credential: undefined,
      scope,
    });
  });

  it.each<[string, string | undefined, Row, Partial<DirectoryRows>]>([
    ['is not valid', undefined, {}, {}],
    ['names a credential that is gone', 'gone', {}, {}],
    ['names a person instead', 'alice', {}, {}],
    ['names an inactive one', 'pat', { isActive: false }, {}],
    [
      'names one of an inactive person',
      'pat',
      {},
      { people: [{ id: 'alice-id', username: 'alice', isActive: false, isAdministrator: false }] },
    ],
    ['names one of a person that is gone', 'pat', {}, { people: [] }],
    ['names an expired one', 'pat', { expiresAt: now }, {}],
  ])('opens nothing when it %s', async (_, subject, row, rows) => {
    expect(await identify(subject, row, rows)).toBeUndefined();
  });
});
