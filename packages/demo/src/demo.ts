import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Configuration, loadConfiguration, openInstallation, startGate } from '@pullgate/server';
import { startSmallHub, startSmallRegistry } from '@pullgate/small-registry';
import { demoImages, demoNamespaces, fillRegistry } from './images.ts';
import type { DemoFacts } from './report.ts';
import type { Demo } from './run.ts';

const organization = 'acme';
const people = [
  { username: 'olivia', role: 'owner' },
  { username: 'max', role: 'member' },
] as const;
const actor = { kind: 'system', name: 'demo' } as const;

/** The real gate, with a registry and a hub of its own behind it, in a folder that goes when it ends. */
export async function startDemo(port: number): Promise<Demo> {
  const closing = new AsyncDisposableStack();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'pullgate-demo-'));
    closing.defer(() => rm(folder, { recursive: true, force: true }));
    const registry = await startSmallRegistry({});
    closing.defer(() => registry.close());
    fillRegistry(registry);
    const hub = await startSmallHub({ namespaces: demoNamespaces });
    closing.defer(() => hub.close());

    const configuration = await configure(folder, port, registry.url, hub.url);
    const password = randomBytes(9).toString('base64url');
    const accounts = await createAccounts(configuration, password);
    const gate = await startGate(configuration);
    closing.defer(() => gate.close());
    return { facts: factsOf(gate.url, accounts, password), close: () => closing.disposeAsync() };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

async function configure(folder: string, port: number, registry: string, hub: string): Promise<Configuration> {
  const file = join(folder, 'pullgate.yaml');
  const settings = {
    listen: { port },
    data: 'data',
    log: { level: 'warn' },
    hub: { url: hub },
    upstreams: { 'docker.io': { url: registry, allow_http: true, allow_private_addresses: true } },
  };
  // JSON is YAML.
  await writeFile(file, JSON.stringify(settings));
  return loadConfiguration({ file, env: {}, cwd: folder });
}

async function createAccounts(configuration: Configuration, password: string): Promise<DemoFacts['accounts']> {
  const installation = await openInstallation(configuration);
  try {
    const {
      organizations,
      namespaces,
      policies,
      people: persons,
      members,
      personalTokens,
    } = installation.administration;
    await organizations.create({ name: organization }, actor);
    await namespaces.claim(organization, { registry: 'docker.io', namespace: organization }, actor);
    const { policy, version } = await policies.current(organization);
    await policies.set(organization, { policy: { ...policy, enabled: true }, expectedVersion: version }, actor);
    const accounts: { username: string; role: 'owner' | 'member'; pat: string }[] = [];
    for (const { username, role } of people) {
      await persons.create({ username }, actor);
      await members.add(organization, { username, role }, actor);
      await installation.setPassword(username, password, actor);
      const { secret } = await personalTokens.create(username, { label: 'demo', scopes: ['repo:read'] }, actor);
      accounts.push({ username, role, pat: secret });
    }
    return accounts;
  } finally {
    await installation.close();
  }
}

function factsOf(url: string, accounts: DemoFacts['accounts'], password: string): DemoFacts {
  const { host } = new URL(url);
  const images = demoImages.map(({ repository, category }) => ({
    reference: `${host}/${repository}:latest`,
    category,
  }));
  return { url, org: organization, accounts, password, images };
}
