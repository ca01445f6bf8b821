/** Percent-encodes one item of a list, so that no sign of the list's own language is left in it. */
export function itemOfAddress(item: string): string {
  const encoded = encode(item).replace(/!/g, '%21').replace(/~/g, '%7E');
  return encoded.includes('..') ? encodeDots(encoded) : encoded;
}

/** One end of a range: it may not touch the dots between the ends with its own. */
export function endOfAddress(end: string | undefined): string {
  if (end === undefined) return '';
  const item = itemOfAddress(end);
  return item.startsWith('.') || item.endsWith('.') ? encodeDots(item) : item;
}

const encodeDots = (text: string): string => text.replace(/\./g, '%2E');

/** Half of a surrogate pair has no UTF-8 form and would make `encodeURIComponent` throw. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Percent-encodes a part of a path, whatever is in it. */
export const encode = (text: string): string =>
  encodeURIComponent(text.replace(LONE_SURROGATE, '\uFFFD'));

/** Signs that a query may hold as they are stay readable. */
export const encodeQuery = (text: string): string =>
  encode(text).replace(/%(2C|3A|2F)/g, (code) => decodeURIComponent(code));

/** Decodes what is percent-encoded; text that people typed with a bare `%` stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
