import { categoryLabel } from './category.ts';
import type { Decision } from './decision.ts';
import { printable, shorten } from './printable.ts';
import type { Repository } from './reference/repository.ts';
import { allowedImages, imageOfCategory, registryLabel } from './wording.ts';

export interface Refusal {
  /** A decision that denies. */
  readonly decision: Decision;
  readonly repository: Repository;
  /** Where the decision can be read in full. */
  readonly link: string;
  /** The gate's own `host[:port]`, as it is given to `docker login`. */
  readonly host: string;
}

/** Characters of a refusal: what clients show of a reason phrase without cutting it. */
const maxSentence = 200;
const maxOrganization = 40;
const maxRegistry = 60;
/** Less of an image's name than this does not tell which image it is. */
const minImage = 24;

type Wording = (image: string) => string;

/**
 * Tells in one line why a pull is refused, by whom, and where to go: at most 200 printable ASCII characters, without
 * quotes and backslashes, because clients escape those. A long image name is shortened in its middle; the link never is,
 * it is left out when there is no room for it.
 */
export function refusalSentence(refusal: Refusal): string {
  const image = printable(refusal.repository.name);
  const [full, brief] = wordings(refusal);
  const see = printable(refusal.link) === refusal.link ? ` See ${refusal.link}` : '';
  return (
    fitted(full, image, see) ??
    fitted(brief, image, see) ??
    fitted(brief, image, '') ??
    shorten(brief(shorten(image, minImage)), maxSentence)
  );
}

function fitted(wording: Wording, image: string, end: string): string | undefined {
  const room = maxSentence - wording('').length - end.length;
  const line = `${wording(shorten(image, Math.max(room, minImage)))}${end}`;
  return line.length > maxSentence ? undefined : line;
}

function wordings({ decision, repository, host }: Refusal): readonly [full: Wording, brief: Wording] {
  const organization = nameOf(decision);
  const registry = shorten(printable(registryLabel(repository.registry)), maxRegistry);
  switch (decision.rule) {
    case 'registry-unknown':
      return [
        (image) =>
          `${registry} is not a registry that this gate pulls from. Ask its administrator before you pull ${image}.`,
        () => `${registry} is not a registry that this gate pulls from.`,
      ];
    case 'sign-in-required':
      return [
        (image) =>
          `Sign in to pull ${image}: docker login ${printable(host)} with your user name and a personal access token as password.`,
        () => `Sign in with docker login ${printable(host)} and a personal access token as password.`,
      ];
    case 'no-organization':
      return [
        (image) =>
          `You belong to no organization, so you may not pull ${image}. Ask an owner of ${organization} to add you.`,
        () => `You belong to no organization. Ask an owner of ${organization} to add you.`,
      ];
    case 'organization-token':
      return [
        (image) =>
          `${organization} manages image access and refuses organization access tokens. Use a personal access token to pull ${image}.`,
        () => `${organization} refuses organization access tokens. Use a personal access token instead.`,
      ];
    case 'token-scope':
      return [
        (image) =>
          `This access token of ${organization} does not cover ${image}. Ask an owner to add it, or use another token.`,
        (image) => `This access token of ${organization} does not cover ${image}.`,
      ];
    case 'registry-access':
      return [
        (image) => `${image} is refused because ${organization} does not allow the registry ${registry}.`,
        () => `${organization} does not allow the registry ${registry}.`,
      ];
    default:
      return [
        (image) =>
          `${image} is ${imageOfCategory(decision.category)} and ${organization} allows only ${allowedBy(decision)} images.`,
        (image) => `${image} is ${imageOfCategory(decision.category)}, which ${organization} does not allow.`,
      ];
  }
}

function nameOf({ organization }: Decision): string {
  return organization === undefined ? 'an organization' : shorten(printable(organization.name), maxOrganization);
}

function allowedBy({ organization }: Decision): string {
  return organization === undefined ? categoryLabel.organization : allowedImages(organization.policy);
}
