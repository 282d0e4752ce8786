import { once } from 'node:events';
import { type ExportFormat, exportFormats } from '@pullgate/server';
import { type Command, Option } from 'commander';
import { usage } from '../failure.ts';
import type { Stream } from '../shell.ts';

export interface FormatOptions {
  readonly format?: ExportFormat;
  readonly json?: true;
}

/** Adds what an export is written in. */
export function withFormat(command: Command): Command {
  return command.addOption(new Option('--format <format>', 'csv (the default) or jsonl').choices(exportFormats));
}

/** @throws Failure when both options say something, and not the same */
export function formatOf({ format, json }: FormatOptions): ExportFormat {
  if (json && format === 'csv') throw usage('--json is --format jsonl. Leave one of the two out.');
  return format ?? (json ? 'jsonl' : 'csv');
}

/** Waits as long as the reader has enough to read. */
export async function writeTo(stream: Stream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}
