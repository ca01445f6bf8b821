import { isUtf8 } from 'node:buffer';

/** An encoding found at the start of a file: a WHATWG label, and the bytes of its byte order mark. */
export interface FoundEncoding {
  label: string;
  bomBytes: number;
}

/**
 * Names the encoding of a file by its first bytes: a byte order mark if there is one, UTF-16 without one by where
 * its zeros stand, UTF-8 where that is valid, else Windows-1252, in which every byte means something.
 * `complete` says that nothing follows the sample; else a character cut off at its end is no fault.
 */
export function detectEncoding(sample: Uint8Array, complete: boolean): FoundEncoding {
  const [a, b, c] = sample;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { label: 'utf-8', bomBytes: 3 };
  if (a === 0xff && b === 0xfe) return { label: 'utf-16le', bomBytes: 2 };
  if (a === 0xfe && b === 0xff) return { label: 'utf-16be', bomBytes: 2 };
  const wide = utf16ByZeros(sample);
  if (wide !== null) return { label: wide, bomBytes: 0 };
  const whole = complete ? sample : sample.subarray(0, wholeCharacters(sample));
  return { label: isUtf8(whole) ? 'utf-8' : 'windows-1252', bomBytes: 0 };
}

/** How an encoding is called in a sentence. */
export function encodingName(label: string): string {
  return ENCODING_NAMES[label] ?? label;
}

const ENCODING_NAMES: Readonly<Record<string, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252',
};

/** Text of Latin letters, digits and signs has a zero in every other byte; which one tells the order. */
function utf16ByZeros(sample: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const pairs = Math.min(sample.length >> 1, 2048);
  if (pairs < 4) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs; i++) {
    if (sample[2 * i] === 0) even++;
    if (sample[2 * i + 1] === 0) odd++;
  }
  if (odd > pairs * 0.4 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.4 && odd < pairs * 0.05) return 'utf-16be';
  return null;
}

/** The length of the sample without a character that is cut off at its end: at most three bytes less. */
function wholeCharacters(sample: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= sample.length; back++) {
    const byte = sample[sample.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < needs ? sample.length - back : sample.length;
    }
  }
  return sample.length;
}
