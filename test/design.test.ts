import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

// Guards what docs/architecture.md says of the source: who may import whom, and how large and how plain a file is.

const packages = join(import.meta.dirname, '..', 'packages');

interface SourceFile {
  /** `server/src/cache/download.ts` */
  readonly path: string;
  /** `server` */
  readonly workspace: string;
  /** `cache`; empty for a file at the top of `src`. */
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

interface Import {
  /** As written: `../content/content.ts`, `@pullgate/policy`, `node:fs`. */
  readonly specifier: string;
  /** Path of the imported file, below `packages`; the specifier itself for everything that is not relative. */
  readonly target: string;
}

const files: readonly SourceFile[] = readdirSync(packages)
  .map((workspace) => join(packages, workspace, 'src'))
  .filter((source) => existsSync(source))
  .flatMap((source) => readdirSync(source, { recursive: true, encoding: 'utf8' }).map((name) => join(source, name)))
  .filter((file) => file.endsWith('.ts'))
  .map(readSource);

function readSource(file: string): SourceFile {
  const path = below(packages, file);
  const [workspace = '', , ...rest] = path.split('/');
  const text = readFileSync(file, 'utf8');
  return { path, workspace, folder: rest.slice(0, -1)[0] ?? '', text, imports: importsOf(text, file) };
}

function importsOf(text: string, file: string): readonly Import[] {
  const specifiers = [
    ...text.matchAll(/^\s*(?:import|export)\b[^;'"]*?from '([^']+)'/gm),
    ...text.matchAll(/^\s*import '([^']+)'/gm),
    ...text.matchAll(/\bimport\('([^']+)'\)/g),
    // How a worker thread's entry is named.
    ...text.matchAll(/new URL\('(\.[^']+)', import\.meta\.url\)/g),
  ].map(([, specifier = '']) => specifier);
  return specifiers.map((specifier) => ({
    specifier,
    target: specifier.startsWith('.') ? below(packages, join(dirname(file), specifier)) : specifier,
  }));
}

function below(folder: string, file: string): string {
  return relative(folder, file).split(sep).join('/');
}

/** The folder of the server that an import leads to, if it does. */
function serverFolder({ target }: Import): string | undefined {
  const [workspace, , folder, ...rest] = target.split('/');
  return workspace === 'server' && rest.length > 0 ? folder : undefined;
}

/** The parts of the server, as docs/architecture.md names them. */
const rims = ['registry', 'token', 'decision-page', 'api', 'console'];
const adapters = ['upstream', 'cache', 'database'];
const middle = [
  'access',
  'activity',
  'catalog',
  'content',
  'invitations',
  'organizations',
  'people',
  'pulls',
  'sign-in',
  'teams',
  'tokens',
];

/** Which workspaces each may import: policy <- contract <- console, cli; policy, contract <- server. */
const workspaceImports: Readonly<Record<string, readonly string[]>> = {
  policy: [],
  contract: ['policy'],
  console: ['policy', 'contract'],
  cli: ['policy', 'contract'],
  server: ['policy', 'contract'],
  'small-registry': [],
  demo: ['policy', 'server', 'small-registry'],
};

interface Rule {
  readonly name: string;
  /** Why an import breaks the rule, or nothing. */
  readonly objection: (file: SourceFile, imported: Import) => string | undefined;
}

/** `main.ts`, and the folder `main/` with parts of it. */
const isWiring = (path: string) => path === 'server/src/main.ts' || path.startsWith('server/src/main/');
const isServer = ({ workspace }: SourceFile) => workspace === 'server';

const rules: readonly Rule[] = [
  {
    name: 'policy decides from its arguments alone',
    objection: ({ workspace }, { target }) =>
      workspace === 'policy' && !target.startsWith('policy/src/')
        ? 'policy imports nothing outside itself, and no node:*: whatever it needs to know, its caller brings.'
        : undefined,
  },
  {
    name: 'contract runs in a browser',
    objection: ({ workspace }, { target }) =>
      workspace === 'contract' && target.startsWith('node:')
        ? 'The console takes the client from the contract, so nothing in it may need Node.'
        : undefined,
  },
  {
    name: 'workspaces import each other in one direction',
    objection: ({ workspace }, { target }) => {
      const name = /^@pullgate\/([^/]+)$/.exec(target)?.[1];
      if (name === undefined || workspaceImports[workspace]?.includes(name)) return undefined;
      return `${workspace} may import ${workspaceImports[workspace]?.join(', ') || 'no other workspace'}, not ${name}.`;
    },
  },
  {
    name: 'a workspace is imported by its name',
    objection: ({ workspace }, { specifier, target }) => {
      const isInside = specifier.startsWith('.') && target.startsWith(`${workspace}/`);
      // The client without schemas, which a whole contract would put into every page.
      if (specifier === '@pullgate/contract/client' && workspace === 'console') return undefined;
      if (!specifier.startsWith('.') && !/^@pullgate\/[^/]+\//.test(specifier)) return undefined;
      return isInside ? undefined : 'Another workspace is imported by its name, and gives what its index.ts exports.';
    },
  },
  {
    name: 'small-registry is imported by demo and tests only',
    objection: ({ workspace }, { target }) =>
      target.startsWith('@pullgate/small-registry') && workspace !== 'demo'
        ? 'small-registry is a stand-in for tests and the demo; nothing that runs in earnest imports it.'
        : undefined,
  },
  {
    name: 'main.ts is the end of the wiring',
    objection: (file, { target }) =>
      isServer(file) && isWiring(target) && !isWiring(file.path) && file.path !== 'server/src/index.ts'
        ? 'Nothing inside the server imports main.ts but index.ts: it wires the parts, so no part may know it.'
        : undefined,
  },
  {
    name: 'no rim imports another rim',
    objection: (file, imported) => {
      const folder = serverFolder(imported);
      if (!isServer(file) || !rims.includes(file.folder) || folder === undefined) return undefined;
      return rims.includes(folder) && folder !== file.folder
        ? `${file.folder} and ${folder} are rims: what both need belongs into the middle, or into http/.`
        : undefined;
    },
  },
  {
    name: 'no adapter imports another adapter or a rim',
    objection: (file, imported) => {
      const folder = serverFolder(imported);
      if (!isServer(file) || !adapters.includes(file.folder) || folder === undefined) return undefined;
      return [...adapters, ...rims].includes(folder) && folder !== file.folder
        ? `${file.folder} is an adapter: it implements an interface of the middle and knows no ${folder}.`
        : undefined;
    },
  },
  {
    name: 'the middle knows interfaces, not who implements or calls them',
    objection: (file, imported) => {
      const folder = serverFolder(imported);
      if (!isServer(file) || !middle.includes(file.folder) || folder === undefined) return undefined;
      return [...adapters, ...rims].includes(folder)
        ? `${file.folder} is of the middle and must not know ${folder}: declare the interface that it needs.`
        : undefined;
    },
  },
  {
    name: 'only main.ts constructs adapters',
    objection: (file, imported) => {
      const folder = serverFolder(imported);
      if (!isServer(file) || folder === undefined || !adapters.includes(folder)) return undefined;
      return file.folder === folder || isWiring(file.path)
        ? undefined
        : `${folder} is an adapter, and main.ts is the only file that constructs one.`;
    },
  },
];

interface Exception {
  readonly rule: string;
  /** The end of the path: of a file, or of a workspace's `src`. */
  readonly from: RegExp;
  readonly target: string;
  readonly reason: string;
}

/** What breaks a rule knowingly. One that nothing needs any more makes the test fail. */
const exceptions: readonly Exception[] = [
  {
    rule: 'workspaces import each other in one direction',
    from: /^cli\/src\//,
    target: '@pullgate/server',
    reason: 'The command line works on the installation itself until there is an API: docs/adr/0005.',
  },
  {
    rule: 'only main.ts constructs adapters',
    from: /^server\/src\/configuration\/upstreams\.ts$/,
    target: 'server/src/upstream/presets.ts',
    reason: 'The addresses of well-known registries are constants; nothing is constructed.',
  },
  {
    rule: 'only main.ts constructs adapters',
    from: /^server\/src\/index\.ts$/,
    target: 'server/src/database/database-error.ts',
    reason: 'The error is exported for who shows it to people; nothing is constructed.',
  },
];

function isExcepted(rule: Rule, file: SourceFile, { target }: Import): boolean {
  return exceptions.some((one) => one.rule === rule.name && one.target === target && one.from.test(file.path));
}

describe('Who may import whom', () => {
  it('finds the source and its imports at all', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(300);
  });

  it('knows every workspace', () => {
    expect(Object.keys(workspaceImports)).toEqual(expect.arrayContaining([...new Set(files.map((f) => f.workspace))]));
  });

  it.each(rules)('$name', (rule) => {
    const broken = files.flatMap((file) =>
      file.imports
        .filter((imported) => !isExcepted(rule, file, imported))
        .flatMap((imported) => {
          const objection = rule.objection(file, imported);
          return objection === undefined ? [] : [`${file.path} imports ${imported.specifier}. ${objection}`];
        }),
    );
    expect(broken).toEqual([]);
  });

  it.each(exceptions)('still needs its exception: $reason', ({ rule: name, from, target }) => {
    const rule = rules.find((one) => one.name === name);
    const users = files.filter(
      (file) =>
        from.test(file.path) &&
        file.imports.some((imported) => imported.target === target && rule?.objection(file, imported) !== undefined),
    );
    expect(users.length, `Nothing of ${from} imports ${target} any more: take the exception out.`).toBeGreaterThan(0);
  });

  it('resolves every relative import to a file', () => {
    const missing = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier, target }) => specifier.startsWith('.') && !existsSync(join(packages, target)))
        .map(({ specifier }) => `${path} imports ${specifier}, which is not there.`),
    );
    expect(missing).toEqual([]);
  });

  it('lets policy depend on no package', () => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(packages, 'policy', 'package.json'), 'utf8'));
    expect(dependencies).toEqual({});
  });
});

const maxLines = 400;

/** Code without comments and texts, in which words mean what they say. */
function codeOf(text: string): string {
  const commentOrText = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return text.replace(commentOrText, (found) => (found.startsWith('/') ? ' ' : "''"));
}

describe('How files are written', () => {
  it(`keeps files at ${maxLines} lines or less`, () => {
    const long = files.filter(({ text }) => text.trimEnd().split('\n').length > maxLines).map(({ path }) => path);
    expect(long, 'Find the second thing that the file does, and give it a file of its own.').toEqual([]);
  });

  it('names files and folders after what they hold', () => {
    const vague = /^(?:utils?|helpers?|common|misc|shared)(?:\.|$)/;
    const found = files.filter(({ path }) => path.split('/').some((part) => vague.test(part))).map(({ path }) => path);
    expect(found, 'utils, helpers and common say nothing about what is inside.').toEqual([]);
  });

  it('has no any', () => {
    const found = files
      .filter(({ text }) => /(?:[:<|&,(=]|\bas|=>|\[)\s*any\b/.test(codeOf(text)))
      .map(({ path }) => path);
    expect(found, 'any switches the type checker off; unknown asks for a check.').toEqual([]);
  });

  it('silences no check', () => {
    const silenced = /@ts-(?:ignore|nocheck|expect-error)|biome-ignore|oxlint-disable|eslint-disable/;
    expect(files.filter(({ text }) => silenced.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('leaves nothing to do behind', () => {
    const found = files.filter(({ text }) => /\b(?:TODO|FIXME|XXX|HACK)\b/.test(text)).map(({ path }) => path);
    expect(found, 'What is left to do belongs into the tracker, where somebody finds it.').toEqual([]);
  });

  it('exports by name only', () => {
    const found = files.filter(({ text }) => /^export default\b/m.test(text)).map(({ path }) => basename(path));
    expect(found, 'A named export has one name wherever it is used.').toEqual([]);
  });
});
