import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describePermission, type Endpoint, endpoints } from '@pullgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandNameOf, hasCommand } from '../../../src/commands/api/command-name.ts';
import { requestShapeOf } from '../../../src/commands/api/request-shape.ts';
import { createProgram, run } from '../../../src/program.ts';
import { storeSignIn } from '../../../src/remote/stored-sign-in.ts';
import { capturingShell } from '../../capturing-shell.ts';
import { type RecordingGate, startRecordingGate } from './recording-gate.ts';

// The table of the contract, as commands: all of it, and each with help that is true.

const table: readonly Endpoint[] = endpoints;
const asked = table.filter(hasCommand).map((endpoint) => {
  const { noun, verb } = commandNameOf(endpoint);
  return { endpoint, noun, verb, name: `${noun} ${verb}` };
});

const program = createProgram({ shell: capturingShell(), exitCode: 0 });
const api = program.commands.find((command) => command.name() === 'api');
const commandOf = (noun: string, verb: string) =>
  api?.commands.find((one) => one.name() === noun)?.commands.find((one) => one.name() === verb);

describe('the commands of the table', () => {
  test('are all of it, but logins and provisioning', () => {
    const without = table.filter((endpoint) => !hasCommand(endpoint)).map(({ path }) => path);
    expect(without.filter((path) => !/^\/v2\/(?:scim\/|users\/(?:2fa-)?login$|auth\/token$)/.test(path))).toEqual([]);
    expect(without.length).toBeGreaterThan(10);
    expect(asked.filter(({ noun, verb }) => commandOf(noun, verb) === undefined)).toEqual([]);
    expect(api?.commands.flatMap(({ commands }) => commands)).toHaveLength(asked.length);
  });

  test('have each a name of its own', () => {
    expect(new Set(asked.map(({ name }) => name)).size).toBe(asked.length);
  });

  test.each([
    ['listMembers', 'members list'],
    ['listImageAccessVersions', 'image-access list-versions'],
    ['setSettings', 'image-access set-settings'],
    ['createOrganizationToken', 'organization-tokens create'],
    ['addGroupMember', 'teams add-member'],
    ['getPerson', 'people get'],
    ['createScimToken', 'single-sign-on create-scim-token'],
    ['setSignInEnforcement', 'sign-in-enforcement set'],
    ['listRepositoryNamespaces', 'repositories list-namespaces'],
    ['verifyActivity', 'activity verify'],
  ])('%s is %s', (endpoint, name) => {
    expect(asked.find(({ endpoint: one }) => one.name === endpoint)?.name).toBe(name);
  });

  test('read only the schemas of nouns that the command line names', () => {
    const partly = createProgram({ shell: capturingShell(), exitCode: 0 }, ['api', 'teams', 'list']);
    const nouns = partly.commands.find((command) => command.name() === 'api')?.commands ?? [];
    expect(nouns.filter(({ commands }) => commands.length > 0).map((noun) => noun.name())).toEqual(['teams']);
    expect(nouns.length).toBe(api?.commands.length);
  });
});

describe('secrets', () => {
  const fields = asked.flatMap(({ endpoint, name }) =>
    requestShapeOf(endpoint).body.map((field) => ({ ...field, name, text: field.path.join('.') })),
  );

  test('are marked in the table wherever a field is called like one', () => {
    const called = fields.filter(({ text }) => /(?:^|[._])(?:password|secret|token|code)$/.test(text));
    expect(called.length).toBeGreaterThan(5);
    expect(called.filter(({ isSecret }) => !isSecret)).toEqual([]);
  });

  test('are no option of any command', () => {
    const secrets = fields.filter(({ isSecret }) => isSecret);
    const options = new Set(
      secrets.flatMap(({ name }) => {
        const [noun = '', verb = ''] = name.split(' ');
        return commandOf(noun, verb)?.options.map(({ long }) => `${name} ${long}`) ?? [];
      }),
    );
    expect(secrets.filter(({ name, path }) => options.has(`${name} --${path.join('-').replaceAll('_', '-')}`))).toEqual(
      [],
    );
  });
});

describe('an example of', () => {
  const home = mkdtempSync(join(tmpdir(), 'pullgate-cli-'));
  const env = { XDG_CONFIG_HOME: home };
  let gate: RecordingGate;

  beforeAll(async () => {
    gate = await startRecordingGate(({ method, target }) => {
      const endpoint = table.find((one) => one.method === method && matches(one, target));
      if (endpoint?.success.status === 204) return { status: 204 };
      return { status: endpoint?.success.status ?? 500, body: '{"results":[],"next":null}' };
    });
    storeSignIn({ env }, { url: gate.url, username: 'alice', bearer: 'a.b.c' });
  });
  afterAll(async () => {
    await gate.close();
    rmSync(home, { recursive: true });
  });

  test.each(asked)('$name stands in its help, and asks for it', async ({ endpoint, noun, verb }) => {
    const help = capturingShell();
    expect(await run(['api', noun, verb, '--help'], help)).toBe(0);
    expect(help.stdout.text).toContain(endpoint.summary);
    expect(flat(help.stdout.text)).toContain(flat(describePermission(endpoint.permission).replaceAll('`', '')));
    expect(help.stdout.text).toContain('8  the gate could not be reached');

    const options = commandOf(noun, verb)?.options.map(({ long }) => long) ?? [];
    expect(new Set(options).size).toBe(options.length);

    const examples = [...help.stdout.text.matchAll(/\$ pullgate (.*)/g)].map(([, line = '']) => line);
    expect(examples.length).toBe(requestShapeOf(endpoint).isPaged ? 2 : 1);
    for (const example of examples) {
      // Whoever sits there is asked for what is secret.
      const shell = capturingShell({ env, answers: ['typed', 'typed'] });
      expect([await run(words(example), shell), shell.stderr.text]).toEqual([
        0,
        expect.not.stringContaining('pullgate:'),
      ]);
      const [request, ...others] = gate.take();
      expect(others).toEqual([]);
      expect([request?.method, request?.target]).toEqual([
        endpoint.method,
        expect.toSatisfy((to) => matches(endpoint, to)),
      ]);
      expect(request?.headers['authorization']).toBe('Bearer a.b.c');
      if (endpoint.body) expect(endpoint.body.safeParse(request?.body).error).toBeUndefined();
    }
  });
});

function matches({ path }: Endpoint, target: string): boolean {
  const pattern = path.replace(/\{\w+\+\}/g, '.+').replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(target.split('?')[0] ?? '');
}

const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

/** As a shell splits them. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double = '', single = '') => double + single),
  );
}
