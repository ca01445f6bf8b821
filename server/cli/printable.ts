/**
 * Text of a file as it may be written to a terminal: control characters, which could move the cursor or change
 * what was said before, are shown as escapes; long texts are cut.
 */
export function printable(text: string, maxLength = 40): string {
  const safe = text.replace(
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return safe.length <= maxLength ? safe : `${safe.slice(0, maxLength - 1)}…`;
}
