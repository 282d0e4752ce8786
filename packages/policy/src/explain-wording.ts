import type { Rule } from './decision.ts';
import type { Membership, Organization } from './principal.ts';
import { dockerHub } from './reference/registry.ts';
import type { Answer, Pull } from './steps.ts';
import { imageOfCategory, inWords, registryLabel } from './wording.ts';

/** Says what a step found before any organization was asked. */
export function tellBefore(rule: Rule, pull: Pull, answer: Answer | undefined): string {
  if (rule === 'registry-unknown') return tellRegistryUnknown(pull, answer);
  if (rule === 'sign-in-required') return tellSignIn(pull, answer);
  return tellJudges(pull, answer);
}

function tellRegistryUnknown({ question: { repository } }: Pull, answer: Answer | undefined): string {
  const registry = registryLabel(repository.registry);
  return answer === undefined
    ? `This gate pulls from ${registry}.`
    : `${registry} is not a registry that this gate pulls from.`;
}

function tellSignIn(pull: Pull, answer: Answer | undefined): string {
  const { principal } = pull.question;
  if (principal.kind !== 'anonymous') return `${whoOf(pull)} is signed in.`;
  if (answer === undefined) return 'Nobody is signed in, which the home organization does not require.';
  return `Nobody is signed in, ${whyStrangersMayNot(pull.question.home)}.`;
}

function tellJudges(pull: Pull, answer: Answer | undefined): string {
  if (answer !== undefined) {
    return `${whoOf(pull)} belongs to no organization, ${whyStrangersMayNot(pull.question.home)}.`;
  }
  const names = pull.judges.map(({ organization }) => organization.name);
  return `${inWords(names)} ${names.length === 1 ? 'judges' : 'judge'} this pull.`;
}

function whyStrangersMayNot(home: Organization | undefined): string {
  return home === undefined ? 'and no home organization judges instead' : `and ${home.name} enforces sign-in`;
}

type Tell = (pull: Pull, judge: Membership, answer: Answer | undefined) => string;

/** Says what a step found inside one organization. */
export function tellStep(rule: Rule, pull: Pull, judge: Membership, answer: Answer | undefined): string {
  return (tellers[rule] ?? tellCategory)(pull, judge, answer);
}

const tellers: Partial<Record<Rule, Tell>> = {
  'organization-token': tellOrganizationToken,
  'token-scope': tellTokenScope,
  'image-access-off': tellImageAccessOff,
  owner: tellOwner,
  allowlist: tellAllowlist,
  'organization-image': tellOrganizationImage,
  'registry-access': tellRegistryAccess,
};

function tellOrganizationToken(_pull: Pull, { organization }: Membership, answer: Answer | undefined): string {
  return answer === undefined
    ? `Image access management of ${organization.name} is off, so its access tokens may pull.`
    : `Image access management of ${organization.name} is on, which refuses organization access tokens. Use a personal access token.`;
}

function tellTokenScope({ question }: Pull, _judge: Membership, answer: Answer | undefined): string {
  return `The token ${answer === undefined ? 'covers' : 'does not cover'} ${question.repository.name}.`;
}

function tellImageAccessOff(_pull: Pull, { organization }: Membership, answer: Answer | undefined): string {
  const { name, policy } = organization;
  if (answer !== undefined) return `Image access management and registry access of ${name} are off.`;
  return policy.enabled
    ? `Image access management of ${name} is on.`
    : `Image access management of ${name} is off, but its registry access is on.`;
}

function tellOwner(pull: Pull, { organization }: Membership, answer: Answer | undefined): string {
  return `${whoOf(pull)} is ${answer === undefined ? 'not an' : 'an'} owner of ${organization.name}.`;
}

function tellAllowlist({ question }: Pull, { organization }: Membership, answer: Answer | undefined): string {
  if (!organization.policy.allowlist.enabled) return `The allowlist of ${organization.name} is off.`;
  return `${question.repository.name} is ${answer === undefined ? 'not ' : ''}on the allowlist of ${organization.name}.`;
}

/** Whether another organization claims it is not told: that is its own affair. */
function tellOrganizationImage({ question }: Pull, { organization }: Membership, answer: Answer | undefined): string {
  const { repository, claimedBy } = question;
  return answer === undefined
    ? `${repository.name} does not belong to ${organization.name}.`
    : `${repository.name} belongs to ${claimedBy?.name ?? organization.name}.`;
}

function tellRegistryAccess({ question }: Pull, { organization }: Membership, answer: Answer | undefined): string {
  const { registry } = question.repository;
  const { name, policy } = organization;
  if (policy.registryAccess.enabled) {
    return `${name} ${answer?.verdict === 'deny' ? 'does not allow' : 'allows'} the registry ${registryLabel(registry)}.`;
  }
  return registry === dockerHub
    ? `Registry access of ${name} is off, and the image is on Docker Hub.`
    : `Registry access of ${name} is off, so every registry other than Docker Hub is allowed.`;
}

function tellCategory(pull: Pull, { organization }: Membership, answer: Answer | undefined): string {
  const { question, ofOrganization } = pull;
  const { name, policy } = organization;
  if (!policy.enabled) return `Image access management of ${name} is off.`;
  if (ofOrganization || question.repository.registry !== dockerHub) {
    return `The switches of ${name} are about other images, on Docker Hub.`;
  }
  const image = `${question.repository.name} is ${imageOfCategory(question.category)}`;
  return `${image}, which ${name} ${answer?.verdict === 'deny' ? 'does not allow' : 'allows'}.`;
}

/** The principal, at the start of a sentence. */
function whoOf({ question: { principal } }: Pull): string {
  switch (principal.kind) {
    case 'person':
      return principal.username;
    case 'organization-token':
      return `An organization access token of ${principal.organization.name}`;
    case 'anonymous':
      return 'Whoever pulls';
  }
}
