import type { DesktopFile } from './desktop-files.ts';

/** Long enough for the browser to have begun. */
const keptMilliseconds = 60_000;

/** Hands a file that was made here to the browser's downloads. */
export function saveFile({ fileName, mediaType, text }: DesktopFile): void {
  const address = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), keptMilliseconds);
}
