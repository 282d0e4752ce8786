import type { Document, Fence } from './markdown.ts';

/** One command of an `sh` block. */
export interface CommandLine {
  /** `docs/policy.md:17` */
  readonly where: string;
  /** Program and arguments, without quotes. */
  readonly words: readonly string[];
  /** What it ends with: 0, or what a trailing `# exit 3` says. */
  readonly status: number;
}

/** A YAML block that begins with `# name.yaml`: a file for the commands after it. */
export interface FileBlock {
  readonly name: string;
  readonly text: string;
}

export type Step = CommandLine | FileBlock;

/** What a reader does from the top of a document to its end. */
export function stepsOf({ path, fences }: Document): readonly Step[] {
  return fences.flatMap((fence): readonly Step[] => {
    if (fence.language === 'sh') return commandLinesOf(path, fence);
    const name = /^# ([\w-]+\.yaml)\n/.exec(fence.text)?.[1];
    return fence.language === 'yaml' && name !== undefined ? [{ name, text: fence.text }] : [];
  });
}

function commandLinesOf(path: string, { line, text }: Fence): readonly CommandLine[] {
  return text.split('\n').flatMap((content, index) => {
    if (content.trim() === '') return [];
    const where = `${path}:${line + index}`;
    const { commands, comment } = splitLine(content, where);
    const expected = /^(?:exit (\d+)|refused)$/.exec(comment);
    if (comment !== '' && !expected) {
      throw new Error(`${where}: a comment in an sh block says "exit 3" or "refused"; the rest belongs into the text.`);
    }
    return commands.map((words) => ({ where, words, status: Number(expected?.[1] ?? (comment === '' ? 0 : 1)) }));
  });
}

/** Reads words and quotes as a shell does, and refuses the rest of a shell: these lines are not run by one. */
function splitLine(line: string, where: string): { commands: readonly (readonly string[])[]; comment: string } {
  const commands: string[][] = [[]];
  let rest = line.trim();
  while (rest !== '') {
    if (rest.startsWith('#')) return { commands, comment: rest.slice(1).trim() };
    if (rest.startsWith('&& ')) {
      commands.push([]);
      rest = rest.slice(3).trimStart();
      continue;
    }
    const [word = ''] = /^(?:"[^"]*"|'[^']*'|[^\s"'|<>;&`\\])+/.exec(rest) ?? [];
    const after = rest.slice(word.length);
    if (word === '' || (after !== '' && !/^\s/.test(after))) {
      throw new Error(`${where}: ${rest} is more than words, quotes and &&. Use a console block for it.`);
    }
    commands.at(-1)?.push(word.replace(/"([^"]*)"|'([^']*)'/g, (_, double = '', single = '') => double + single));
    rest = after.trimStart();
  }
  return { commands, comment: '' };
}
