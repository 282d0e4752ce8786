import { describe, expect, test } from 'vitest';
import type { DemoFacts } from '../src/report.ts';
import { type Demo, runDemo } from '../src/run.ts';

const facts: DemoFacts = {
  url: 'http://localhost:8080',
  org: 'acme',
  password: 'made-up-password',
  accounts: [
    { username: 'olivia', role: 'owner', pat: 'pgp_olivia' },
    { username: 'max', role: 'member', pat: 'pgp_max' },
  ],
  images: [
    { reference: 'localhost:8080/library/alpine:latest', category: 'official' },
    { reference: 'localhost:8080/somebody/miner:latest', category: 'community' },
  ],
};

/** A process to run in, and what happened there. */
function surroundings(): {
  readonly printed: string[];
  readonly complaints: string[];
  readonly end: () => void;
  readonly run: (words: readonly string[], start: (port: number) => Promise<Demo>) => Promise<number>;
} {
  const printed: string[] = [];
  const complaints: string[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const process = {
    print: (text: string) => void printed.push(text),
    complain: (text: string) => void complaints.push(text),
    emphasize: (_style: string, text: string) => text,
    ended,
  };
  return { printed, complaints, end, run: (words, start) => runDemo(words, start, process) };
}

const notStarted = async (): Promise<Demo> => {
  throw new Error('must not be started');
};

describe('the demo', () => {
  test('starts on its port, reports once, and closes when it is ended', async () => {
    const happened: string[] = [];
    const { run, end, printed } = surroundings();
    const code = run(['--port', '8123'], async (port) => {
      happened.push(`started on ${port}`);
      return { facts, close: async () => void happened.push('closed') };
    });
    await expect.poll(() => printed).toHaveLength(1);
    expect(printed[0]).toContain('docker pull localhost:8080/library/alpine:latest');
    expect(happened).toEqual(['started on 8123']);
    end();
    expect(await code).toBe(0);
    expect(happened).toEqual(['started on 8123', 'closed']);
    expect(printed).toHaveLength(1);
  });

  test('prints nothing but one line of JSON when asked for it', async () => {
    const { run, end, printed, complaints } = surroundings();
    end();
    expect(await run(['--json'], async () => ({ facts, close: async () => {} }))).toBe(0);
    expect(printed.join('')).toMatch(/^[^\n]+\n$/);
    const { password: _, ...told } = facts;
    expect(JSON.parse(printed.join(''))).toEqual(told);
    expect(complaints).toEqual([]);
  });

  test('says when its port is taken, and what to do', async () => {
    const { run, printed, complaints } = surroundings();
    const code = await run(['--port', '8123'], async () => {
      throw Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
    });
    expect(code).toBe(1);
    expect(printed).toEqual([]);
    expect(complaints.join('')).toMatch(/^Port 8123 is taken\. .*--port 0/);
  });

  test('does not hide any other failure', async () => {
    await expect(surroundings().run([], notStarted)).rejects.toThrow('must not be started');
  });

  test.each([
    ['help is printed', ['--help'], 0],
    ['a mistake is told of, with the help', ['--prot'], 2],
  ])('%s, and nothing starts', async (_description, words, expected) => {
    const { run, printed, complaints } = surroundings();
    expect(await run(words, notStarted)).toBe(expected);
    expect((expected === 0 ? printed : complaints).join('')).toContain('Usage: npm run demo');
    expect(expected === 0 ? complaints : printed).toEqual([]);
  });
});
