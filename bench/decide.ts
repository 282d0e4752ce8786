import { decide, defaultPolicy, type Organization, type Question, repositoryOf } from '@pullgate/policy';
import { median, type Result, type Row } from './bench.ts';

const allowlistSize = 10_000;

export const decideRow: Row = {
  name: 'decide',
  about: 'one decision with an allowlist of 10,000 repositories, half of them hits',

  async measure(bench) {
    const questions = questionsAbout(organizationWith(allowlistSize));
    run(questions, 200_000);
    const samples: number[] = [];
    const rounds = bench.quick ? 5 : 15;
    for (let round = 1; round <= rounds; round++) {
      bench.progress(`round ${round} of ${rounds}`);
      samples.push(run(questions, 500_000));
    }
    const result: Result = {
      name: 'decision, allowlist of 10,000',
      unit: 'µs',
      target: { atMost: 2 },
      measured: median(samples),
      detail: 'hits and misses in turn',
      samples: { decide: samples },
    };
    return [result];
  },
};

/** Microseconds for one decision. */
function run(questions: readonly Question[], decisions: number): number {
  let allowed = 0;
  const started = performance.now();
  for (let index = 0; index < decisions; index++) {
    const question = questions[index % questions.length];
    if (question && decide(question).verdict === 'allow') allowed += 1;
  }
  const milliseconds = performance.now() - started;
  if (allowed !== decisions / 2) throw new Error(`${allowed} of ${decisions} were allowed: one half should have been.`);
  return (1000 * milliseconds) / decisions;
}

function organizationWith(listed: number): Organization {
  const repositories = new Set(Array.from({ length: listed }, (_, index) => `docker.io/listed${index}/app`));
  return {
    id: 'acme',
    name: 'acme',
    policy: { ...defaultPolicy, enabled: true, allowlist: { enabled: true, repositories } },
    policyVersion: 1,
    enforceSignIn: true,
  };
}

/** About Community images, each second one on the allowlist. */
function questionsAbout(organization: Organization): Question[] {
  const memberships = [{ organization, role: 'member' }] as const;
  return Array.from({ length: 2 * allowlistSize }, (_, index) => ({
    principal: { kind: 'person', id: 'max', username: 'max', memberships },
    repository: repositoryOf('docker.io', `${index % 2 === 0 ? 'listed' : 'other'}${index >> 1}/app`),
    category: 'community',
    claimedBy: undefined,
    home: organization,
    upstreamKnown: true,
  }));
}
