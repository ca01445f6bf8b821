import type { Config } from '../../protocol/config/config.js';
import { nearest } from '../nearest.js';
import type { ConfigDocument } from './document.js';
import { tableNames } from './table-names.js';

/** The datasets that the SQL of one reads: names as they are in the configuration. SQL tells no letter case apart. */
export function inputsOf(sql: string, names: readonly string[]): string[] {
  const byKey = new Map(names.map((name) => [name.toLowerCase(), name]));
  return tableNames(sql).flatMap((table) => byKey.get(table.toLowerCase()) ?? []);
}

/** Notes datasets that are computed from themselves, by whatever way, and tables that are nearly a dataset. */
export function checkInputs({ datasets = {} }: Config, document: ConfigDocument): void {
  const names = Object.keys(datasets);
  const inputs = new Map(
    Object.entries(datasets).flatMap(([name, dataset]) =>
      'sql' in dataset ? [[name, inputsOf(dataset.sql, names)] as const] : [],
    ),
  );
  for (const [name, dataset] of Object.entries(datasets)) {
    if (!('sql' in dataset)) continue;
    const known = new Set(names.map((each) => each.toLowerCase()));
    for (const table of tableNames(dataset.sql)) {
      if (known.has(table.toLowerCase())) continue;
      const near = nearest(table, names);
      if (near === undefined) continue;
      document.reportAt(
        ['datasets', name, 'sql'],
        `"sql" reads "${table}", which is no dataset here.`,
        `Did you mean "${near}"?`,
      );
    }
  }
  const told = new Set<string>();
  for (const name of inputs.keys()) {
    const circle = circleFrom(name, inputs);
    if (circle === undefined || circle.some((each) => told.has(each))) continue;
    for (const each of circle) told.add(each);
    document.reportAt(
      ['datasets', name, 'sql'],
      `"${name}" is computed from itself: ${circle.join(' → ')}.`,
      'Take one of these steps out.',
    );
  }
}

/** The shortest way from a dataset back to itself. */
function circleFrom(
  start: string,
  inputs: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const seen = new Set<string>();
  let ways: string[][] = [[start]];
  while (ways.length > 0) {
    const next: string[][] = [];
    for (const way of ways) {
      for (const input of inputs.get(way.at(-1)!) ?? []) {
        if (input === start) return [...way, start];
        if (seen.has(input)) continue;
        seen.add(input);
        next.push([...way, input]);
      }
    }
    ways = next;
  }
  return undefined;
}
