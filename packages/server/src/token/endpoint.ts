import type { IncomingMessage, ServerResponse } from 'node:http';
import { anonymous } from '@pullgate/policy';
import { type Access, type Judgement, TooManyRefusals } from '../access/access.ts';
import { anonymousSubject, type Caller, isUsable } from '../access/caller.ts';
import type { Credential } from '../access/directory.ts';
import { type CatchingUp, orWhenCaughtUp } from '../access/live-directory.ts';
import type { PasswordLogin } from '../access/password-login.ts';
import { refusalText } from '../access/refusal-text.ts';
import type { SignIn } from '../access/sign-in.ts';
import { type Answer, jsonAnswer, send, tokenErrorAnswer } from '../http/answer.ts';
import type { PublicAddress } from '../http/public-address.ts';
import type { ClientFacts } from '../http/request.ts';
import { type RegistryTokens, registryTokenSeconds } from '../tokens/registry-token.ts';
import { looksLikeToken } from '../tokens/secret.ts';
import { InvalidScope, parseScopes, type ScopeRequest } from './scope.ts';
import { InvalidTokenRequest, readTokenRequest, type TokenRequest } from './token-request.ts';

export interface TokenServiceOptions {
  readonly access: Access;
  readonly signIn: SignIn;
  /** With a console password, for what is no access token. */
  readonly passwordLogin: PasswordLogin;
  readonly directory: CatchingUp;
  readonly tokens: RegistryTokens;
  readonly address: PublicAddress;
  readonly repositoryNamed: (name: string, hostHeader: string | undefined) => ScopeRequest['repository'];
  readonly factsOf: (request: IncomingMessage) => ClientFacts;
  /** An access token was used. Batched: nothing here waits for it. */
  readonly onUse: (credential: Credential, address: string) => void;
  /** How long a request took, in seconds. */
  readonly onAnswered: (seconds: number) => void;
  readonly now: () => number;
}

/**
 * Docker's token service. A good sign-in always gets a token, and the token says who, never what is allowed: that is
 * decided at the resource. The one exception is the classic engine, whose text for a refusal there is misleading.
 */
export function createTokenService(options: TokenServiceOptions) {
  const { access, signIn, directory, tokens, address, factsOf, now } = options;

  function credentialOf({ username, password }: { username: string; password: string }, from: string) {
    return looksLikeToken(password) ? signIn(username, password) : options.passwordLogin(username, password, from);
  }

  async function callerOf(
    login: TokenRequest['login'],
    scope: ReadonlySet<string>,
    from: string,
  ): Promise<Caller | Answer> {
    switch (login.kind) {
      case 'none':
        return { principal: anonymous, credential: undefined, scope };
      case 'password': {
        const result = await credentialOf(login, from);
        return 'refused' in result ? unauthorized(result.refused) : callerWith(result, scope);
      }
      case 'refresh': {
        const subject = await tokens.verifyRefresh(login.token);
        const credential =
          subject === undefined
            ? undefined
            : await orWhenCaughtUp(directory, () => directory.current.credentialById(subject));
        if (credential && isUsable(credential, now())) return callerWith(credential, scope);
        return unauthorized(`This sign-in is not valid any more: docker login ${address.host}`);
      }
    }
  }

  function mustSignIn({ credential }: Caller): boolean {
    return credential === undefined && (directory.current.home?.enforceSignIn ?? true);
  }

  /** Judges what is asked for, where a refusal is told here already. The first one is the answer. */
  async function refusalOf(request: IncomingMessage, caller: Caller, scopes: readonly ScopeRequest[]) {
    const classic = isClassicDocker(request);
    if (!classic && !mustSignIn(caller)) return undefined;
    for (const { repository } of scopes) {
      const judgement = await access.judge(caller, repository);
      const { verdict, rule } = judgement.decision;
      if (verdict === 'allow' || !(classic || rule === 'sign-in-required')) continue;
      await access.record(judgement, {
        operation: 'token',
        method: request.method ?? '',
        ...factsOf(request),
        tag: undefined,
        digest: undefined,
        stale: false,
      });
      return refusedAnswer(judgement);
    }
    return undefined;
  }

  function refusedAnswer(judgement: Judgement): Answer {
    const text = refusalText(judgement, address);
    if (judgement.decision.rule === 'sign-in-required') return unauthorized(text);
    return tokenErrorAnswer({ status: 403, code: 'DENIED', message: text });
  }

  function signInFirst(): Answer {
    return unauthorized(`Sign in first: docker login ${address.host} with a personal access token as password.`);
  }

  async function issue(caller: Caller, offline: boolean): Promise<Answer> {
    const subject = caller.credential?.id ?? anonymousSubject;
    const names = [...caller.scope];
    const token = tokens.issue(subject, names);
    const isRenewable = offline && caller.credential !== undefined && !caller.credential.isPassword;
    const refresh = isRenewable ? { refresh_token: tokens.issueRefresh(subject) } : {};
    return jsonAnswer(200, {
      token,
      access_token: token,
      expires_in: registryTokenSeconds,
      issued_at: new Date(now()).toISOString(),
      scope: names.map((name) => `repository:${name}:pull`).join(' '),
      ...refresh,
    });
  }

  async function answer(request: IncomingMessage, query: URLSearchParams): Promise<Answer> {
    const asked = await readTokenRequest(request, query);
    if (asked.service !== undefined && asked.service !== address.service) {
      return badRequest(`This token service is for ${address.service} only.`);
    }
    const scopes = parseScopes(asked.scopes, (name) => options.repositoryNamed(name, request.headers.host));
    const caller = await callerOf(asked.login, new Set(scopes.map(({ name }) => name)), factsOf(request).address);
    if ('status' in caller) return caller;
    const refused = await refusalOf(request, caller, scopes);
    if (refused) return refused;
    // Whatever was asked for, and whether it exists: nobody gets a token without signing in.
    if (mustSignIn(caller)) return signInFirst();
    if (caller.credential) options.onUse(caller.credential, factsOf(request).address);
    return issue(caller, asked.offline);
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrived = performance.now();
    const target = request.url ?? '';
    const mark = target.indexOf('?');
    const query = new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1));
    try {
      send(request, response, await answer(request, query));
    } catch (error) {
      send(request, response, failure(error));
    }
    options.onAnswered((performance.now() - arrived) / 1000);
  };
}

function callerWith(credential: Credential, scope: ReadonlySet<string>): Caller {
  return { principal: credential.principal, credential, scope };
}

/**
 * The classic engine (its own User-Agent, where the containerd store says containerd) wraps a refusal at the resource in
 * "repository does not exist or may require 'docker login'", so it gets it here too. Only where it is told, not what is
 * decided, depends on the User-Agent.
 */
function isClassicDocker(request: IncomingMessage): boolean {
  return request.headers['user-agent']?.startsWith('docker/') ?? false;
}

function unauthorized(message: string): Answer {
  return tokenErrorAnswer({ status: 401, code: 'UNAUTHORIZED', message });
}

/** @throws error that is none of the client's */
function failure(error: unknown): Answer {
  if (error instanceof InvalidScope || error instanceof InvalidTokenRequest) return badRequest(error.message);
  if (!(error instanceof TooManyRefusals)) throw error;
  const { message, retryAfter } = error;
  return tokenErrorAnswer({ status: 429, code: 'TOOMANYREQUESTS', message, retryAfter });
}

function badRequest(message: string): Answer {
  return tokenErrorAnswer({ status: 400, code: 'UNSUPPORTED', message });
}
