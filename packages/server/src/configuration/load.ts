import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { resolveActivity } from './activity.ts';
import { type Complain, type Complaint, located } from './complaints.ts';
import type { Configuration } from './configuration.ts';
import { ConfigurationError } from './configuration-error.ts';
import { resolveDatabase } from './database.ts';
import { readDocument } from './document.ts';
import { type Environment, fileVariable, override, unknownVariables } from './environment.ts';
import { wordsOfFailure } from './file-failure.ts';
import { resolveMail } from './mail.ts';
import { resolveOverrides } from './overrides.ts';
import { type FileSettings, fileSchema } from './schema.ts';
import { type SecretReader, secretReader } from './secrets.ts';
import { resolveUpstreams } from './upstreams.ts';

/** Read when it exists and nothing else is named. */
const defaultFile = 'pullgate.yaml';

const maximumFileBytes = 1024 * 1024;

export interface ConfigurationInput {
  /** Before `PULLGATE_CONFIG` and the default file. */
  readonly file?: string | undefined;
  readonly env: Environment;
  /** Absolute path of the working folder. */
  readonly cwd: string;
}

/**
 * Reads one YAML file, if there is one, lays the environment over it and fills in the rest. Relative paths in the file
 * are relative to the file. Throws `ConfigurationError` with all that is wrong.
 */
export function loadConfiguration({ file, env, cwd }: ConfigurationInput): Configuration {
  const source = chooseFile(file, env, cwd);
  const document = source && readDocument(source.name, source.text);
  const settings = override(document?.value, env, cwd);
  const complaints: Complaint[] = [];
  const complain: Complain = (complaint) => complaints.push(complaint);

  const folder = source === undefined ? cwd : path.dirname(source.path);
  const secrets = secretReader(env, folder, complain);
  const parsed = fileSchema.safeParse(settings.value);
  for (const issue of parsed.error?.issues ?? []) complainOf(issue, complain);
  const configuration = parsed.success ? resolve(parsed.data, source?.path, folder, secrets, complain) : undefined;

  const problems = complaints.map((complaint) => located(complaint, settings, document, source?.name ?? 'pullgate'));
  // Which variables hold secrets is known only when the settings could be read.
  if (parsed.success) problems.push(...unknownVariables(env, secrets.variables));
  if (configuration === undefined || problems.length > 0) throw new ConfigurationError(problems);
  return configuration;
}

function chooseFile(file: string | undefined, env: Environment, cwd: string) {
  const named = file ?? (env[fileVariable] || undefined);
  const name = named ?? defaultFile;
  const absolute = path.resolve(cwd, name);
  if (named === undefined && !existsSync(absolute)) return undefined;
  try {
    if (statSync(absolute).size <= maximumFileBytes) {
      return { name, path: absolute, text: readFileSync(absolute, 'utf8') };
    }
  } catch (error) {
    const reason = wordsOfFailure(error);
    throw unusable(name, `a readable file ${absolute}`, reason);
  }
  throw unusable(name, 'a file of at most 1 MiB', 'a bigger one');
}

function unusable(source: string, expected: string, found: string): ConfigurationError {
  return new ConfigurationError([{ source, line: undefined, column: undefined, setting: '', expected, found }]);
}

function complainOf(issue: z.core.$ZodIssue, complain: Complain): void {
  const at = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code !== 'unrecognized_keys') {
    complain({ path: at, part: 'value', expected: issue.message });
    return;
  }
  const expected = issue.message.split('\n');
  for (const [index, key] of issue.keys.entries()) {
    complain({
      path: [...at, key],
      part: 'key',
      expected: expected[index] ?? 'a setting that exists',
      found: 'a setting that does not exist',
    });
  }
}

function resolve(
  settings: FileSettings,
  file: string | undefined,
  folder: string,
  secrets: SecretReader,
  complain: Complain,
): Configuration {
  const tls = resolveTls(settings.tls, folder, complain);
  const scheme = tls === undefined ? 'http' : 'https';
  const url = settings.url ?? `${scheme}://localhost:${settings.listen.port}`;
  const gateHost = new URL(url).hostname;
  return {
    file,
    url,
    listen: settings.listen,
    tls,
    data: path.resolve(folder, settings.data),
    database: resolveDatabase(settings.database, folder, secrets, complain),
    trustedProxies: settings.trusted_proxies,
    upstreams: resolveUpstreams(settings.upstreams, gateHost, secrets, complain),
    hub: settings.hub,
    catalog: {
      refreshMs: settings.catalog.refresh,
      overrides: resolveOverrides(settings.catalog.overrides, complain),
    },
    cache: { maxBytes: settings.cache.max_bytes, tagTtlMs: settings.cache.tag_ttl },
    log: settings.log,
    pulls: { retentionMs: settings.pulls.retention },
    activity: resolveActivity(settings.activity, folder, secrets, complain),
    mail: resolveMail(settings.mail, secrets, complain),
    singleSignOn: {
      allowPrivateAddresses: settings.single_sign_on.allow_private_addresses,
      allowHttp: settings.single_sign_on.allow_http,
    },
    shutdown: { graceMs: settings.shutdown.grace },
  };
}

function resolveTls(tls: FileSettings['tls'], folder: string, complain: Complain): Configuration['tls'] {
  const { certificate, key } = tls;
  if (certificate !== undefined && key !== undefined) {
    return { certificate: path.resolve(folder, certificate), key: path.resolve(folder, key) };
  }
  if (certificate !== undefined) {
    complain({ path: ['tls', 'certificate'], part: 'key', expected: 'a key beside it', found: 'none' });
  }
  if (key !== undefined) {
    complain({ path: ['tls', 'key'], part: 'key', expected: 'a certificate beside it', found: 'none' });
  }
  return undefined;
}
