import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Organization } from '@pullgate/policy';
import type { Credential } from '../access/directory.ts';
import type { SignIn } from '../access/sign-in.ts';
import { type Answer, send } from '../http/answer.ts';
import { basicCredentials } from '../http/request.ts';
import type { PullRecord } from '../pulls/pull-record.ts';
import { asHtml, asText, decisionPage, type Page } from './page.ts';

export interface DecisionPageOptions {
  readonly signIn: SignIn;
  /** A decision by its id; only one that the organization made, when one is given. */
  readonly find: (id: string, organizationId?: string) => Promise<PullRecord | undefined>;
  /** User names of an organization's owners: whom to ask. */
  readonly ownersOf: (organizationId: string) => Promise<readonly string[]>;
  /** Whether there is a console, which shows the same to whoever has a session. */
  readonly hasConsole: boolean;
}

/**
 * What the link in a refusal opens. A browser is sent to the console, where people sign in. Whoever has none of it signs
 * in with a personal access token: programs, and browsers where no console was built, which ask for it by themselves. A
 * decision of an organization that one does not belong to answers exactly like one that does not exist.
 */
export function createDecisionPage({ signIn, find, ownersOf, hasConsole }: DecisionPageOptions) {
  async function answer(request: IncomingMessage, id: string): Promise<Answer> {
    const isBrowser = request.headers.accept?.includes('text/html') ?? false;
    // One that was given a token has it because somebody typed it here.
    if (hasConsole && isBrowser && request.headers.authorization === undefined) return toConsole(id);
    const show = isBrowser ? htmlAnswer : textAnswer;
    const given = basicCredentials(request);
    const credential = given && (await signIn(given.username, given.password));
    if (!credential || 'refused' in credential) return signInFirst(show, credential?.refused);
    const { principal } = credential;
    for (const organization of organizationsOf(principal)) {
      const record = await find(id, organization.id);
      if (record) return show(200, decisionPage(record, organization, await ownersOf(organization.id)));
    }
    const record = await find(id);
    if (record && isAbout(principal, record)) return show(200, decisionPage(record, undefined, []));
    const body = 'There is no decision of your organizations behind this link.';
    return show(404, { title: 'No such decision', body });
  }

  return async (request: IncomingMessage, response: ServerResponse, id: string): Promise<void> => {
    send(request, response, await answer(request, id));
  };
}

/** Whose decisions a person may read. An organization access token is nobody who could read. */
function organizationsOf(principal: Credential['principal']): readonly Organization[] {
  return principal.kind === 'person' ? principal.memberships.map(({ organization }) => organization) : [];
}

/** No organization refuses an unknown registry, and none of theirs whoever belongs to none: they are told all the same. */
function isAbout(principal: Credential['principal'], { personId }: PullRecord): boolean {
  return principal.kind === 'person' && principal.id === personId;
}

function toConsole(id: string): Answer {
  return { status: 302, headers: { Location: `/console/decisions/${id}`, 'Cache-Control': 'no-store' } };
}

function signInFirst(
  show: (status: number, page: Page) => Answer,
  body = 'Sign in with your user name and a personal access token as password.',
): Answer {
  const challenged = show(401, { title: 'Sign in', body });
  return {
    ...challenged,
    headers: { ...challenged.headers, 'WWW-Authenticate': 'Basic realm="Pullgate", charset="UTF-8"' },
  };
}

/** For whatever does not ask for HTML: `curl` shows what it gets as it is. */
function textAnswer(status: number, page: Page): Answer {
  return {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
    body: asText(page),
  };
}

function htmlAnswer(status: number, page: Page): Answer {
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    },
    body: asHtml(page),
  };
}
