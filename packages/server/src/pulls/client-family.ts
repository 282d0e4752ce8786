/** What the gate tells apart by the User-Agent. Shown and counted only: anybody can send any User-Agent. */
export const clientFamilies = [
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
] as const;

export type ClientFamily = (typeof clientFamilies)[number];

/** By the first product token (RFC 9110 section 10.1.5) in lower case. */
const familyOfProduct: ReadonlyMap<string, ClientFamily> = new Map([
  ['docker', 'docker'],
  ['docker-client', 'docker'],
  ['containerd', 'containerd'],
  ['buildkit', 'buildkit'],
  // Podman uses the containers/image library and mostly lets it introduce itself.
  ['containers', 'podman'],
  ['libpod', 'podman'],
  ['podman', 'podman'],
  ['skopeo', 'skopeo'],
  ['buildah', 'buildah'],
  ['crane', 'crane'],
  ['oras', 'oras'],
  ['oras-go', 'oras'],
  ['regctl', 'regctl'],
  ['regclient', 'regctl'],
  ['nerdctl', 'nerdctl'],
  ['cri-o', 'cri-o'],
]);

const endOfProduct = /[/ ]/;

/** The family of the client that sent this User-Agent. */
export function clientFamily(userAgent: string | undefined): ClientFamily {
  if (userAgent === undefined) return 'other';
  // No product that we know is longer; whoever sends a long one pays nothing of our time.
  const start = userAgent.slice(0, 16);
  const end = start.search(endOfProduct);
  const product = end === -1 ? start : start.slice(0, end);
  return familyOfProduct.get(product.toLowerCase()) ?? 'other';
}
