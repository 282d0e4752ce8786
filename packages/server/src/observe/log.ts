import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from '../configuration/configuration.ts';
import { redact } from './redact.ts';

export type Log = Logger;

/**
 * A log of JSON lines. Secrets are taken out of the finished line, the one place that everything passes: pino's own
 * `redact` option wants the path of each secret beforehand, and its formatters do not see child loggers' bindings,
 * serialized errors and text put into the message.
 */
export function openLog(level: LogLevel, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: redactLine },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

function redactLine(line: string): string {
  return `${JSON.stringify(redact(JSON.parse(line)))}\n`;
}
