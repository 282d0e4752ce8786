import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { Complain } from './complaints.ts';
import type { Path } from './document.ts';
import type { Environment } from './environment.ts';
import { wordsOfFailure } from './file-failure.ts';
import type { SecretReference } from './schema.ts';
import { Secret } from './secret.ts';

const maximumBytes = 64 * 1024;

/** Reads secrets from where the configuration says they are kept. */
export interface SecretReader {
  /** Complains at `at` and gives undefined when the secret is not there. */
  read(reference: SecretReference, at: Path): Secret | undefined;
  /** The environment variables that hold secrets. */
  readonly variables: ReadonlySet<string>;
}

/** File names are relative to `folder`. */
export function secretReader(environment: Environment, folder: string, complain: Complain): SecretReader {
  const variables = new Set<string>();

  function read(reference: SecretReference, at: Path): Secret | undefined {
    if ('env' in reference) return fromEnvironment(reference.env, at);
    return fromFile(path.resolve(folder, reference.file), at);
  }

  function fromEnvironment(name: string, at: Path): Secret | undefined {
    variables.add(name);
    const text = environment[name];
    if (text !== undefined && text !== '') return new Secret(text);
    complain({ path: at, part: 'value', expected: `the environment variable ${name} to be set`, found: 'none' });
    return undefined;
  }

  function fromFile(file: string, at: Path): Secret | undefined {
    const text = readBounded(file);
    if (typeof text === 'string' && text.trim() !== '') return new Secret(text.trim());
    const found = typeof text === 'string' ? 'an empty one' : text.reason;
    complain({ path: at, part: 'value', expected: `a readable file ${file}`, found });
    return undefined;
  }

  return { read, variables };
}

/** The text of a small file. Reads no more than that much, whatever the path turns out to name. */
function readBounded(file: string): string | { readonly reason: string } {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(maximumBytes + 1);
      const length = readSync(descriptor, bytes, 0, bytes.length, 0);
      return length > maximumBytes ? { reason: 'one above 64 KiB' } : bytes.toString('utf8', 0, length);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return { reason: wordsOfFailure(error) };
  }
}
