import type { Category } from './category.ts';
import type { Question, Rule } from './decision.ts';
import type { Membership, Organization, Principal, TokenResource } from './principal.ts';
import { dockerHub } from './reference/registry.ts';

/** One pull as the steps see it. */
export interface Pull {
  readonly question: Question;
  /** Whose policies judge, and as what. Empty when no organization does. */
  readonly judges: readonly Membership[];
  /** An organization of the principal claims the image. From the claim alone: no word of a catalog can open this. */
  readonly ofOrganization: boolean;
  /** The image's category as this principal sees it. */
  readonly category: Category;
}

export interface Answer {
  readonly verdict: 'allow' | 'deny';
  readonly rule: Rule;
}

/** Asked once, before any organization. Answers, or passes. */
export interface EarlyStep {
  readonly rule: Rule;
  ask(pull: Pull): Answer | undefined;
}

/** Asked of each organization that judges. Answers, or passes. */
export interface Step {
  readonly rule: Rule;
  ask(pull: Pull, judge: Membership): Answer | undefined;
}

/** The step that always answers. */
export interface LastStep extends Step {
  ask(pull: Pull, judge: Membership): Answer;
}

/** Builds, once for all, what the steps need of a question. */
export function pullOf(question: Question): Pull {
  const judges = judgesOf(question);
  const ofOrganization = isOfOrganization(question, judges);
  return { question, judges, ofOrganization, category: ofOrganization ? 'organization' : question.category };
}

const nobody: readonly Membership[] = [];

/**
 * A person is judged by every organization that they belong to, a token by its own. Whoever belongs to none is judged
 * by the home organization as a plain member, so that signing out is not a way round; but not while sign-in is enforced.
 */
function judgesOf({ principal, home }: Question): readonly Membership[] {
  if (principal.kind === 'organization-token') return [{ organization: principal.organization, role: 'member' }];
  if (principal.kind === 'person' && principal.memberships.length > 0) return principal.memberships;
  return home === undefined || home.enforceSignIn ? nobody : [{ organization: home, role: 'member' }];
}

/** Only a claim by an organization of the principal: what another organization claims is as foreign as any image. */
function isOfOrganization({ claimedBy }: Question, judges: readonly Membership[]): boolean {
  if (claimedBy === undefined) return false;
  for (const { organization } of judges) {
    if (organization.id === claimedBy.id) return true;
  }
  return false;
}

const allow = (rule: Rule): Answer => ({ verdict: 'allow', rule });
const deny = (rule: Rule): Answer => ({ verdict: 'deny', rule });

// Made once: a decision is on the way of every request.
const unknownRegistry = deny('registry-unknown');
const notSignedIn = deny('sign-in-required');
/** Whom no organization judges may not pull. */
export const belongsNowhere = deny('no-organization');
const tokenRefused = deny('organization-token');
const outOfScope = deny('token-scope');
const switchedOff = allow('image-access-off');
const byOwner = allow('owner');
const onAllowlist = allow('allowlist');
const claimedByOwn = allow('organization-image');
const registryAllowed = allow('registry-access');
const registryRefused = deny('registry-access');
const categoryAllowed = allow('category');
const categoryRefused = deny('category');

const registryUnknown: EarlyStep = {
  rule: 'registry-unknown',
  ask: ({ question }) => (question.upstreamKnown ? undefined : unknownRegistry),
};

const signInRequired: EarlyStep = {
  rule: 'sign-in-required',
  ask: ({ question, judges }) =>
    question.principal.kind === 'anonymous' && judges.length === 0 ? notSignedIn : undefined,
};

/** Image access management judges people. A token is nobody in particular, so Docker's two features exclude each other. */
const organizationToken: Step = {
  rule: 'organization-token',
  ask: (_pull, { organization }) => (organization.policy.enabled ? tokenRefused : undefined),
};

const tokenScope: Step = {
  rule: 'token-scope',
  ask: ({ question }) => (isInScope(question.principal, question.repository.name) ? undefined : outOfScope),
};

/** Registry access is a control of its own and goes on while image access management is off. */
const imageAccessOff: Step = {
  rule: 'image-access-off',
  ask: (_pull, { organization: { policy } }) =>
    policy.enabled || policy.registryAccess.enabled ? undefined : switchedOff,
};

const owner: Step = {
  rule: 'owner',
  ask: (_pull, { role }) => (role === 'owner' ? byOwner : undefined),
};

const allowlist: Step = {
  rule: 'allowlist',
  ask: ({ question }, { organization }) => {
    const { enabled, repositories } = organization.policy.allowlist;
    return enabled && repositories.has(question.repository.name) ? onAllowlist : undefined;
  },
};

const organizationImage: Step = {
  rule: 'organization-image',
  ask: ({ ofOrganization }) => (ofOrganization ? claimedByOwn : undefined),
};

const registryAccess: Step = {
  rule: 'registry-access',
  ask: ({ question: { repository } }, { organization }) => {
    if (!allowsRegistry(organization, repository.registry)) return registryRefused;
    return repository.registry === dockerHub ? undefined : registryAllowed;
  },
};

function allowsRegistry({ policy: { registryAccess } }: Organization, registry: string): boolean {
  if (!registryAccess.enabled) return true;
  return registry === dockerHub ? registryAccess.dockerHub : registryAccess.registries.has(registry);
}

/** The category's switch. It answers always, so an image of which nothing is known is judged as `community`. */
export const categorySwitch: LastStep = {
  rule: 'category',
  ask: ({ question }, { organization: { policy } }) => {
    if (!policy.enabled) return switchedOff;
    return policy.allow[question.category] ? categoryAllowed : categoryRefused;
  },
};

/** What comes before any organization. */
export const earlySteps: readonly EarlyStep[] = [registryUnknown, signInRequired];

/** The order inside one organization; `categorySwitch` comes last. */
const memberSteps: readonly Step[] = [imageAccessOff, owner, allowlist, organizationImage, registryAccess];

const tokenSteps: readonly Step[] = [organizationToken, tokenScope, imageAccessOff, registryAccess];

export function stepsFor(principal: Principal): readonly Step[] {
  return principal.kind === 'organization-token' ? tokenSteps : memberSteps;
}

function isInScope(principal: Principal, repository: string): boolean {
  if (principal.kind !== 'organization-token') return false;
  for (const resource of principal.resources) {
    if (covers(resource, repository)) return true;
  }
  return false;
}

/** By name only: what is private upstream is fetched with the organization's own credential and kept to its members. */
function covers(resource: TokenResource, repository: string): boolean {
  switch (resource.kind) {
    case 'repository':
      return resource.name === repository;
    case 'prefix':
      return repository.startsWith(resource.prefix);
    case 'public':
      return true;
  }
}
