import type { Rule } from '@pullgate/policy';

/** What decided, in a few words. */
export const ruleNames: Readonly<Record<Rule, string>> = {
  'registry-unknown': 'The gate does not pull from this registry',
  'sign-in-required': 'Nobody was signed in',
  'no-organization': 'Member of no organization',
  'organization-token': 'Organization access token',
  'token-scope': 'Scope of the access token',
  'image-access-off': 'Image access is off',
  owner: 'Owner of the organization',
  allowlist: 'Repository allowlist',
  'organization-image': 'Organization image',
  'registry-access': 'Registry access',
  category: 'Type of image',
};
