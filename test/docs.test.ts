import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../packages/cli/src/program.ts';
import { demoImages, demoNamespaces } from '../packages/demo/src/images.ts';
import {
  defaultPolicy,
  parseFamiliarName,
  refusalSentence,
  repositoryOf,
  rules,
} from '../packages/policy/src/index.ts';
import { fileSchema } from '../packages/server/src/configuration/schema.ts';
import { loadConfiguration } from '../packages/server/src/index.ts';
import { type SmallHub, startSmallHub } from '../packages/small-registry/src/index.ts';
import { type CommandLine, stepsOf } from './command-lines.ts';
import { anchorOf, codeIn, type Document, linksOf, readDocuments, root, tableRows } from './markdown.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

// What the documents say is true: their commands run, their links lead somewhere, their tables are complete.

const documents = readDocuments();

function documentAt(path: string): Document {
  const document = documents.find((one) => one.path === path);
  if (!document) throw new Error(`There is no ${path}.`);
  return document;
}

describe('Commands', () => {
  const withCommands = documents.filter((document) => stepsOf(document).length > 0);
  let hub: SmallHub;
  beforeAll(async () => {
    hub = await startSmallHub({ namespaces: demoNamespaces });
  });
  afterAll(() => hub.close());

  it('are in every document that a newcomer follows', () => {
    const paths = withCommands.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/getting-started.md']));
  });

  it.concurrent.each(withCommands)(
    'of $path run as written, from its top to its end, on a fresh installation',
    { timeout: 900_000 },
    async (document) => {
      const workplace = await openWorkplace(hub.url);
      try {
        if (!isFirst(document)) for (const line of beforehand) await workplace.pullgate(line.split(' '));
        for (const step of stepsOf(document)) {
          if ('name' in step) await workplace.write(step.name, step.text);
          else await tryCommand(step, workplace);
        }
      } finally {
        await workplace.close();
      }
    },
  );

  it.each(documents)('of $path stand in fences of a known language', ({ fences }) => {
    const known = ['sh', 'text', 'console', 'yaml', 'toml', 'ini'];
    expect(fences.filter(({ language }) => !known.includes(language))).toEqual([]);
  });
});

/** A document that does not make an installation is for readers who have one, and its commands change nothing of it. */
const beforehand = ['init --org acme --owner alice', 'policy set --enable', 'member add bob'];

function isFirst(document: Document): boolean {
  return stepsOf(document).some((step) => 'words' in step && step.words.includes('init'));
}

async function tryCommand(command: CommandLine, workplace: Workplace): Promise<void> {
  const [program = '', ...args] = command.words;
  switch (program) {
    case 'npm':
      return tryNpm(command, args);
    case 'npx': {
      const [name, ...rest] = args;
      expect(name, `${command.where}: npx is for pullgate only.`).toBe('pullgate');
      const { status, output } = await workplace.pullgate(rest);
      return expect(status, `${command.where}: ${command.words.join(' ')}\n${output}`).toBe(command.status);
    }
    case 'docker':
    case 'podman':
    case 'skopeo':
    case 'ctr':
      return tryClient(command);
    default:
      throw new Error(`${command.where}: ${program} is not run by a test. Use a console block for it.`);
  }
}

/** What npm runs is run by other tests, or is the tests; here, that there is such a script. */
function tryNpm({ where }: CommandLine, args: readonly string[]): void {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const [verb = '', name = ''] = args;
  if (verb === 'ci') return;
  const script = verb === 'run' ? name : verb;
  expect(Object.keys(scripts), `${where}: package.json has no script ${script}.`).toContain(script);
}

const clientVerbs: Readonly<Record<string, readonly string[]>> = {
  docker: ['login', 'pull', 'build'],
  podman: ['login', 'pull'],
  skopeo: ['login', 'inspect', 'copy'],
  ctr: ['images pull'],
};

/** The gate of the demo, and the one of a first installation. */
const gateHosts = ['localhost:8080', 'localhost:5050'];

/**
 * Container clients need an engine, root, and a gate that runs: `npm run test:clients` proves them, with every client that
 * these lines name. Here, that a line can be meant as it stands: a verb that exists, the gate's own address, and images
 * that the demo has.
 */
function tryClient({ where, words }: CommandLine): void {
  const [program = '', ...args] = words;
  const line = args.join(' ');
  const verb = clientVerbs[program]?.find((candidate) => line === candidate || line.startsWith(`${candidate} `));
  expect(verb, `${where}: ${program} is not used like this in the documents.`).toBeDefined();
  if (verb === 'login') {
    expect(
      args.some((word) => gateHosts.includes(word)),
      `${where}: log in to ${gateHosts.join(' or ')}.`,
    ).toBe(true);
    return;
  }
  const images = args.flatMap(
    (word) => /^(?:BASE=|docker:\/\/)?((?:localhost:\d+|docker\.io)\/\S+)$/.exec(word)?.[1] ?? [],
  );
  expect(images, `${where}: name an image of the demo.`).not.toEqual([]);
  for (const image of images) {
    const { domain, path } = parseFamiliarName(image);
    expect([...gateHosts, 'docker.io'], where).toContain(domain);
    expect(
      demoImages.map(({ repository }) => repository),
      `${where}: the demo has no such image.`,
    ).toContain(path);
  }
}

describe('Links', () => {
  it.each(documents)('of $path lead somewhere', (document) => {
    const broken = linksOf(document).filter(({ path, anchor }) => !exists(path, anchor));
    expect(broken.map(({ text }) => text)).toEqual([]);
  });

  it('reach every document from the README', () => {
    const reached = new Set(['README.md']);
    for (const path of reached) {
      const document = documents.find((one) => one.path === path);
      for (const link of document ? linksOf(document) : []) reached.add(link.path);
    }
    expect(documents.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });
});

function exists(path: string, anchor: string | undefined): boolean {
  if (anchor === undefined) return existsSync(join(root, path));
  return documents.find((one) => one.path === path)?.headings.some((one) => anchorOf(one) === anchor) ?? false;
}

/** As much of a zod schema as it takes to walk through it. */
interface Schema {
  readonly def: {
    readonly type: string;
    readonly out?: Schema;
    readonly shape?: Readonly<Record<string, Schema>>;
    readonly valueType?: Schema;
    readonly defaultValue?: unknown;
  };
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
}

/** Every setting of the file by its path; `<>` stands for a name of the operator's choice. */
function settingsOf(schema: Schema, path: readonly string[] = []): readonly (readonly [string, Schema])[] {
  const { type, out, shape, valueType } = schema.def;
  if (type === 'pipe' && out && ['object', 'record'].includes(out.def.type)) return settingsOf(out, path);
  if (shape) return Object.entries(shape).flatMap(([key, value]) => settingsOf(value, [...path, key]));
  if (type === 'record' && valueType) return settingsOf(valueType, [...path, '<>']);
  return [[path.join('.'), schema]];
}

describe('docs/configuration.md', () => {
  const document = documentAt('docs/configuration.md');
  const settings = new Map(settingsOf(fileSchema as unknown as Schema));
  const rows = tableRows(document.prose).filter((cells) => cells.length === 4);
  const documented = rows.map(([name = '', byDefault = '', example = '']) => ({
    name: (codeIn(name) ?? name).replace(/<[^>]+>/g, '<>'),
    byDefault,
    example: codeIn(example) ?? '',
  }));

  it('has every setting, and none that does not exist', () => {
    expect(documented.map(({ name }) => name).sort()).toEqual([...settings.keys()].sort());
  });

  it.each(documented)('tells the default of $name', ({ name, byDefault }) => {
    const setting = settings.get(name);
    const said = codeIn(byDefault);
    if (setting?.def.type !== 'default') return expect(said, 'a default that the schema does not have').toBeUndefined();
    expect(setting.safeParse(settingIn(said ?? '')).data).toEqual(setting.def.defaultValue);
  });

  it.each(documented)('has an example of $name that is accepted', ({ name, example }) => {
    expect(settings.get(name)?.safeParse(settingIn(example))).toMatchObject({ success: true });
  });

  it('has every environment variable, and none that does not exist', () => {
    const source = readFileSync(join(root, 'packages/server/src/configuration/environment.ts'), 'utf8');
    const read = [...source.matchAll(/^ {2}(PULLGATE_\w+): \{ path: \[(.+?)\]/gm)].map(([, name, path = '']) => [
      name,
      path.replaceAll("'", '').replaceAll(', ', '.'),
    ]);
    const told = tableRows(document.prose)
      .map(([name = '', setting = '']) => [codeIn(name) ?? '', /^`([^`]+)`/.exec(setting)?.[1] ?? ''])
      .filter(([name = '']) => name.startsWith('PULLGATE_') && name !== 'PULLGATE_CONFIG');
    expect(told).toEqual(read);
  });
});

/** A cell's text as YAML would read it, as far as settings need it. */
function settingIn(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^\d+$/.test(text)) return Number(text);
  const list = /^\[(.*)\]$/.exec(text)?.[1];
  if (list !== undefined) return list === '' ? [] : list.split(',').map((item) => item.trim());
  const [, key, value] = /^\{ (\w+): (\S+) \}$/.exec(text) ?? [];
  return key === undefined ? text : { [key]: value };
}

describe('Configuration files', () => {
  const files = documents.flatMap((document) =>
    stepsOf(document).flatMap((step) =>
      'name' in step && step.name === 'pullgate.yaml' ? [{ document, ...step }] : [],
    ),
  );

  it.each(files)('of $document.path can be used', async ({ text }) => {
    const folder = await mkdtemp(join(tmpdir(), 'pullgate-docs-'));
    try {
      await writeFile(join(folder, 'pullgate.yaml'), text);
      for (const [, name = ''] of text.matchAll(/\{ file: (\S+) \}/g)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), 'secret');
      }
      const env = Object.fromEntries([...text.matchAll(/\{ env: (\w+) \}/g)].map(([, name]) => [name, 'secret']));
      expect(loadConfiguration({ env, cwd: folder }).upstreams.has('docker.io')).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

type Command = ReturnType<typeof createProgram>;

function commandsOf(command: Command, path: readonly string[] = []): readonly { path: string; options: string[] }[] {
  if (command.commands.length > 0) return command.commands.flatMap((one) => commandsOf(one, [...path, one.name()]));
  return [{ path: path.join(' '), options: command.options.flatMap(({ long }) => long ?? []) }];
}

describe('docs/command-line.md', () => {
  const everywhere = ['--config', '--json', '--verbose'];
  const program = createProgram({ shell: shellWithoutTerminal(), exitCode: 0 });
  // Those of the API are made from the contract's table, and so is their help.
  const commands = [
    ...commandsOf(program).filter(({ path }) => !path.startsWith('api ')),
    { path: 'api', options: [] },
  ];
  const sections = documentAt('docs/command-line.md').prose.split(/^## /m);

  it('has every command, and none that does not exist', () => {
    const told = sections.flatMap((section) => /^pullgate (.+)\n/.exec(section)?.[1] ?? []);
    expect(told.sort()).toEqual(commands.map(({ path }) => path).sort());
  });

  it.each(commands)('has every option of $path, and none that does not exist', ({ path, options }) => {
    const section = sections.find((one) => one.startsWith(`pullgate ${path}\n`)) ?? '';
    const told = tableRows(section).flatMap(([option = '']) => option.match(/--[a-z-]+/g) ?? []);
    expect(told.sort()).toEqual(options.filter((option) => !everywhere.includes(option)).sort());
  });
});

function shellWithoutTerminal(): Parameters<typeof createProgram>[0]['shell'] {
  const { stdout, stderr } = process;
  return {
    env: {},
    cwd: root,
    stdout,
    stderr,
    program: 'pullgate',
    user: 'reader',
    input: async () => undefined,
    ask: async () => undefined,
    interruption: () => AbortSignal.abort(),
  };
}

describe('Other promises of the documents', () => {
  it('docs/policy.md names every rule', () => {
    const { prose } = documentAt('docs/policy.md');
    expect(rules.filter((rule) => !prose.includes(`\`${rule}\``))).toEqual([]);
  });

  it('docs/refusals.md has the sentence of every rule that refuses', () => {
    const named = tableRows(documentAt('docs/refusals.md').prose).flatMap(([cell = '']) => codeIn(cell) ?? []);
    const neverRefuse = ['image-access-off', 'owner', 'allowlist', 'organization-image'];
    expect(named.filter((name) => rules.some((rule) => rule === name)).sort()).toEqual(
      rules.filter((rule) => !neverRefuse.includes(rule)).sort(),
    );
  });

  it('the picture of a refused pull says what the gate says today', () => {
    const picture = readFileSync(join(root, 'docs/pictures/refused-pull.svg'), 'utf8');
    const lines = [...picture.matchAll(/<text class="err"[^>]*>([^<]*)</g)].map(([, line]) => line).join(' ');
    const link = /http:\/\/localhost:8080\/d\/\w+/.exec(lines)?.[0] ?? '';
    const policy = { ...defaultPolicy, enabled: true };
    const acme = { id: '1', name: 'acme', policy, policyVersion: 2, enforceSignIn: true };
    const decision = { verdict: 'deny', rule: 'category', category: 'community', organization: acme } as const;
    const repository = repositoryOf('docker.io', 'somebody/miner');
    expect(lines).toContain(refusalSentence({ decision, repository, link, host: 'localhost:8080' }));
  });

  it('docs/adr/README.md lists every decision by its title, in order, and each has its three parts', () => {
    const decisions = documents.filter(({ path }) => /^docs\/adr\/\d{4}-[a-z0-9-]+\.md$/.test(path));
    const listed = tableRows(documentAt('docs/adr/README.md').prose);
    const expected = decisions.map(({ path, headings: [title = ''] }) => {
      const [number = ''] = /\d{4}/.exec(path) ?? [];
      return [`[${number}](${path.slice('docs/adr/'.length)})`, title.replace(`${number}. `, '')];
    });
    expect(listed).toEqual(expected);
    for (const { path, headings } of decisions) {
      expect(headings.slice(1), path).toEqual(['Background', 'Decision', 'Consequences']);
    }
    const numbers = decisions.map(({ path }) => Number(/\d{4}/.exec(path)?.[0]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});
