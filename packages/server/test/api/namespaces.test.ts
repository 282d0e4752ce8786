import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contributor, type HubWorld, openHubWorld, pusher, startTimeout } from '../hub-api/hub-world.ts';

let hub: HubWorld;
beforeAll(async () => {
  hub = await openHubWorld();
}, startTimeout);
afterAll(() => hub.close());

const path = '/v2/orgs/acme/namespaces';

const claim = (proof: { repository: string; username: string; password: string }) =>
  hub.as(hub.olivia, 'POST', path, { registry: 'ghcr.io', namespace: 'northwind', proof });

const claimed = async () =>
  (await hub.must<{ results: { registry: string; namespace: string }[] }>(hub.olivia, 'GET', path)).results.map(
    ({ registry, namespace }) => `${registry}/${namespace}`,
  );

describe('claiming a namespace', () => {
  it('is not for who was let into one repository of somebody else', async () => {
    const { repository, username, password } = contributor;
    const answer = await claim({ repository, username, password });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('not to a new repository of northwind');
    expect(answer.text).toContain('ask who administers this installation');
    expect(await claimed()).toEqual(['docker.io/acme']);
  });

  it('is not for who may not push there at all', async () => {
    const { username, password } = contributor;
    const answer = await claim({ repository: 'northwind/other', username, password });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('does not let this credential push to northwind/other');
    expect(await claimed()).toEqual(['docker.io/acme']);
  });

  it('is for who may create repositories there', async () => {
    expect((await claim({ repository: 'northwind/charts', ...pusher })).status).toBe(201);
    expect(await claimed()).toEqual(['docker.io/acme', 'ghcr.io/northwind']);
  });
});
