import type { Category, Rule } from '@pullgate/policy';
import { connect, locateDatabases } from '../../server/src/database/connect.ts';
import { databasePullArchive } from '../../server/src/database/pull-store.ts';
import type { Configuration } from '../../server/src/index.ts';
import { newDecisionId } from '../../server/src/pulls/decision-id.ts';
import type { PullRecord } from '../../server/src/pulls/pull-record.ts';

interface Pulled {
  readonly repository: string;
  readonly tag: string;
  readonly category: Category;
  readonly verdict: PullRecord['verdict'];
  readonly rule: Rule;
  /** Of this many pulls one is of this image. */
  readonly oneOf: number;
}

const pulled: readonly Pulled[] = [
  { repository: 'docker.io/somebody/miner', tag: 'latest', category: 'community', ...refused('category'), oneOf: 7 },
  { repository: 'docker.io/someone/redis', tag: '7', category: 'community', ...refused('category'), oneOf: 11 },
  { repository: 'quay.io/other/tool', tag: 'v2', category: 'community', ...refused('registry-access'), oneOf: 29 },
  { repository: 'docker.io/bitnami/redis', tag: '8.0', category: 'community', ...allowed('allowlist'), oneOf: 5 },
  {
    repository: 'docker.io/acme/web',
    tag: '1.1',
    category: 'organization',
    ...allowed('organization-image'),
    oneOf: 3,
  },
  {
    repository: 'docker.io/northwind/agent',
    tag: '3',
    category: 'verified-publisher',
    ...allowed('category'),
    oneOf: 4,
  },
  { repository: 'docker.io/library/alpine', tag: '3.22', category: 'official', ...allowed('category'), oneOf: 1 },
];

function refused(rule: Rule) {
  return { verdict: 'deny', rule } as const;
}

function allowed(rule: Rule) {
  return { verdict: 'allow', rule } as const;
}

const clients = ['docker', 'containerd', 'buildkit', 'podman'] as const;
const people = ['max', 'erik', 'max', 'olivia', 'erik', 'max', 'max'] as const;

export interface HistoryOptions {
  readonly organization: string;
  readonly count: number;
  /** Milliseconds since 1970, of the newest and the oldest. */
  readonly to: number;
  readonly from: number;
}

/** Puts recorded pulls into the database of a gate, evenly over the time, the same ones each time. */
export async function recordHistory(configuration: Configuration, options: HistoryOptions): Promise<void> {
  const { count, from, to } = options;
  const locations = locateDatabases(configuration);
  const state = await connect(locations.state);
  const archive = databasePullArchive(await connect(locations.pulls));
  try {
    const { id: organizationId } = await state
      .selectFrom('organizations')
      .select('id')
      .where('name', '=', options.organization)
      .executeTakeFirstOrThrow();
    const persons = await state.selectFrom('people').select(['id', 'username']).execute();
    const personIds = new Map(persons.map(({ id, username }) => [username, id]));
    const step = (to - from) / Math.max(1, count - 1);
    const records = Array.from({ length: count }, (_, index): PullRecord => {
      const { oneOf: _oneOf, ...what } = pulled.find(({ oneOf }) => (index + 1) % oneOf === 0) ?? pulled[0]!;
      const person = people[index % people.length]!;
      return {
        id: newDecisionId(),
        at: Math.round(from + index * step),
        organizationId,
        policyVersion: 2,
        person,
        personId: personIds.get(person) ?? null,
        tokenId: null,
        address: `10.1.${index % 4}.${(index % 200) + 1}`,
        client: clients[index % clients.length]!,
        operation: 'manifest',
        method: 'GET',
        digest: null,
        stale: index % 97 === 0 && what.verdict === 'allow',
        ...what,
      };
    });
    // As large as what the archive's thread stores at once.
    for (let start = 0; start < records.length; start += 5000) {
      await archive.append('history', records.slice(start, start + 5000));
    }
  } finally {
    await archive.close();
    await state.destroy();
  }
}
