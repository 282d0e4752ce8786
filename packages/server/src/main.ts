import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createAccess } from './access/access.ts';
import { createIdentify } from './access/caller.ts';
import { type Checked, createCheck } from './access/check.ts';
import type { LiveDirectory } from './access/directory.ts';
import { openLiveDirectory } from './access/live-directory.ts';
import { createPasswordLogin } from './access/password-login.ts';
import { createSignIn } from './access/sign-in.ts';
import type { Actor } from './activity/activity.ts';
import { startActivityDuties } from './activity/duties.ts';
import { type Administration, createAdministration } from './administration.ts';
import { openBlobStore } from './cache/blob-store.ts';
import { createPullThroughCache } from './cache/pull-through-cache.ts';
import type { Configuration } from './configuration/configuration.ts';
import { readConsole } from './console/files.ts';
import { createConsole } from './console/handler.ts';
import type { ContentErrorCode } from './content/content-error.ts';
import { type Databases, locateDatabases, openDatabases } from './database/connect.ts';
import { openContentIndex } from './database/content-index.ts';
import { openDirectoryReader } from './database/directory-reader.ts';
import { openPositionStore } from './database/position-store.ts';
import { databasePullQuery, pullQueryLocation } from './database/pull-query.ts';
import { databasePullStore, pullArchiveLocation } from './database/pull-store.ts';
import { openSigningKey } from './database/signing-key.ts';
import { openStores } from './database/stores.ts';
import { createDecisionPage } from './decision-page/handler.ts';
import { type Handler, listen } from './http/listener.ts';
import type { PublicAddress } from './http/public-address.ts';
import { type ServedCertificate, serveCertificate } from './main/certificate.ts';
import { inForce } from './main/in-force.ts';
import { makeFolder } from './main/make-folder.ts';
import type { ManagementParts } from './main/management.ts';
import { onDemand } from './main/on-demand.ts';
import { publicAddress } from './main/public-address.ts';
import { setPassword } from './main/set-password.ts';
import { openCatalog, openUpstreams } from './main/upstreams.ts';
import { createCacheUse } from './observe/cache-use.ts';
import { clientAddress, trustedProxies } from './observe/client-address.ts';
import { type Log, openLog } from './observe/log.ts';
import { openMetrics } from './observe/metrics.ts';
import { createOperation } from './observe/operation.ts';
import { createUpstreamHealth } from './observe/upstream-health.ts';
import { clientFamily } from './pulls/client-family.ts';
import { newDecisionId } from './pulls/decision-id.ts';
import { readNodeId } from './pulls/node-id.ts';
import type { PullRecord } from './pulls/pull-record.ts';
import type { ChainReader, PullStore } from './pulls/pull-store.ts';
import { createPulls, type Pulls } from './pulls/pulls.ts';
import { openQueryThread } from './pulls/query-client.ts';
import { openRecorder } from './pulls/recorder.ts';
import { verifyChains } from './pulls/verify.ts';
import { createRegistry } from './registry/handler.ts';
import { repositoryNamed } from './registry/route.ts';
import { createRouter, starting } from './router.ts';
import { createTokenService } from './token/endpoint.ts';
import { createRegistryTokens } from './tokens/registry-token.ts';
import { createTokenUseNotes } from './tokens/token-use.ts';
import { createAddressGuard } from './upstream/guard.ts';

/** A running gate. */
export interface Gate {
  /** How clients reach it. */
  readonly url: string;
  readonly port: number;
  /** There is no organization yet, so nothing can be pulled. */
  readonly empty: boolean;
  /** Where the first organization and its owner are made, once: to be shown to whoever started the gate. */
  readonly setUpLink: string | undefined;
  /** Takes nothing new, lets running pulls end within the configured grace, and closes everything. */
  close(): Promise<void>;
}

/** An installation's data, opened by a command beside or without a running gate. */
export interface Installation {
  readonly administration: Administration;
  readonly pulls: PullStore & Pulls;
  /** Replaces whatever password the person had. @throws NotFound, InvalidInput */
  setPassword(username: string, password: string, actor: Actor): Promise<void>;
  /** Computes the chains of the pull records anew. */
  verifyPulls(): ReturnType<typeof verifyChains>;
  /** Judges a reference as a person, or as nobody signed in, without pulling or recording. */
  judge(reference: string, username: string | undefined): Promise<Checked>;
  close(): Promise<void>;
}

/** Where the console's build leaves it. */
const consoleFolder = join(import.meta.dirname, '..', '..', 'console', 'dist');

/** Opens the port first, so that a taken one is told before anything is touched, and answers 503 until all is ready. */
export async function startGate(
  configuration: Configuration,
  log: Log = openLog(configuration.log.level),
): Promise<Gate> {
  const closing = new AsyncDisposableStack();
  let handle: Handler = starting;
  try {
    const certificate = configuration.tls && (await serveCertificate(configuration.tls, log));
    const { graceMs } = configuration.shutdown;
    const listener = await listen({
      ...configuration.listen,
      tls: certificate?.current,
      handle: (request, response) => handle(request, response),
      onUnexpected: (error, request) =>
        log.error({ err: error, method: request?.method, path: request?.url?.split('?', 1)[0] }, 'A request failed.'),
    });
    // Registered first, so closed last of all if starting fails; a running gate closes it first, see below.
    closing.defer(() => listener.close(0));
    if (certificate) closing.defer(certificate.follow(listener));
    const address = publicAddress(configuration, listener.port);
    const parts = await openParts(configuration, { address, certificate }, log, closing);
    handle = parts.handle;
    const setUpSecret = await parts.beginSetUp();
    log.info({ url: address.url, data: configuration.data }, 'The gate is ready.');
    return {
      url: address.url,
      port: listener.port,
      get empty() {
        return parts.directory.current.home === undefined;
      },
      // Behind the `#`, which no browser sends to anybody.
      setUpLink: setUpSecret && `${address.url}/console/set-up#${setUpSecret}`,
      async close() {
        log.info({}, 'The gate is closing.');
        await listener.close(graceMs);
        await parts.drain(graceMs);
        await closing.disposeAsync();
      },
    };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

interface Parts {
  readonly handle: Handler;
  readonly directory: LiveDirectory;
  beginSetUp(): Promise<string | undefined>;
  drain(milliseconds: number): Promise<void>;
}

async function openParts(
  configuration: Configuration,
  { address, certificate }: { address: PublicAddress; certificate: ServedCertificate | undefined },
  log: Log,
  closing: AsyncDisposableStack,
): Promise<Parts> {
  const state = await openState(configuration, log, closing);
  const { databases, stores, directory } = state;
  const notices = await databases.followChanges(() => directory.refresh());
  closing.defer(() => notices?.close());
  const now = Date.now;
  const warn = (message: string) => (error: unknown) => log.warn({ err: error }, message);

  const metrics = openMetrics({
    cacheBytes: () => store.usedBytes(),
    downloadsRunning: () => cache.downloadsRunning,
    pullRecordsPending: () => recorder.pending,
    deliveryLags: () => duties.lags(),
    certificateExpiresAt: certificate && (() => certificate.current.expiresAt),
  });
  const pulls = databasePullStore(await databases.open('pulls'));
  const journal = join(configuration.data, 'journal');
  const recorder = openRecorder({
    folder: journal,
    archive: pullArchiveLocation(locateDatabases(configuration).pulls),
    store: pulls,
    retentionMs: configuration.pulls.retentionMs,
    log,
  });
  closing.defer(() => recorder.close());
  const duties = await startActivityDuties({
    configuration: configuration.activity,
    stores,
    pulls,
    positions: openPositionStore(await databases.open('notes')),
    guardFor: createAddressGuard,
    node: readNodeId(journal),
    host: new URL(address.url).hostname,
    now,
    log,
  });
  closing.defer(() => duties.close());

  const catalog = await openCatalog(configuration, stores, log, closing);
  const index = openContentIndex(await databases.open('index'));
  const store = await openBlobStore({
    folder: join(configuration.data, 'cache'),
    maxBytes: configuration.cache.maxBytes,
    onEvicted: (digests) => void index.removeDigests(digests).catch(warn('Evicted content is still indexed.')),
  });
  const health = createUpstreamHealth(configuration.upstreams.keys(), now, (registry, failure) => {
    if (failure === null) log.info({ registry }, 'A registry answers again.');
    else log.warn({ registry, failure }, 'A registry fails; what is in the cache is served.');
  });
  const observer = {
    succeeded: health.succeeded,
    failed(registry: string, code: ContentErrorCode) {
      health.failed(registry, code);
      metrics.upstreamError(registry, code);
    },
  };
  const cacheUse = createCacheUse(now);
  const cache = createPullThroughCache({
    upstreamOf: openUpstreams(configuration, directory, observer, closing),
    store,
    index,
    tagTtl: configuration.cache.tagTtlMs,
    onLookup(result) {
      metrics.cacheRequest(result);
      cacheUse.count(result);
    },
    onError: warn('The cache could not keep something; pulls go on.'),
  });

  const key = await openSigningKey(await databases.open('state'), now());
  const tokens = await createRegistryTokens({
    key,
    issuer: address.url,
    service: address.service,
  });
  const notes = openStores(await databases.open('notes')).tokenUse;
  const uses = createTokenUseNotes(notes, warn('Uses of tokens could not be noted.'));
  closing.defer(() => uses.close());
  const access = createAccess({
    directory,
    catalog,
    upstreams: new Set(configuration.upstreams.keys()),
    recorder,
    newId: newDecisionId,
    onDecision: metrics.decision,
    onUnrecorded: metrics.unrecordedRefusal,
    now,
  });
  const signIn = createSignIn(directory, now);
  const proxies = trustedProxies(configuration.trustedProxies);
  const factsOf = (request: IncomingMessage) => ({
    address: clientAddress(request.socket.remoteAddress ?? '', request.headers['x-forwarded-for']?.toString(), proxies),
    client: clientFamily(request.headers['user-agent']),
  });
  const changing = inForce(stores, directory);
  const administration = createAdministration(changing);
  const addressOf = (request: IncomingMessage) => factsOf(request).address;
  const parts: ManagementParts = {
    configuration,
    address,
    proxies,
    addressOf,
    database: await databases.open('state'),
    stores: changing,
    directory,
    administration,
    catalog,
    check: createCheck({ directory, catalog, upstreams: configuration.upstreams, address }),
    pulls: await openPulls(configuration, databases, directory, () => recorder.refusals(), closing),
    recorder,
    deliveries: () => duties.states(),
    signIn,
    key,
    uses,
    cacheUse,
    health,
    cacheBytes: () => store.usedBytes(),
    log,
  };
  const management = onDemand(async () => (await import('./main/management.ts')).openManagement(parts, closing));

  const consoleFiles = await readConsole(consoleFolder);
  const handle = createRouter({
    api: async () => (await management()).api,
    registry: createRegistry({
      access,
      identify: createIdentify(tokens, directory, now),
      content: cache,
      address,
      factsOf,
      onAnswered: metrics.request,
    }),
    token: createTokenService({
      access,
      signIn,
      passwordLogin: createPasswordLogin(directory, async (...login) => (await management()).checkLogin(...login)),
      directory,
      tokens,
      address,
      repositoryNamed: (name, host) => repositoryNamed(name, undefined, address.registryOfHost(host ?? '')),
      factsOf,
      onUse: ({ id }, from) => uses.noteUse(id, now(), from),
      onAnswered: (seconds) => metrics.request('token', seconds),
      now,
    }),
    console: createConsole(consoleFiles),
    decisionPage: createDecisionPage({
      signIn,
      find: (id, organizationId) => recorder.find(id, organizationId === undefined ? {} : { organizationId }),
      ownersOf: async (organizationId) => {
        const name = directory.current.organizationById(organizationId)?.name;
        const members = name === undefined ? [] : await administration.members.list(name);
        return members.filter(({ role, isActive }) => role === 'owner' && isActive).map(({ username }) => username);
      },
      hasConsole: consoleFiles !== undefined,
    }),
    operation: createOperation({
      metrics,
      dependencies: {
        database: () =>
          stores.directory.revision().then(
            () => true,
            () => false,
          ),
        recorder,
        directory,
      },
    }),
    address,
  });
  return {
    handle,
    directory,
    beginSetUp: async () => (directory.current.home === undefined ? (await management()).setUp.begin() : undefined),
    drain: (milliseconds) => cache.drain(milliseconds),
  };
}

/** Opens the data folder for a command. A running gate takes every change in within a second. */
export async function openInstallation(configuration: Configuration): Promise<Installation> {
  const closing = new AsyncDisposableStack();
  const log = openLog('silent');
  try {
    const { databases, stores, directory } = await openState(configuration, log, closing);
    const catalog = await openCatalog(configuration, stores, log, closing);
    const store = databasePullStore(await databases.open('pulls'));
    const pulls = await openPulls(configuration, databases, directory, () => [], closing);
    const address = publicAddress(configuration, configuration.listen.port);
    const check = createCheck({ directory, catalog, upstreams: configuration.upstreams, address });
    return {
      administration: createAdministration(stores),
      pulls: { ...store, ...pulls },
      setPassword: (username, password, actor) => setPassword(stores, username, password, actor),
      verifyPulls: () => verifyChains(unhurried(store)),
      async judge(reference, username) {
        await directory.reload();
        return check.asPerson(reference, username);
      },
      close: () => closing.disposeAsync(),
    };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

async function openState(configuration: Configuration, log: Log, closing: AsyncDisposableStack) {
  await makeFolder(configuration.data);
  const databases = openDatabases(locateDatabases(configuration));
  closing.defer(() => databases.close());
  const stores = openStores(await databases.open('state'));
  const directory = await openLiveDirectory(openDirectoryReader(await databases.open('directory')), (error) =>
    log.error({ err: error }, 'The directory could not be read; the last one stays in force.'),
  );
  closing.defer(() => directory.close());
  return { databases, stores, directory };
}

/** Reading never waits for anything, so without a pause a display of progress would never get its turn. */
function unhurried(reader: ChainReader): ChainReader {
  return {
    chainEnds: () => reader.chainEnds(),
    async links(chain, afterSequence, limit) {
      await setImmediate();
      return reader.links(chain, afterSequence, limit);
    },
  };
}

/**
 * Reads pull records beside the gate: SQLite answers while its caller waits, so it has a thread of its own.
 *
 * @param recent gives records that may not be stored yet.
 */
async function openPulls(
  configuration: Configuration,
  databases: Databases,
  directory: LiveDirectory,
  recent: () => Iterable<PullRecord>,
  closing: AsyncDisposableStack,
): Promise<Pulls> {
  const upstreams = new Set(configuration.upstreams.keys());
  const location = locateDatabases(configuration).pulls;
  if (location.kind === 'postgres') {
    const query = databasePullQuery(await databases.open('pulls'));
    return createPulls({ query, recent, directory, upstreams, now: Date.now });
  }
  const query = openQueryThread(pullQueryLocation(location));
  closing.defer(() => query.close());
  return createPulls({ query, recent, directory, upstreams, now: Date.now });
}
