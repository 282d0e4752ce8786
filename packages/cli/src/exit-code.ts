/** What scripts may rely on. */
export const exitCode = {
  ok: 0,
  /** Something did not work: the sentence on stderr says what and what to do. */
  failure: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** `check`: the policy refuses the pull. */
  refused: 3,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
