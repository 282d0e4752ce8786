import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** A document, read as far as its tests need it. */
export interface Document {
  /** `docs/policy.md` */
  readonly path: string;
  readonly text: string;
  readonly fences: readonly Fence[];
  /** The text without what is fenced. */
  readonly prose: string;
  readonly headings: readonly string[];
}

/** What stands between two lines of three backticks. */
export interface Fence {
  /** `sh`, `text`, … */
  readonly language: string;
  /** Of the first line inside, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Every document at the root and below `docs`. */
export function readDocuments(): readonly Document[] {
  const atRoot = readdirSync(root).filter((name) => name.endsWith('.md'));
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.split(sep).join('/')}`);
  return [...atRoot, ...inDocs].sort().map((path) => readDocument(path, readFileSync(join(root, path), 'utf8')));
}

export function readDocument(path: string, text: string): Document {
  const fences: Fence[] = [];
  const prose: string[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const mark = /^\s*```(.*)$/.exec(line);
    if (mark && open) {
      fences.push({ language: open.language, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    } else if (mark) {
      open = { language: mark[1]?.trim() ?? '', line: index + 2, lines: [] };
    } else if (open) {
      open.lines.push(line);
    } else {
      prose.push(line);
    }
  }
  if (open) throw new Error(`${path}:${open.line}: this fence has no end.`);
  const headings = prose.flatMap((line) => /^#{1,6} (.+)$/.exec(line)?.[1] ?? []);
  return { path, text, fences, prose: prose.join('\n'), headings };
}

/** The anchor that GitHub gives to a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

export interface Link {
  /** Path from the root; of the document itself for a bare anchor. */
  readonly path: string;
  readonly anchor: string | undefined;
  readonly text: string;
}

/** Links and pictures to other places of the project, not to the world. */
export function linksOf({ path, prose }: Document): readonly Link[] {
  return [...prose.matchAll(/!?\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((text) => {
      const [file = '', anchor] = text.split('#', 2);
      const target = file === '' ? path : relative(root, join(root, path, '..', file));
      return { path: target.split(sep).join('/'), anchor, text };
    });
}

/** The rows of every table, cell by cell, without heads and rules. A `\|` does not part cells. */
export function tableRows(prose: string): readonly (readonly string[])[] {
  const lines = prose.split('\n');
  return lines.flatMap((line, index) => {
    const isBody = line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1] ?? '');
    return isBody ? [cellsOf(line)] : [];
  });
}

function isRule(line: string): boolean {
  return /^\|[\s:|-]+\|$/.test(line);
}

function cellsOf(line: string): readonly string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

/** The text of a cell that is code and nothing else. */
export function codeIn(cell: string): string | undefined {
  return /^`([^`]+)`$/.exec(cell)?.[1];
}
