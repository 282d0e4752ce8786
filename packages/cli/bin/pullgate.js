#!/usr/bin/env -S node --max-semi-space-size=4
// The flag, in MiB, keeps V8's young generation small: streaming layers would let it grow by 100 MiB for nothing.
import { fileURLToPath } from 'node:url';

// Plain JavaScript that old Node versions can parse: it has to tell them that they are too old.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(`pullgate needs Node.js 24.15 or later, and this is ${process.versions.node}.`);
  console.error('Run it through npm in the project folder (npm start, npx pullgate …), which brings its own Node.js.');
  process.exit(1);
}
// What Node compiles is kept beside the packages: a start takes half the time then. Never in a folder others can write.
const { enableCompileCache } = await import('node:module');
enableCompileCache?.(fileURLToPath(new URL('../../../node_modules/.cache/compile', import.meta.url)));
await import('../src/main.ts');
