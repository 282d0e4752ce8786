interface Asked<Question> {
  readonly id: number;
  readonly question: Question;
}

/** What a child process sends back. */
export type Reply<Answer> = { readonly id: number } & ({ readonly answer: Answer } | { readonly error: string });

/** Answers whatever the parent process asks, and ends with it or when it is told to. */
export function answerParent<Question, Answer>(
  answer: (question: Question) => Promise<Answer>,
  close: () => Promise<void> = async () => undefined,
): void {
  process.on('message', async ({ id, question }: Asked<Question>) => {
    const reply: Reply<Answer> = await answer(question).then(
      (value) => ({ id, answer: value }),
      (error: unknown) => ({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
    process.send?.(reply);
  });
  process.on('disconnect', () => {
    close().finally(() => process.exit());
  });
  // Ctrl-C reaches the whole group; the parent decides when its children end.
  process.on('SIGINT', () => undefined);
}
