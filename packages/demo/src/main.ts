import { styleText } from 'node:util';
import { startDemo } from './demo.ts';
import { runDemo } from './run.ts';

const ended = new Promise<void>((resolve) => {
  process.once('SIGINT', () => resolve());
  process.once('SIGTERM', () => resolve());
});

process.exitCode = await runDemo(process.argv.slice(2), startDemo, {
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  emphasize: (style, text) => styleText(style, text, { stream: process.stdout }),
  ended,
});
