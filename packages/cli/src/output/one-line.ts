/** Control characters, and those that change the direction or hide text: an image's name must not draw on a terminal. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from outside as one line that a terminal shows and does not obey. */
export function oneLine(text: string): string {
  return text.replace(unsafe, '?');
}
