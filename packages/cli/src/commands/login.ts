import { ApiError, type Client } from '@pullgate/contract';
import { type Command, Option } from 'commander';
import { createCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { Failure, usage } from '../failure.ts';
import { timeOf, timestamp } from '../output/time.ts';
import { endOf } from '../remote/bearer.ts';
import { clientFor, exchange } from '../remote/connect.ts';
import { parseGateAddress } from '../remote/gate-address.ts';
import { orFailure } from '../remote/refusal.ts';
import { readSignIn, storeSignIn } from '../remote/stored-sign-in.ts';
import { action, type Cli, type Session } from '../session.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly url?: string;
  readonly username?: string;
  readonly tokenStdin?: true;
}

export function loginCommand(cli: Cli): Command {
  return createCommand({
    name: 'login',
    summary: 'Sign in to a gate, for the commands of pullgate api',
    examples: [
      'login --url https://gate.acme.dev --username alice',
      'login --url https://gate.acme.dev --username alice --token-stdin < token.txt',
      'login --url https://gate.acme.dev --username acme',
    ],
    notes: [
      'It asks for a password or an access token, and for the code of a second factor. In scripts, the token comes from',
      'the standard input (--token-stdin) or from PULLGATE_TOKEN. With an organization access token, the user name is',
      'the name of the organization.',
      'A password is not kept: that sign-in ends after half an hour. An access token is kept, readable to you alone.',
    ],
    isRemote: true,
  })
    .addOption(new Option('--url <address>', 'address of the gate (default: where you signed in last)'))
    .option('--username <name>', 'who signs in')
    .option('--token-stdin', 'read an access token from the standard input')
    .action(action(cli, login));
}

async function login({ shell, options, output }: Session<Options>) {
  const url = parseGateAddress(
    options.url ?? readSignIn(shell)?.url ?? (await asked(shell, 'Address of the gate', '--url https://gate.acme.dev')),
  );
  const username = options.username ?? (await asked(shell, 'User name', '--username alice'));
  const secret = await readSecret(shell, options);
  const client = clientFor({ baseUrl: url });
  const bearer = await orFailure(shell, () => bearerFor(client, username, secret, shell));
  const file = storeSignIn(shell, { url, username, bearer, ...(secret.isToken && { token: secret.text }) });
  const end = secret.isToken ? undefined : endOf(bearer);
  output.result({ url, username, until: end === undefined ? null : timestamp(end) }, ({ strong }) =>
    [`Signed in to ${url} as ${strong(username)}`, ...(end === undefined ? [] : [`until ${timeOf(end)}`])].join(' '),
  );
  output.hint(`What the next commands need is kept in ${file}, until ${shell.program} logout.`);
  return exitCode.ok;
}

const maxSecretLength = 4096;
const tokenShape = /^pg[po]_\w+$/;

interface Secret {
  readonly text: string;
  /** An access token, which lasts; else a password. */
  readonly isToken: boolean;
}

/** From where it is not seen: never from an argument, which every process of the machine can read. */
async function readSecret(shell: Shell, { tokenStdin }: Options): Promise<Secret> {
  const piped = tokenStdin ? await firstLine(shell) : shell.env['PULLGATE_TOKEN']?.trim();
  if (piped) {
    if (tokenShape.test(piped)) return { text: piped, isToken: true };
    throw usage('That is no access token of a gate: these begin with pgp_ or pgo_.');
  }
  if (tokenStdin) throw usage(`Pipe an access token in: ${shell.program} login … --token-stdin < token.txt`);
  const typed = await shell.ask('Password or access token', 'secret');
  if (!typed) throw usage('Pipe an access token in with --token-stdin, or put it into PULLGATE_TOKEN.');
  return { text: typed, isToken: tokenShape.test(typed) };
}

/** `echo` and editors end it. */
async function firstLine(shell: Shell): Promise<string | undefined> {
  return (await shell.input(maxSecretLength))?.split(/\r?\n/, 1)[0]?.trim();
}

async function asked(shell: Shell, question: string, option: string): Promise<string> {
  const answer = (await shell.ask(question, 'text'))?.trim();
  if (answer) return answer;
  throw usage(`${question} is missing. Say it with ${option}.`);
}

async function bearerFor(client: Client, username: string, secret: Secret, shell: Shell): Promise<string> {
  try {
    return secret.isToken
      ? await exchange(client, username, secret.text)
      : await signInWithPassword(client, username, secret.text, shell);
  } catch (error) {
    // Told to sign in again, one would be here already.
    if (error instanceof ApiError && error.status === 401) throw new Failure(error.detail, exitCode.unauthorized);
    throw error;
  }
}

async function signInWithPassword(client: Client, username: string, password: string, shell: Shell): Promise<string> {
  try {
    return (await client.signIn({ body: { username, password } })).token;
  } catch (error) {
    const ticket = secondFactorTicket(error);
    if (ticket === undefined) throw error;
    const code = (await shell.ask('Code of the second factor', 'secret'))?.replaceAll(/\s/g, '');
    if (!code) throw usage('This account has a second factor. Use an access token where nobody can type its code.');
    return (await client.signInWithSecondFactor({ body: { login_2fa_token: ticket, code } })).token;
  }
}

/** What a sign-in is answered with that asks for the second factor. */
function secondFactorTicket(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || error.status !== 401) return undefined;
  const { login_2fa_token: ticket } = (error.body ?? {}) as { readonly login_2fa_token?: unknown };
  return typeof ticket === 'string' ? ticket : undefined;
}
