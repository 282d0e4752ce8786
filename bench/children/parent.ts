interface Asked<Question> {
  readonly id: number;
  readonly question: Question;
}

/** What a child process sends back. */
export type Reply<Answer> = { readonly id: number } & ({ readonly answer: Answer } | { readonly error: string });

/** Answers whatever the parent process asks, and ends with it. */
export function answerParent<Question, Answer>(answer: (question: Question) => Promise<Answer>): void {
  async function reply({ id, question }: Asked<Question>): Promise<void> {
    const said: Reply<Answer> = await answer(question).then(
      (value) => ({ id, answer: value }),
      (error: unknown) => ({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
    process.send?.(said);
  }

  process.on('message', (asked: Asked<Question>) => void reply(asked));
  process.on('disconnect', () => process.exit());
  // Ctrl-C reaches the whole group; the parent decides when its children end.
  process.on('SIGINT', () => undefined);
}
