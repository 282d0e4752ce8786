import { type Gate, loadConfiguration, startGate } from '@pullgate/server';
import { answerParent } from './parent.ts';

export interface GateOrder {
  /** Path of the configuration. */
  readonly file: string;
}

export interface GateFacts {
  readonly port: number;
}

let gate: Gate | undefined;

answerParent<GateOrder, GateFacts>(
  async ({ file }) => {
    gate = await startGate(loadConfiguration({ file, env: {}, cwd: process.cwd() }));
    return { port: gate.port };
  },
  async () => gate?.close(),
);
