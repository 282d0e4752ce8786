const words: Readonly<Record<string, string>> = {
  ENOENT: 'none there',
  ENOTDIR: 'none there',
  EISDIR: 'a folder',
  EACCES: 'one that this user may not read',
};

/** What was found instead of a file that can be read. Codes of the system stay where there are no words for them. */
export function wordsOfFailure(error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) return 'an unreadable one';
  const code = String(error.code);
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code;
}
