import type { SmallImage } from '@pullgate/small-registry';
import type { ClientFamily } from '../../src/pulls/client-family.ts';
import type { Account } from './installation.ts';
import type { Outcome } from './run.ts';

/** A real container client, with all its state in a folder of its own. */
export interface ContainerClient {
  /** Signs somebody in to a registry. Absent where the client is given user name and token with each pull. */
  readonly login?: (host: string, account: Account) => Promise<Outcome>;
  /** As somebody who signed in before, or as nobody. */
  pull(image: string, account: Account | undefined): Promise<Outcome>;
  /** Digests computed over the bytes that the client holds, not those that it tells. */
  contentOf(image: string): Promise<HeldContent>;
  /** Forgets all images, and their content. */
  clear(): Promise<void>;
  log(): string;
  stop(): Promise<void>;
}

export interface HeldContent {
  /** What the tag stood for, as the client knows it. */
  readonly image: string;
  readonly config: string;
  readonly layers: readonly string[];
}

/** How to get a client, and what is known of it. */
export interface ClientKind {
  readonly name: string;
  /** What the gate takes it for by its User-Agent. */
  readonly family: ClientFamily;
  readonly programs: readonly string[];
  /** Engines keep layers unpacked, the others as they came. */
  readonly layers: 'unpacked' | 'packed';
  /** What it says when somebody signs in with a wrong token. */
  readonly wrongToken: string;
  /** Whether it can be told to ask the gate, and nobody else, for images of Docker Hub. */
  readonly takesPlaceOfDockerHub: boolean;
  /**
   * @param folder empty, and removed after `stop`
   * @param gateHost where images of Docker Hub come from
   */
  start(folder: string, gateHost: string): Promise<ContainerClient>;
}

/** What a client should hold of an image for this machine's platform, the image's first. */
export function expectedContent({ root, config, layers }: SmallImage, form: ClientKind['layers']): HeldContent {
  return {
    image: root.digest,
    config: config.digest,
    layers: form === 'packed' ? layers.map(({ digest }) => digest) : diffIds(config),
  };
}

function diffIds(config: SmallImage['config']): readonly string[] {
  const document = JSON.parse(Buffer.concat([...config.read()]).toString()) as { rootfs: { diff_ids: string[] } };
  return document.rootfs.diff_ids;
}
