/** Most people of one request. */
export const mostInvitees = 1000;

/** Names and addresses as people paste them: one a line, or with commas, semicolons or spaces between. Each once. */
export function readInvitees(text: string): readonly string[] {
  const given = text.split(/[\s,;]+/).filter((part) => part !== '');
  return [...new Map(given.map((one) => [one.toLowerCase(), one])).values()];
}
