const dockerHub = 'docker.io/';

/**
 * Name by which a client pulls an image through this gate, however the client is set up.
 *
 * @param image full name: `docker.io/library/nginx:1.29`
 */
export function gateImage(image: string): string {
  return `${location.host}/${image.startsWith(dockerHub) ? image.slice(dockerHub.length) : image}`;
}
