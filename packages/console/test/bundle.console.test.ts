import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const dist = join(import.meta.dirname, '..', 'dist');

/** A part of the build, as Vite tells of it. */
interface Chunk {
  /** Below `dist`. */
  readonly file: string;
  readonly isDynamicEntry?: true;
  /** Names of what has to be loaded first. */
  readonly imports?: readonly string[];
}

const manifest: Readonly<Record<string, Chunk>> = JSON.parse(
  readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'),
);

/** The pages, as the router loads them. */
const pages = [
  ...readFileSync(join(dist, '..', 'src', 'app', 'router.tsx'), 'utf8').matchAll(/import\('\.\.\/([^']+)'\)/g),
].map(([, path]) => `src/${path}`);

const signIn = 'src/sign-in/sign-in-page.tsx';

/** Every file that must be there before a page shows something. */
function filesOf(...names: readonly string[]): ReadonlySet<string> {
  const needed = new Set(names);
  for (const name of needed) for (const imported of chunkNamed(name).imports ?? []) needed.add(imported);
  return new Set([...needed].map((name) => chunkNamed(name).file));
}

function chunkNamed(name: string): Chunk {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`The build has no ${name}.`);
  return chunk;
}

function gzippedBytes(file: string): number {
  return gzipSync(readFileSync(join(dist, file))).length;
}

describe('the build', () => {
  it('needs at most 250 kB of gzipped JavaScript for the first page that somebody sees', () => {
    const scripts = [...filesOf('index.html', signIn)].filter((file) => file.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(1);
    const sizes = scripts.map((file) => [file, gzippedBytes(file)] as const);
    const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
    expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(250_000);
  });

  it('finds the pages in the router', () => {
    expect(pages).toContain(signIn);
    expect(pages.length).toBeGreaterThan(15);
  });

  it.each(pages)('loads %s when it is opened, and not before', (page) => {
    const { file, isDynamicEntry } = chunkNamed(page);
    expect(isDynamicEntry).toBe(true);
    expect(pages.filter((other) => chunkNamed(other).file === file)).toEqual([page]);
    if (page !== signIn) expect(filesOf('index.html', signIn)).not.toContain(file);
  });
});
