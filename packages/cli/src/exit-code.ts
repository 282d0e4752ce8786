/** What scripts may rely on. */
export const exitCode = {
  ok: 0,
  /** Something did not work: the sentence on stderr says what and what to do. */
  failure: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** `check`: the policy refuses the pull. */
  refused: 3,
  /** Nobody is signed in to the gate, or not any more. */
  unauthorized: 4,
  /** Whoever is signed in may not do this. */
  forbidden: 5,
  /** It does not exist, or not for whoever is signed in. */
  notFound: 6,
  /** It contradicts what is there, or somebody else changed it meanwhile. */
  conflict: 7,
  /** The gate could not be reached. */
  network: 8,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
