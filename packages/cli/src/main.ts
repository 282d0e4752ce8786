import process from 'node:process';
import { processShell } from './process-shell.ts';
import { run } from './program.ts';

// Whoever reads the output may have seen enough: `pullgate pulls tail | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), processShell);
