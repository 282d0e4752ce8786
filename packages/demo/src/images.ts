import type { Category } from '@pullgate/policy';
import { buildImage, type Namespace, type SmallRegistry } from '@pullgate/small-registry';

/** An image of the made-up Docker Hub, with the category that the gate finds out for it. */
export interface DemoImage {
  readonly repository: string;
  readonly category: Category;
}

/** One of each kind, and `hello-world` beside `alpine` because everybody knows it. All have the tag `latest`. */
export const demoImages: readonly DemoImage[] = [
  { repository: 'acme/web', category: 'organization' },
  { repository: 'library/hello-world', category: 'official' },
  { repository: 'library/alpine', category: 'official' },
  { repository: 'northwind/agent', category: 'verified-publisher' },
  { repository: 'librelab/tool', category: 'sponsored-oss' },
  { repository: 'somebody/miner', category: 'community' },
];

/** What the made-up Docker Hub says of the namespaces. Official images are known by the gate's own list. */
export const demoNamespaces: Readonly<Record<string, Namespace>> = {
  acme: '',
  library: '',
  northwind: 'verified_publisher',
  librelab: 'open_source',
  somebody: 'user',
};

/** Puts tiny images for the usual platforms behind all tags. */
export function fillRegistry(registry: Pick<SmallRegistry, 'add'>): void {
  for (const { repository } of demoImages) {
    const image = buildImage({
      files: { 'about.txt': `This stands for ${repository} in the Pullgate demo.\n` },
      labels: { 'org.opencontainers.image.title': repository },
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    registry.add(repository, image, ['latest']);
  }
}
