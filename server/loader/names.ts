/**
 * Column names as a snapshot has them: an empty one is named after its position (`column2` is the second), and
 * the second of two equal ones gets the first free ending of `_1`, `_2` …
 */
export function uniqueNames(names: readonly string[]): string[] {
  const given = new Set(names);
  const taken = new Set<string>();
  return names.map((name, position) => {
    const wanted = name === '' ? `column${position + 1}` : name;
    let free = wanted;
    for (let i = 1; taken.has(free) || (free !== name && given.has(free)); i++) {
      free = `${wanted}_${i}`;
    }
    taken.add(free);
    return free;
  });
}
