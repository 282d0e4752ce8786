import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ImageAccessPolicy, InvalidReference } from '@pullgate/policy';
import { AdministrationError, policyFromDocument } from '@pullgate/server';
import { type Document, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
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
    return { policy: canonical(readPolicy(file, value), source, []) };
  }
  const policy = canonical(readPolicy(file, value.policy), source, ['policy']);
  if (!('enforceSignIn' in value)) return { policy };
  const { enforceSignIn } = value;
  if (typeof enforceSignIn !== 'boolean') throw new Failure(`${file}: enforceSignIn is true or false.`);
  return { policy, enforceSignIn };
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
    // Aliases that would grow without bound.
    if (error instanceof ReferenceError) throw new Failure(`${file} is not YAML: ${error.message}`);
    throw error;
  }
}

function readPolicy(file: string, document: unknown): ImageAccessPolicy {
  try {
    return policyFromDocument(document);
  } catch (error) {
    if (!(error instanceof AdministrationError)) throw error;
    const findings = error.message.replace(/^[^✖]*(?=✖)/, '');
    throw new Failure(`${file} is not a whole policy:\n${findings}\nCompare it with what policy show --json prints.`);
  }
}

/** Of many wrong names, as many are told as people read. */
const maxTold = 20;

/** @throws Failure that tells every name which cannot be used, and where it stands */
function canonical(policy: ImageAccessPolicy, source: Source, at: readonly string[]): ImageAccessPolicy {
  const wrong: string[] = [];
  const named = (names: ReadonlySet<string>, canonicalName: (name: string) => string, list: readonly string[]) =>
    new Set(
      [...names].map((name) => {
        try {
          return canonicalName(name);
        } catch (error) {
          if (!(error instanceof InvalidReference || error instanceof Failure)) throw error;
          wrong.push(`${placeOf(name, source, [...at, ...list])}: ${error.message}`);
          return name;
        }
      }),
    );
  const { allowlist, registryAccess } = policy;
  const repositories = named(allowlist.repositories, repositoryName, ['allowlist', 'repositories']);
  const registries = named(registryAccess.registries, registryName, ['registryAccess', 'registries']);
  if (wrong.length > 0) throw new Failure(wrongNames(source.file, wrong));
  return { ...policy, allowlist: { ...allowlist, repositories }, registryAccess: { ...registryAccess, registries } };
}

/** `policy.yaml:8:9`, or the file alone where the name came by an alias. */
function placeOf(name: string, { file, document, lines }: Source, list: readonly string[]): string {
  const names = document.getIn(list, true);
  const node = isSeq(names) ? names.items.find((item) => isScalar(item) && item.value === name) : undefined;
  if (!isScalar(node) || !node.range) return file;
  const { line, col } = lines.linePos(node.range[0]);
  return `${file}:${line}:${col}`;
}

function wrongNames(file: string, wrong: readonly string[]): string {
  const more = wrong.length > maxTold ? [`and ${wrong.length - maxTold} more`] : [];
  return [`${file} has names that cannot be used:`, ...wrong.slice(0, maxTold), ...more].join('\n');
}
