/** A shorter value stands in too many words to be taken for a secret. */
const SHORTEST = 4;

/** Returns a function that puts `***` for secrets: for the given values, and for the person and password of any address. */
export function redacting(secrets: Iterable<string>): (text: string) => string {
  const long = [...secrets].filter(({ length }) => length >= SHORTEST);
  // The longest first: one may be a part of another.
  long.sort((a, b) => b.length - a.length);
  return (text) => {
    let told = text;
    for (const secret of long) told = told.replaceAll(secret, '***');
    return told.replaceAll(/(:\/\/)[^\s/@:]*:?[^\s/@]*@/gu, '$1***@');
  };
}
