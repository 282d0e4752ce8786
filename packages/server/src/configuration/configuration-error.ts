/** One thing that is wrong, where it stands, and what would be right. */
export interface ConfigurationProblem {
  /** The file as the person named it, or the environment variable. */
  readonly source: string;
  /** From 1; undefined for an environment variable. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** `listen.port`; empty when the whole document is meant. */
  readonly setting: string;
  /** Never holds a secret. */
  readonly found: string;
  readonly expected: string;
}

/** The configuration cannot be used. The message has one line for each problem: all of them, so that one look suffices. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly ConfigurationProblem[];

  constructor(problems: readonly ConfigurationProblem[]) {
    super(problems.map(sentence).join('\n'));
    this.problems = problems;
  }
}

function sentence(problem: ConfigurationProblem): string {
  const position = problem.line === undefined ? '' : `:${problem.line}:${problem.column}`;
  const setting = problem.setting === '' ? '' : `${problem.setting}: `;
  return `${problem.source}${position}: ${setting}expected ${problem.expected}, found ${problem.found}`;
}
