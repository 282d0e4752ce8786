import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from './browser.ts';
import { type ConsoleWorld, openConsole } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

const params = { org: 'acme' };

/** Id of the newest decision about an image. */
async function decisionAbout(image: string): Promise<string> {
  const { results } = await world.api('owner').listPulls({ params, query: { image, limit: 1 } });
  return results[0]?.id ?? '';
}

describe('the link in a refusal', () => {
  it('tells who was refused what, why, what is allowed, and whom to ask', async () => {
    const refused = await world.hub.pull(
      await world.hub.registryToken(world.token, 'library/alpine'),
      'somebody/miner',
    );
    const link = /\/d\/\w+/.exec(refused.text)?.[0] ?? '';
    const page = await world.as('member');
    await page.goto(link);
    await page.getByRole('heading', { level: 1, name: 'A refused pull' }).waitFor();
    expect(page.url()).toContain('/console/decisions/');
    const text = await page.getByRole('main').textContent();
    expect(text).toContain('docker.io/somebody/miner:latest');
    expect(text).toContain('It is a Community image, and acme does not allow images of this type.');
    expect(text).toContain('acme allows images of these types: Organization, Official, Verified Publisher.');
    expect(text).toContain('Owners of acme decide: olivia.');
    await page.getByRole('button', { name: 'Copy the message to an owner' }).click();
    const message = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(message).toContain('Please allow docker.io/somebody/miner in the image access of acme.');
    expect(message).toContain(page.url());
    expect(problemsOf(page)).toEqual([]);
  });

  it('asks who has no session to sign in first', async () => {
    const id = await decisionAbout('somebody/miner');
    const page = await world.asNobody();
    await page.goto(`/d/${id}`);
    await page.waitForURL(/\/console\/sign-in/);
    expect(new URL(page.url()).searchParams.get('next')).toBe(`/console/decisions/${id}`);
  });
});

describe('what can be pulled instead', () => {
  it('is offered as commands, when it is called alike', async () => {
    const page = await world.as('member');
    await page.goto(`/console/decisions/${await decisionAbout('someone/redis')}`);
    await page.getByText('Allowed, and called alike:').waitFor();
    const commands = await page.locator('code').allInnerTexts();
    const gate = new URL(world.url).host;
    expect(commands).toContain(`docker pull ${gate}/bitnami/redis`);
    expect(commands).toContain(`docker pull ${gate}/library/redis`);
  });

  it('is the image itself, once it is allowed', async () => {
    const id = await decisionAbout('quay.io/other/tool');
    await world
      .api('owner')
      .updateImageAccess({ params, body: { allowlist: { add: ['docker.io/somebody/miner', 'quay.io/other/tool'] } } });
    const page = await world.as('owner');
    await page.goto(`/console/decisions/${await decisionAbout('somebody/miner')}`);
    await page.getByText('By the policy of acme that is in force now, max may pull this image.').waitFor();
    await page.goto(`/console/decisions/${id}`);
    await page.getByText('does not allow images of the registry quay.io').waitFor();
  });
});

describe('an owner', () => {
  it('is led to allow it, and to the whole record', async () => {
    const id = await decisionAbout('someone/redis');
    const page = await world.as('owner');
    await page.goto(`/console/decisions/${id}`);
    await page.getByRole('link', { name: 'The whole record' }).click();
    await page.getByRole('dialog', { name: 'docker.io/someone/redis:7' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Allow this repository…' }).click();
    await page.getByRole('button', { name: 'Remove docker.io/someone/redis' }).waitFor();
    await page.getByText('Changes that are not saved').waitFor();
  });
});

describe('a decision', () => {
  it('that allowed says why, and asks for nothing', async () => {
    const page = await world.as('member');
    await page.goto(`/console/decisions/${await decisionAbout('docker.io/bitnami/redis')}`);
    await page.getByRole('heading', { level: 1, name: 'An allowed pull' }).waitFor();
    await page.getByText('The repository is on the allowlist of acme.').waitFor();
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(['The decision']);
  });

  it('that is not there is told in words', async () => {
    const page = await world.as('member');
    await page.goto('/console/decisions/0000000000000');
    await page.getByText('There is no such decision').waitFor();
  });
});
