import { randomLayersImage, startSmallHub, startSmallRegistry } from '@pullgate/small-registry';
import { answerParent } from './parent.ts';

export interface UpstreamOrder {
  readonly images: readonly ImageOrder[];
  /** Slows every body down. */
  readonly bytesPerSecond: number | undefined;
}

export interface ImageOrder {
  readonly repository: string;
  readonly tag: string;
  /** Bytes of each. */
  readonly layers: readonly number[];
}

/** An image of the upstream, with the digests of its parts. */
export interface ImageFacts {
  readonly repository: string;
  readonly tag: string;
  readonly manifest: string;
  readonly config: string;
  readonly layers: readonly string[];
}

export interface UpstreamFacts {
  readonly registry: { readonly url: string; readonly port: number };
  readonly hubUrl: string;
  readonly images: readonly ImageFacts[];
}

answerParent<UpstreamOrder, UpstreamFacts>(async ({ images, bytesPerSecond }) => {
  const registry = await startSmallRegistry({ bytesPerSecond });
  const hub = await startSmallHub({ namespaces: { acme: '' } });
  return {
    registry: { url: registry.url, port: registry.port },
    hubUrl: hub.url,
    images: images.map((order) => {
      const { repository, tag } = order;
      const image = randomLayersImage(order.layers, `${repository}:${tag}`);
      registry.add(repository, image, [tag]);
      const layers = image.layers.map(({ digest }) => digest);
      return { repository, tag, manifest: image.manifest.digest, config: image.config.digest, layers };
    }),
  };
});
