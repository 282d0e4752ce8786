import type { PullBody } from '@pullgate/contract';

type Image = Pick<PullBody, 'repository' | 'tag' | 'digest'>;

/** Full name, with what was asked for of it: `docker.io/library/nginx:1.29`. */
export function imageName({ repository, tag, digest }: Image): string {
  if (tag !== null) return `${repository}:${tag}`;
  return digest === null ? repository : `${repository}@${digest}`;
}

const shownDigits = 12;

/** The same for a list: no more of a digest than tells it from others. */
export function shortImageName({ repository, tag, digest }: Image): string {
  if (tag !== null || digest === null) return imageName({ repository, tag, digest });
  const start = digest.indexOf(':') + 1;
  return `${repository}@${digest.slice(0, start + shownDigits)}…`;
}
