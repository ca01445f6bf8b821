/** Column names as they were found, and as they are after each has become one of its kind. */
export interface RenamedColumn {
  /** 0-based. */
  position: number;
  from: string;
  to: string;
}

/**
 * Makes the names of a header usable: blanks around them go, an empty one becomes `column2` by its position,
 * the second `a` becomes `a_1`. Upper and lower case are the same name, as they are to SQL.
 */
export function usableNames(header: readonly string[]): {
  names: string[];
  renamed: RenamedColumn[];
} {
  const names: string[] = [];
  const renamed: RenamedColumn[] = [];
  const trimmed = header.map((name) => name.trim());
  const taken = new Set<string>();
  // Names that stand in the header keep it; only what collides gives way.
  const given = new Set(trimmed.map((name) => name.toLowerCase()));
  for (const [position, from] of trimmed.entries()) {
    const base = from === '' ? `column${position + 1}` : from;
    let to = base;
    for (
      let i = 1;
      taken.has(to.toLowerCase()) || (to !== from && given.has(to.toLowerCase()));
      i++
    ) {
      to = `${base}_${i}`;
    }
    taken.add(to.toLowerCase());
    names.push(to);
    if (to !== from) renamed.push({ position, from, to });
  }
  return { names, renamed };
}
