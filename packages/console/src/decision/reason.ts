import type { PullDecisionBody } from '@pullgate/contract';
import { categoryNames } from '../image-access/category-names.ts';

/** What decided, in one or two sentences, to the person who made the pull. */
export function reasonOf({ rule, verdict, category, repository, org }: PullDecisionBody): string {
  const who = org ?? 'The gate';
  const registry = repository.slice(0, repository.indexOf('/'));
  const allows = verdict === 'allow' ? 'allows' : 'does not allow';
  switch (rule) {
    case 'registry-unknown':
      return `This gate does not pull from ${registry}.`;
    case 'sign-in-required':
      return 'Nobody was signed in, and pulls through this gate need a sign-in.';
    case 'no-organization':
      return 'Whoever asked belongs to no organization, so nobody says what they may pull.';
    case 'organization-token':
      return `${who} manages image access, and organization access tokens do not work together with it.`;
    case 'token-scope':
      return 'The organization access token that was used does not cover this repository.';
    case 'image-access-off':
      return `Image Access Management of ${who} is off: every image may be pulled.`;
    case 'owner':
      return `Owners of ${who} may pull everything.`;
    case 'allowlist':
      return `The repository is on the allowlist of ${who}.`;
    case 'organization-image':
      return `The image is one of ${who}, in a namespace that it has claimed.`;
    case 'registry-access':
      return `${who} ${allows} images of the registry ${registry}.`;
    case 'category':
      return `It is a ${categoryNames[category]}, and ${who} ${allows} images of this type.`;
  }
}
