const MOST = 80;

/** A text of a file as a sentence can hold it: its beginning, where it is long. */
export function shortened(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text;
}
