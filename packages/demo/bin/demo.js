#!/usr/bin/env node
// Plain JavaScript that old Node versions can parse: it has to tell them that they are too old.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(`The demo needs Node.js 24.15 or later, and this is ${process.versions.node}.`);
  console.error('Run it through npm in the project folder (npm run demo), which brings its own Node.js.');
  process.exit(1);
}
await import('../src/main.ts');
