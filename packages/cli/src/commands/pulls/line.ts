import { imageKindOf } from '@pullgate/policy';
import { type PullRecord, pullDocument } from '@pullgate/server';
import { oneLine } from '../../output/one-line.ts';
import type { Style } from '../../output/style.ts';
import { timeOf } from '../../output/time.ts';

/** A record as one line for people. */
export function pullLine({ good, bad, faint }: Style): (record: PullRecord) => string {
  return (record) => {
    const verdict = record.verdict === 'allow' ? good('allow ') : bad('refuse');
    const suffix = record.digest === null ? `:${record.tag ?? ''}` : `@${record.digest.slice(0, 19)}`;
    const image = `${record.repository}${suffix === ':' ? '' : suffix}`;
    const who = record.person ?? 'nobody';
    const why = faint(`${imageKindOf(record)}, ${record.rule}${record.stale ? ', stale' : ''}`);
    const what = oneLine(`${who.padEnd(12)}  ${record.operation.padEnd(9)}  ${image}`);
    return `${faint(timeOf(record.at))}  ${verdict}  ${what}  ${why}  ${faint(oneLine(`${record.client} ${record.address}`))}`;
  };
}

/** A record as one line for scripts. */
export function pullJsonLine(record: PullRecord): string {
  return JSON.stringify(pullDocument(record));
}
