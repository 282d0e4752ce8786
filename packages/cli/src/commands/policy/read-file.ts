import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageAccessPolicy } from '@pullgate/policy';
import { policyFromDocument } from '@pullgate/server';
import { parse, YAMLParseError } from 'yaml';
import { Failure } from '../../failure.ts';

/** A policy as `policy show --json` prints it, in JSON or YAML: the whole of it, or what is under `policy`. */
export async function readPolicyFile(file: string, cwd: string): Promise<ImageAccessPolicy> {
  const text = await readFile(path.resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`${file} cannot be read (${error.code}). Check the path.`);
  });
  return policyFromDocument(unwrapped(parseYaml(file, text)));
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

function unwrapped(document: unknown): unknown {
  return typeof document === 'object' && document !== null && 'policy' in document ? document.policy : document;
}
