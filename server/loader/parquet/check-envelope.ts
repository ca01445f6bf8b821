import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { HalftoneError } from '../../errors.js';

/** The magic at both ends, and the length of the footer: the least that a Parquet file needs. */
const SMALLEST = 12;

/**
 * Looks at the first and last bytes of a Parquet file, and refuses what is none, what is cut off and what is encrypted:
 *   0: "PAR1"   …   size - 8: uint32 length of the footer   size - 4: "PAR1", or "PARE" with an encrypted footer
 */
export async function checkEnvelope(path: string): Promise<void> {
  const file = basename(path);
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(4);
    const tail = Buffer.alloc(8);
    await handle.read(head, 0, 4, 0);
    await handle.read(tail, 0, 8, Math.max(0, size - 8));
    const first = head.toString('latin1');
    const last = tail.toString('latin1', 4);
    if (first === 'PARE' || last === 'PARE') {
      throw new HalftoneError('SOURCE_ENCRYPTED', `${file} is an encrypted Parquet file.`, {
        file,
        hint: 'Decrypt it first: no key can be given here.',
      });
    }
    if (first !== 'PAR1') {
      throw new HalftoneError(
        'SOURCE_KIND_UNKNOWN',
        `${file} is not a Parquet file: it begins with ${JSON.stringify(first)}, not with "PAR1".`,
        { file },
      );
    }
    if (size < SMALLEST || last !== 'PAR1') {
      throw new HalftoneError(
        'SOURCE_TRUNCATED',
        `${file} is cut off: after ${size} bytes it does not end like a Parquet file.`,
        { file, hint: 'Copy or write it again; the end of the file is missing.' },
      );
    }
    const footer = tail.readUInt32LE(0);
    if (footer + SMALLEST > size) {
      throw new HalftoneError(
        'SOURCE_CORRUPT',
        `${file} is damaged: its footer of ${footer} bytes does not fit into ${size} bytes.`,
        { file },
      );
    }
  } finally {
    await handle.close();
  }
}
