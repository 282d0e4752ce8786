import { X509Certificate } from 'node:crypto';
import { access, constants, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import { type Configuration, ConfigurationError, readCertificate, type UpstreamCredential } from '@pullgate/server';
import type { Command } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { pairs } from '../../output/table.ts';
import { action, type Cli, type Session } from '../../session.ts';

/** One thing that was looked at. */
interface Finding {
  readonly subject: string;
  readonly ok: boolean;
  readonly message: string;
}

export function configCheckCommand(cli: Cli): Command {
  return createCommand({
    name: 'check',
    summary: 'Read the configuration and look whether it can work',
    examples: ['config check', 'config check --config /etc/pullgate.yaml --json'],
    notes: ['Nothing is changed and nobody is asked over the network.'],
  }).action(action(cli, check));
}

async function check({ output, configuration }: Session<object>) {
  const looking = lookAt(configuration);
  // People read mistakes as `serve` would tell them; a program wants one form for all that was found.
  const findings = await (output.isJson ? looking.catch(mistakesOf) : looking);
  const ok = findings.every((finding) => finding.ok);
  output.result({ ok, findings }, ({ good, bad }) =>
    pairs(findings.map((one) => [one.ok ? good('ok') : bad('wrong'), `${one.subject.padEnd(9)}${one.message}`])),
  );
  return ok ? exitCode.ok : exitCode.failure;
}

function mistakesOf(error: unknown): readonly Finding[] {
  if (!(error instanceof ConfigurationError)) throw error;
  return error.message.split('\n').map((message) => ({ subject: 'file', ok: false, message }));
}

async function lookAt(configuration: () => Configuration): Promise<readonly Finding[]> {
  const settings = configuration();
  return [
    {
      subject: 'file',
      ok: true,
      message: settings.file ?? 'none: defaults and environment',
    },
    checkUrl(settings),
    await checkTls(settings),
    {
      subject: 'hub',
      ok: true,
      message: `categories from ${settings.hub.url}`,
    },
    await checkData(settings.data),
    describeDatabase(settings),
    ...upstreams(settings),
  ];
}

function checkUrl({ url, listen }: Configuration): Finding {
  const { hostname, protocol } = new URL(url);
  const local = isLoopback(hostname);
  if (local && !isLoopback(listen.host)) {
    return {
      subject: 'url',
      ok: false,
      message: `${url}, but listening on ${listen.host}: clients of other machines would be sent to ${hostname} for tokens. Set url to the address that they use.`,
    };
  }
  const advice =
    protocol === 'http:' && !local ? '; Docker wants https, or the host among its insecure-registries' : '';
  return { subject: 'url', ok: true, message: `${url}, listening on ${listen.host} port ${listen.port}${advice}` };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || host.startsWith('127.');
}

async function checkTls(settings: Configuration): Promise<Finding> {
  const subject = 'tls';
  const { tls } = settings;
  if (tls === undefined) return { subject, ok: true, message: 'none: plain http' };
  const files = `${tls.certificate} with ${tls.key}`;
  try {
    const { certificate } = await readCertificate(tls);
    const mistakes = mistakesOfCertificate(new X509Certificate(certificate), settings);
    return { subject, ok: mistakes.length === 0, message: [files, ...mistakes].join('; ') };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { subject, ok: false, message: `${files}: ${reason}` };
  }
}

/** What clients would refuse it for. Whether they trust who signed it, they know better. */
function mistakesOfCertificate(certificate: X509Certificate, settings: Configuration): readonly string[] {
  const now = Date.now();
  // Behind a proxy, what clients connect to has another certificate.
  const hosts = settings.trustedProxies.length > 0 ? [] : hostsOf(settings);
  const foreign = hosts.filter((host) => !isNamed(certificate, host.replace(/:\d+$/, '')));
  return [
    ...(certificate.validToDate.getTime() < now ? [`it has expired (${certificate.validTo})`] : []),
    ...(certificate.validFromDate.getTime() > now ? [`it is not valid yet (${certificate.validFrom})`] : []),
    ...(foreign.length > 0 ? [`it is not for ${foreign.join(', ')}`] : []),
  ];
}

function hostsOf({ url, upstreams }: Configuration): readonly string[] {
  return [new URL(url).hostname, ...[...upstreams.values()].flatMap(({ aliases }) => aliases)];
}

function isNamed(certificate: X509Certificate, host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  return (isIP(address) === 0 ? certificate.checkHost(address) : certificate.checkIP(address)) !== undefined;
}

async function checkData(folder: string): Promise<Finding> {
  const subject = 'data';
  const [found, isNew] = await existing(folder);
  try {
    if (!(await stat(found)).isDirectory()) return { subject, ok: false, message: `${found} is not a folder` };
    await access(found, constants.W_OK | constants.X_OK);
    return { subject, ok: true, message: isNew ? `${folder}, which will be made` : folder };
  } catch {
    return { subject, ok: false, message: `This user may not write to ${found}` };
  }
}

function describeDatabase({ database }: Configuration): Finding {
  const subject = 'database';
  if (database === undefined) return { subject, ok: true, message: 'in the data folder, for one node' };
  const { host, port, user, tls } = database;
  const safety = tls === undefined ? 'without TLS' : 'with TLS';
  return {
    subject,
    ok: true,
    message: `PostgreSQL ${database.database} on ${host} port ${port} as ${user}, ${safety}`,
  };
}

/** The folder, or the nearest one above it that there is. */
async function existing(folder: string): Promise<readonly [found: string, isNew: boolean]> {
  try {
    await stat(folder);
    return [folder, false];
  } catch (error) {
    const parent = path.dirname(folder);
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing && parent !== folder ? [(await existing(parent))[0], true] : [folder, false];
  }
}

function upstreams(settings: Configuration): readonly Finding[] {
  return [...settings.upstreams.values()].map(({ registry, url, credential, organizations, aliases }) => {
    const own = organizations.size === 0 ? '' : `, as ${[...organizations.keys()].join(' and ')} for their own images`;
    const names = aliases.length === 0 ? withoutAlias(registry) : `, also under ${aliases.join(' and ')}`;
    return {
      subject: 'upstream',
      ok: true,
      message: `${registry} from ${url} ${signInWords(credential)}${own}${names}`,
    };
  });
}

/** A name of an image has no place for a port, so that only clients which send `ns` could say this registry. */
function withoutAlias(registry: string): string {
  return registry.includes(':') ? '; give it an alias, for clients that cannot name a port' : '';
}

function signInWords(credential: UpstreamCredential | undefined): string {
  return credential === undefined ? 'without signing in' : `as ${credential.username}`;
}
