import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { ConfigurationError } from './configuration-error.ts';

export type Path = readonly (string | number)[];

/** From 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file's settings, not judged yet, with the way back from each to its place in the file. */
export interface ConfigurationDocument {
  readonly value: unknown;
  /** Where the setting's key or value stands, or the nearest thing around it that the file has. */
  locate(path: Path, part: 'key' | 'value'): Position;
}

/** Reads YAML 1.2. Throws `ConfigurationError` for what is not YAML, naming `source`. */
export function readDocument(source: string, text: string): ConfigurationDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    throw new ConfigurationError(
      document.errors.map((error) => ({
        source,
        ...position(error.pos[0]),
        setting: '',
        expected: 'YAML',
        found: `a mistake: ${error.message}`,
      })),
    );
  }
  return {
    value: plain(document, source),
    locate: (path, part) => position(offsetOf(document.contents, path, part)),
  };
}

/** Counts aliases, so that a small file cannot grow without bound ("billion laughs"). */
function plain(document: Document, source: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const found = `a mistake: ${error.message}`;
    throw new ConfigurationError([
      { source, line: undefined, column: undefined, setting: '', expected: 'YAML with few aliases', found },
    ]);
  }
}

function offsetOf(root: Node | null, path: Path, part: 'key' | 'value'): number {
  let node: unknown = root;
  let offset = start(root) ?? 0;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined) return offset;
      offset = (last && part === 'value' ? start(pair.value) : undefined) ?? start(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = start(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function start(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
