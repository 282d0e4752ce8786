import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes the file that makes the gate the one place where Podman and Skopeo get images of Docker Hub, and gives its
 * name. A mirror would not do: when it refuses, they go on to Docker Hub.
 */
export async function configureRegistries(folder: string, gateHost: string): Promise<string> {
  const file = join(folder, 'registries.conf');
  await writeFile(file, `[[registry]]\nprefix = "docker.io"\nlocation = "${gateHost}"\ninsecure = true\n`);
  return file;
}
