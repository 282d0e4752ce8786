import type { CatalogCategory } from '@pullgate/policy';
import type { Secret } from './secret.ts';

/** Everything that one installation is told from outside: one file, some environment variables, defaults for the rest. */
export interface Configuration {
  /** Absolute path of the file that was read; undefined when there was none. */
  readonly file: string | undefined;
  /** How people and clients reach the gate: an origin, without a slash at the end. */
  readonly url: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Absolute paths of PEM files; undefined speaks plain HTTP. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  /** Absolute path of the folder with state and cache. */
  readonly data: string;
  /** The database that several nodes share; undefined keeps the state in the data folder, for one node. */
  readonly database: PostgresConfiguration | undefined;
  /** `address/prefix` of the proxies whose word about the client's address counts. */
  readonly trustedProxies: readonly string[];
  /** By canonical host. */
  readonly upstreams: ReadonlyMap<string, UpstreamConfiguration>;
  /** Docker Hub's API, asked without signing in: badges are public. */
  readonly hub: { readonly url: string };
  readonly catalog: {
    readonly refreshMs: number;
    /** By canonical repository name. */
    readonly overrides: ReadonlyMap<string, CatalogCategory>;
  };
  readonly cache: { readonly maxBytes: number; readonly tagTtlMs: number };
  readonly log: { readonly level: LogLevel };
  readonly pulls: { readonly retentionMs: number };
  readonly activity: ActivityConfiguration;
  /** The server that letters are sent through; undefined for none. */
  readonly mail: MailConfiguration | undefined;
  /** What holds for the identity providers of all organizations. */
  readonly singleSignOn: {
    /** The operator vouches for identity providers on loopback and private addresses. */
    readonly allowPrivateAddresses: boolean;
    readonly allowHttp: boolean;
  };
  readonly shutdown: { readonly graceMs: number };
}

export interface PostgresConfiguration {
  /** Host name or address, or the folder of the server's Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Undefined when the server asks for none. */
  readonly password: Secret | undefined;
  /** Connections at most, besides the few that the records and the directory have for themselves. */
  readonly connections: number;
  readonly statementTimeoutMs: number;
  /** Absolute paths of PEM files; undefined speaks without TLS. */
  readonly tls:
    | {
        readonly ca: string | undefined;
        readonly client: { readonly certificate: string; readonly key: string } | undefined;
      }
    | undefined;
}

export interface ActivityConfiguration {
  /** Undefined keeps everything. */
  readonly retentionMs: number | undefined;
  /** Each by its own name. */
  readonly webhooks: readonly WebhookConfiguration[];
  readonly syslog: SyslogConfiguration | undefined;
}

export interface WebhookConfiguration {
  readonly name: string;
  /** May hold a secret: it is never logged. */
  readonly url: string;
  /** What deliveries are signed with. */
  readonly secret: Secret;
  /** Whether refused pulls are delivered as well. */
  readonly refusals: boolean;
  /** The operator vouches for a receiver on a loopback or private address. */
  readonly allowPrivateAddresses: boolean;
}

export interface SyslogConfiguration {
  readonly host: string;
  readonly port: number;
  /** Absolute paths of PEM files; undefined trusts the usual authorities. */
  readonly ca: string | undefined;
  readonly client: { readonly certificate: string; readonly key: string } | undefined;
  /** Whether refused pulls are delivered as well. */
  readonly refusals: boolean;
}

export interface UpstreamConfiguration {
  /** Canonical host. */
  readonly registry: string;
  /** The origin that is asked, without a slash at the end. */
  readonly url: string;
  /** The only token service that ever sees this upstream's credentials. */
  readonly token: { readonly realm: string; readonly service: string | undefined } | undefined;
  /** For everything that no organization's own credential is for. */
  readonly credential: UpstreamCredential | undefined;
  /** By organization name: for the namespaces that the organization claims here. */
  readonly organizations: ReadonlyMap<string, UpstreamCredential>;
  /** Host names, lower case and without port, under which the gate stands for this upstream. */
  readonly aliases: readonly string[];
  /** The operator vouches for an upstream on a loopback, private or link-local address. */
  readonly allowPrivateAddresses: boolean;
  readonly allowHttp: boolean;
}

export interface UpstreamCredential {
  readonly username: string;
  readonly password: Secret;
}

export interface MailConfiguration {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte on, `starttls` before anything is said, `none` for a server on the same machine. */
  readonly security: 'starttls' | 'tls' | 'none';
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  /** `Pullgate <gate@acme.example>` */
  readonly from: string;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
