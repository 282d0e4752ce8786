import type { ClientFamily, PullBody } from '@pullgate/contract';
import { imageKinds } from '@pullgate/policy';
import { oneOf, type RawSearch, textIn } from '../app/search-values.ts';
import { parseTimeSearch, rangeOf, type TimeSearch } from '../components/time-search.ts';

/** Which pulls. Everything that is given must hold. */
export interface PullsFilter extends TimeSearch {
  /** User name, whole. */
  readonly person?: string | undefined;
  /** Any part of the full repository name. */
  readonly image?: string | undefined;
  readonly category?: PullBody['category'] | undefined;
  readonly verdict?: PullBody['verdict'] | undefined;
  readonly client?: ClientFamily | undefined;
}

/** What the address of the Pulls page says behind its `?`. */
export interface PullsSearch extends PullsFilter {
  /** Of the page that is shown; the newest when absent. */
  readonly cursor?: string | undefined;
  /** Id of the record whose details are open. */
  readonly pull?: string | undefined;
}

export const clientFamilies: readonly ClientFamily[] = [
  'docker',
  'containerd',
  'buildkit',
  'podman',
  'skopeo',
  'buildah',
  'crane',
  'oras',
  'regctl',
  'nerdctl',
  'cri-o',
  'other',
];

/** What cannot be meant is left out: an address that somebody changed still shows the page. */
export function parsePullsSearch(search: RawSearch): PullsSearch {
  return {
    ...parseTimeSearch(search),
    person: textIn(search, 'person'),
    image: textIn(search, 'image'),
    category: oneOf(search, 'category', imageKinds),
    verdict: oneOf(search, 'verdict', ['allow', 'deny']),
    client: oneOf(search, 'client', clientFamilies),
    cursor: textIn(search, 'cursor'),
    pull: textIn(search, 'pull'),
  };
}

/** As the API asks for it. @param now milliseconds since 1970, where the last hour ends */
export function pullsQueryOf({ person, image, category, verdict, client, ...search }: PullsFilter, now: number) {
  return { person, image, category, verdict, client, ...rangeOf(search, now) };
}
