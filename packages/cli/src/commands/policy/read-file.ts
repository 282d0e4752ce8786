import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageAccessPolicy } from '@pullgate/policy';
import { AdministrationError, policyFromDocument } from '@pullgate/server';
import { parse, YAMLParseError } from 'yaml';
import { Failure } from '../../failure.ts';

/** What a file sets. Sign-in stays as it is where the file does not tell. */
export interface PolicyFile {
  readonly policy: ImageAccessPolicy;
  readonly enforceSignIn?: boolean;
}

/** A policy as `policy show --json` prints it, in JSON or YAML: the whole of it, or what is under `policy`. */
export async function readPolicyFile(file: string, cwd: string): Promise<PolicyFile> {
  const text = await readFile(path.resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`${file} cannot be read (${error.code}). Check the path.`);
  });
  const document = parseYaml(file, text);
  if (typeof document !== 'object' || document === null || !('policy' in document)) {
    return { policy: readPolicy(file, document) };
  }
  const policy = readPolicy(file, document.policy);
  if (!('enforceSignIn' in document)) return { policy };
  const { enforceSignIn } = document;
  if (typeof enforceSignIn !== 'boolean') throw new Failure(`${file}: enforceSignIn is true or false.`);
  return { policy, enforceSignIn };
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError || error instanceof ReferenceError) {
      throw new Failure(`${file} is not YAML: ${error.message}`);
    }
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
