import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Shell } from '../shell.ts';

const signIn = z.object({
  /** Scheme and host. */
  url: z.string().min(1),
  username: z.string().min(1),
  /** The access token that was signed in with. Absent after a password, which is never kept. */
  token: z.string().min(1).optional(),
  bearer: z.string().min(1),
});

/** What `pullgate login` keeps for the commands after it. */
export type StoredSignIn = z.output<typeof signIn>;

/** What is kept, or undefined when there is nothing that can be used. */
export function readSignIn(shell: Pick<Shell, 'env'>): StoredSignIn | undefined {
  try {
    return signIn.safeParse(JSON.parse(readFileSync(fileOf(shell), 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Only the user can read it. It is replaced as a whole, so that a command beside this one never finds half of it. */
export function storeSignIn(shell: Pick<Shell, 'env'>, stored: StoredSignIn): string {
  const file = fileOf(shell);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const written = `${file}.${process.pid}`;
  rmSync(written, { force: true });
  // `wx`: a file that somebody put there, with permissions of their own, is not written into.
  writeFileSync(written, `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(written, file);
  return file;
}

export function forgetSignIn(shell: Pick<Shell, 'env'>): void {
  rmSync(fileOf(shell), { force: true });
}

function fileOf({ env }: Pick<Shell, 'env'>): string {
  const configured = env['XDG_CONFIG_HOME'];
  // The specification of base directories: a path that is not absolute counts as none.
  const folder = configured && isAbsolute(configured) ? configured : join(env['HOME'] || homedir(), '.config');
  return join(folder, 'pullgate', 'sign-in.json');
}
