export {
  type CatalogCategory,
  type Category,
  categories,
  categoryLabel,
  type ImageKind,
  imageKindLabel,
  imageKindOf,
  imageKinds,
} from './category.ts';
export { decide } from './decide.ts';
export { type Decision, type Question, type Rule, rules } from './decision.ts';
export { type ExplainedStep, type Explanation, explain, type OrganizationExplanation } from './explain.ts';
export { defaultPolicy, type ImageAccessPolicy, type RegistryAccess } from './policy.ts';
export {
  type Anonymous,
  anonymous,
  type Membership,
  type Organization,
  type OrganizationToken,
  type Person,
  type Principal,
  type Role,
  roles,
  type TokenResource,
} from './principal.ts';
export { printable } from './printable.ts';
export { type Digest, isDigest } from './reference/digest.ts';
export { type FamiliarName, parseFamiliarName } from './reference/familiar-name.ts';
export { isTag } from './reference/grammar.ts';
export { formatImageReference, type ImageReference, parseImageReference } from './reference/image-reference.ts';
export { InvalidReference, type InvalidReferenceCode } from './reference/invalid-reference.ts';
export { canonicalRegistry, dockerHub, isHostWithoutPort } from './reference/registry.ts';
export { isOfficialName, namespaceOf, type Repository, repositoryOf } from './reference/repository.ts';
export { parseTokenResource } from './reference/token-resource.ts';
export { type Refusal, refusalSentence } from './sentence.ts';
export { settingTitle } from './setting-title.ts';
