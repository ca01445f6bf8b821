import { DEFAULT_TOP } from '../../../protocol/limits.js';
import { parseClock, parseTime } from '../../../protocol/time.js';
import type { Claim } from './claim.js';
import { textLiteral } from './literal.js';
import { isNumber, isTime, type SqlColumn } from './sql-column.js';

/** Series, or colors of categories: which one a row belongs to, and what they are called in the frame. */
export interface Legend {
  /** The number of a row's series, as SQL. */
  slot: string;
  labels: string[];
  /** The slot that a label of the frame names; -1 where the legend has no such label. */
  slotOf(label: string | number | null): number;
}

/** One series, of all rows. */
export const ONE_SERIES: Legend = { slot: '0', labels: ['all rows'], slotOf: () => 0 };

/** The columns of a list, each a series. */
export function legendOfColumns(names: readonly string[]): Legend {
  const labels = [...new Set(names)];
  return { slot: '0', labels, slotOf: (label) => labels.indexOf(String(label)) };
}

/** The most frequent values among the matching rows, ties in the order of the values, then null and the others. */
export async function checkLegend(claim: Claim, column: SqlColumn): Promise<Legend> {
  const { query, frame, table, where, found } = claim;
  const { id } = column;
  const isPlain = isNumber(column) || isTime(column) || column.logical.kind === 'boolean';
  const [texts = [], counts = []] = await table.ask(
    `SELECT ${id}::VARCHAR AS label, count(*)::DOUBLE AS rows FROM t WHERE ${where} GROUP BY ${id} ORDER BY rows DESC, ${isPlain ? id : `encode(${id}::VARCHAR)`} NULLS LAST`,
  );
  const groups = texts
    .map((text, i) => ({ text: text as string | null, count: counts[i] as number }))
    .filter(({ text }) => text !== null) as { text: string; count: number }[];
  const nulls = texts.includes(null) ? (counts[texts.indexOf(null)] as number) : 0;
  const kept = groups.slice(0, query.top ?? DEFAULT_TOP);
  const rest = groups.slice(kept.length);
  const others = rest.reduce((sum, { count }) => sum + count, 0);
  const { color } = frame.metadata;
  const told = color?.kind === 'category' ? color.categories : [];
  const names = told.filter(({ role }) => role === 'value').map(({ label }) => label);
  if (color !== undefined) {
    found.same(names.length, kept.length, () => 'the number of categories');
    for (const [i, { text, count }] of kept.entries()) {
      found.same(shownAs(column, names[i]), shownAs(column, text), () => `category ${i}`);
      found.same(told[i]?.count, count, () => `rows of category "${text}"`);
    }
    const countOf = (role: string): number => told.find((one) => one.role === role)?.count ?? 0;
    found.same(countOf('null'), nulls, () => 'rows without a category');
    found.same(countOf('other'), others, () => 'rows of other categories');
  }
  const cases = kept.map(({ text }, i) => `WHEN ${id}::VARCHAR = ${textLiteral(text)} THEN ${i}`);
  const other = told.find(({ role }) => role === 'other')?.label ?? 'other';
  const labels = [...kept.map(({ text }) => text), 'null', other];
  const slots = new Map<string, number>(names.map((name, i) => [name, i]));
  if (!slots.has(other)) slots.set(other, kept.length + 1);
  return {
    slot: `CASE WHEN ${id} IS NULL THEN ${kept.length} ${cases.join(' ')} ELSE ${kept.length + 1} END`,
    labels,
    slotOf: (label) => (label === null ? kept.length : (slots.get(String(label)) ?? -1)),
  };
}

/** A label as what it says: SQL and JSON write the same number in different ways. */
function shownAs(column: SqlColumn, label: string | undefined): string | number | undefined {
  if (label === undefined) return undefined;
  if (isNumber(column)) return Number(label);
  const { kind } = column.logical;
  if (kind === 'time') return String(parseTime(label));
  return kind === 'clock' ? String(parseClock(label)) : label;
}
