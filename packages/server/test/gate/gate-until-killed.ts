import { loadConfiguration, startGate } from '../../src/index.ts';

// A gate of its own process: says its port, and serves until it is killed.

const [file, folder = ''] = process.argv.slice(2);
const gate = await startGate(loadConfiguration({ file, env: {}, cwd: folder }));
process.stdout.write(`${gate.port}\n`);
