/** Bytes that one download keeps in memory. */
const largeBytes = 4 * 1024 * 1024;
/** The same where many run at once, or a blob is small. */
const smallBytes = 1024 * 1024;
/** Large ones there may be, in use or not. */
const maxLarge = 8;
/** Small ones that are kept for the next download. */
const maxIdleSmall = 16;

const idleLarge: SharedArrayBuffer[] = [];
const idleSmall: SharedArrayBuffer[] = [];
let large = 0;

/**
 * Memory for a download of so many bytes, or for a part of them. It is used again and again: V8 does not count shared
 * memory, and is in no hurry to collect it, so whoever asked for one blob after the other would fill the memory.
 */
export function takeMemory(bytes: number): SharedArrayBuffer {
  const isLarge = bytes > smallBytes && (idleLarge.length > 0 || large < maxLarge);
  if (!isLarge) return idleSmall.pop() ?? new SharedArrayBuffer(smallBytes);
  const idle = idleLarge.pop();
  if (idle !== undefined) return idle;
  large += 1;
  return new SharedArrayBuffer(largeBytes);
}

/** Nobody reads or writes it any more. */
export function giveMemoryBack(memory: SharedArrayBuffer): void {
  if (memory.byteLength === largeBytes) idleLarge.push(memory);
  else if (idleSmall.length < maxIdleSmall) idleSmall.push(memory);
}
