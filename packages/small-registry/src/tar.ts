const blockSize = 512;

/** Two blocks of zeros end a tar archive. */
export const tarEnd = Buffer.alloc(2 * blockSize);

/**
 * The ustar header of one regular file (POSIX.1-1988). Owner, mode and time are fixed, so that equal files always give
 * equal digests. `size` is in bytes, below 8 GiB; throws when name or size do not fit the header.
 */
export function tarHeader(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100)
    throw new Error(`The file name ${name} does not fit a ustar header: use at most 100 bytes.`);
  if (size >= 8 ** 11) throw new Error(`${size} bytes do not fit a ustar header: use less than 8 GiB.`);
  const header = Buffer.alloc(blockSize);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** The zeros that fill a file of `size` bytes up to whole blocks. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}

/** A tar archive of files by their paths. Reproducible. */
export function tar(files: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(files).flatMap(([name, text]) => {
    const bytes = Buffer.from(text);
    return [tarHeader(name, bytes.length), bytes, tarPadding(bytes.length)];
  });
  return Buffer.concat([...entries, tarEnd]);
}
