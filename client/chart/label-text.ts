/** Plotly reads markup in labels: what is data stays text. */
export const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The first `length` letters of a text; of a character that takes two of them no half is left. */
export const cutAt = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

/** A label of `width` pixels at most. */
export function shorten(label: string, width: number, measure: (text: string) => number): string {
  if (measure(label) <= width) return label;
  const cut = (length: number): string => `${cutAt(label, length).trimEnd()}…`;
  let [fits, tooLong] = [1, label.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >>> 1;
    if (measure(cut(middle)) <= width) fits = middle;
    else tooLong = middle;
  }
  return cut(fits);
}
