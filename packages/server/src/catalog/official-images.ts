import list from './official-images.json' with { type: 'json' };

/** The names of Docker Official Images, as they follow `docker.io/library/`. */
export interface OfficialImages {
  readonly current: ReadonlySet<string>;
  /** Official once, and normally still on Docker Hub, unmaintained. */
  readonly retired: ReadonlySet<string>;
  /** Of the list: milliseconds since 1970. */
  readonly asOf: number;
}

/** The list that comes with the gate. `official-images.md` tells where it is from. */
export const officialImages: OfficialImages = {
  current: new Set(list.current),
  retired: new Set(list.retired),
  asOf: Date.parse(list.date),
};
