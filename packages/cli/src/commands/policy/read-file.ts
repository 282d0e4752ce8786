import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ImageAccessPolicy, InvalidReference, printable } from '@pullgate/policy';
import { InvalidPolicyDocument, policyFromDocument } from '@pullgate/server';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { Failure } from '../../failure.ts';
import { registryName, repositoryName } from './change.ts';

/** What a file sets. Sign-in stays as it is where the file does not tell. */
export interface PolicyFile {
  readonly policy: ImageAccessPolicy;
  readonly enforceSignIn?: boolean;
}

/**
 * A policy as `policy show --json` prints it, in JSON or YAML: the whole of it, or what is under `policy`. Names become
 * canonical.
 */
export async function readPolicyFile(file: string, cwd: string): Promise<PolicyFile> {
  const text = await readFile(path.resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`${file} cannot be read (${error.code}). Check the path.`);
  });
  const source = parse(file, text);
  const { value } = source;
  if (typeof value !== 'object' || value === null || !('policy' in value)) {
    return { policy: canonical(readPolicy(value, source, []), source, []) };
  }
  requireKnown(value, source);
  const policy = canonical(readPolicy(value.policy, source, ['policy']), source, ['policy']);
  if (!('enforceSignIn' in value)) return { policy };
  const { enforceSignIn } = value;
  if (typeof enforceSignIn === 'boolean') return { policy, enforceSignIn };
  throw new Failure(`${placeOf(['enforceSignIn'], source)}: enforceSignIn is true or false.`);
}

/** What stands beside the policy where commands print it with `--json`. Only sign-in is set from there. */
const printed: ReadonlySet<string> = new Set([
  'organization',
  'version',
  'changedAt',
  'changedBy',
  'enforceSignIn',
  'policy',
  'previousVersion',
  'changes',
]);

/** @throws Failure that tells which settings would be passed over in silence */
function requireKnown(value: object, source: Source): void {
  const unknown = Object.keys(value).filter((key) => !printed.has(key));
  const wrong = unknown.map((key) => `${placeOf([key], source)}: ${printable(key)} is no setting of a policy.`);
  if (wrong.length > 0) throw new Failure(listed(`${source.file} has settings that there are not:`, wrong));
}

/** What a file says, with the way back from a name to its place. */
interface Source {
  readonly file: string;
  readonly value: unknown;
  readonly document: Document;
  readonly lines: LineCounter;
}

function parse(file: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [mistake] = document.errors;
  if (mistake) throw new Failure(`${file} is not YAML: ${mistake.message}`);
  try {
    return { file, value: document.toJS(), document, lines };
  } catch (error) {
    // Aliases of what is not there, or that would grow without bound.
    if (error instanceof ReferenceError) throw new Failure(`${file} is not YAML: ${error.message}`);
    throw error;
  }
}

/** @throws Failure that tells everything which is wrong, and where it stands */
function readPolicy(document: unknown, source: Source, at: Path): ImageAccessPolicy {
  try {
    return policyFromDocument(document);
  } catch (error) {
    if (!(error instanceof InvalidPolicyDocument)) throw error;
    const wrong = error.findings.map(({ path, sentence }) => `${placeOf([...at, ...path], source)}: ${sentence}`);
    const told = listed(`${source.file} is not a whole policy:`, wrong);
    throw new Failure(`${told}\nCompare it with what policy show --json prints.`);
  }
}

/** @throws Failure that tells every name which cannot be used, and where it stands */
function canonical(policy: ImageAccessPolicy, source: Source, at: Path): ImageAccessPolicy {
  const wrong: string[] = [];
  const named = (names: ReadonlySet<string>, canonicalName: (name: string) => string, list: Path) =>
    new Set(
      [...names].map((name) => {
        try {
          return canonicalName(name);
        } catch (error) {
          if (!(error instanceof InvalidReference || error instanceof Failure)) throw error;
          wrong.push(`${placeOfName(name, source, [...at, ...list])}: ${error.message}`);
          return name;
        }
      }),
    );
  const { allowlist, registryAccess } = policy;
  const repositories = named(allowlist.repositories, repositoryName, ['allowlist', 'repositories']);
  const registries = named(registryAccess.registries, registryName, ['registryAccess', 'registries']);
  if (wrong.length > 0) throw new Failure(listed(`${source.file} has names that cannot be used:`, wrong));
  return { ...policy, allowlist: { ...allowlist, repositories }, registryAccess: { ...registryAccess, registries } };
}

/** Keys and indexes. */
type Path = readonly PropertyKey[];

/** Of a name on a list. */
function placeOfName(name: string, source: Source, list: Path): string {
  const names = source.document.getIn(list, true);
  const index = isSeq(names) ? names.items.findIndex((item) => isScalar(item) && item.value === name) : -1;
  return placeOf(index === -1 ? list : [...list, index], source);
}

/** `policy.yaml:8:9`, or the file alone where it is empty. What is missing stands where it would have to. */
function placeOf(path: Path, { file, document, lines }: Source): string {
  const range = rangeOf(path, document);
  if (!range) return file;
  const { line, col } = lines.linePos(range[0]);
  return `${file}:${line}:${col}`;
}

/** Of the key or the item itself; else, for what is missing or came by an alias, of what it would be in. */
function rangeOf(path: Path, document: Document): Node['range'] {
  const last = path.at(-1);
  if (last === undefined) return document.contents?.range;
  const parent = path.slice(0, -1);
  const collection = document.getIn(parent, true);
  const node = isMap(collection)
    ? collection.items.find(({ key }) => isScalar(key) && String(key.value) === String(last))?.key
    : isSeq(collection)
      ? collection.items[Number(last)]
      : undefined;
  return (isNode(node) ? node.range : undefined) ?? rangeOf(parent, document);
}

/** Of many mistakes, as many are told as people read. */
const maxTold = 20;

function listed(title: string, wrong: readonly string[]): string {
  const more = wrong.length > maxTold ? [`and ${wrong.length - maxTold} more`] : [];
  return [title, ...wrong.slice(0, maxTold), ...more].join('\n');
}
