import { describe, expect, it } from 'vitest';
import { proveDomain } from './prove-domain.ts';
import { openSignInWorld, system } from './sign-in-world.ts';

// Docker Hub has names for all of this, and scripts filter by them.

describe('the activity has the names of Docker Hub', () => {
  it('for e-mail domains', async () => {
    const { domains, records, activity } = await openSignInWorld();
    const { record } = await domains.add('acme', 'acme.example', system);
    records.set(record.name, [record.value]);
    await domains.verify('acme', 'acme.example', system);
    await domains.remove('acme', 'acme.example', system);
    expect(actionsOf(await activity()).slice(-3)).toEqual([
      'org.domain.create',
      'org.domain.verify',
      'org.domain.delete',
    ]);
  });

  it('for single sign-on connections, and for what is switched in them', async () => {
    const { stores, connections, activity } = await openSignInWorld();
    await proveDomain(stores, 'acme', 'acme.example', system);
    const { id } = await connections.create(
      'acme',
      {
        name: 'Acme login',
        domains: ['acme.example'],
        enforced: false,
        createMembers: true,
        defaultRole: 'member',
        groupsClaim: 'groups',
        groupMappings: [],
        saml: {
          entityId: 'https://idp.example',
          entryPoint: 'https://idp.example/sso',
          certificate: (await import('@pullgate/small-registry')).selfSignedCertificate().cert,
        },
      },
      system,
    );
    await connections.update('acme', id, { name: 'Login' }, system);
    await connections.update('acme', id, { enforced: true, createMembers: false }, system);
    await connections.createScimToken('acme', id, system);
    await connections.createScimToken('acme', id, system);
    await connections.deleteScimToken('acme', id, system);
    await connections.delete('acme', id, system);
    const rows = (await activity()).filter(({ action }) => action.startsWith('enterprise.'));
    expect(actionsOf(rows)).toEqual([
      'enterprise.sso.connection.create',
      'enterprise.sso.connection.update',
      'enterprise.sso.connection.update',
      'enterprise.sso.connection.enforcement_toggle',
      'enterprise.sso.connection.jit_toggle',
      'enterprise.sso.connection.scim_toggle',
      'enterprise.sso.connection.scim_token_refresh',
      'enterprise.sso.connection.scim_toggle',
      'enterprise.sso.connection.delete',
    ]);
    expect(rows.find(({ action }) => action.endsWith('.enforcement_toggle'))).toMatchObject({
      subject: 'Login',
      before: { enforced: false },
      after: { enforced: true },
    });
    const [off, on] = rows.filter(({ action }) => action.endsWith('.scim_toggle'));
    expect([on, off]).toMatchObject([{ after: { scim: true } }, { after: { scim: false } }]);
  });
});

/** Oldest first. */
function actionsOf(rows: readonly { readonly action: string }[]): readonly string[] {
  return rows.map(({ action }) => action).toReversed();
}
