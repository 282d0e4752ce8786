import { Failure, usage } from './failure.ts';
import type { Shell } from './shell.ts';

const shortest = 10;
const longest = 256;
const wanted = `${shortest} to ${longest} characters`;

/** The first line of the standard input: `echo` and editors end it. */
export async function pipedPassword(shell: Shell, command: string): Promise<string> {
  const [line = ''] = (await shell.input(longest + 2))?.split(/\r?\n/) ?? [];
  if (isGood(line)) return line;
  throw new Failure(`Pipe a password of ${wanted} in: ${shell.program} ${command} --password-stdin < password.txt`);
}

/** Asked for twice, since nobody sees what they type. */
export async function typedPassword(shell: Shell): Promise<string> {
  const typed = await shell.ask(`New password, ${wanted}`, 'secret');
  if (typed === undefined) throw usage('Nobody is there to be asked: pipe the password in with --password-stdin.');
  if (!isGood(typed)) throw new Failure(`A password has ${wanted}. Nothing was changed.`);
  if ((await shell.ask('The same again', 'secret')) === typed) return typed;
  throw new Failure('These were two different passwords. Nothing was changed.');
}

/** As the gate asks for it; asked here before anything is made. */
function isGood(password: string): boolean {
  return password.length >= shortest && password.length <= longest;
}
