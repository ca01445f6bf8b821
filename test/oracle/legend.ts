import { DEFAULT_TOP } from '../../protocol/limits.js';
import type { FrameMetadata } from '../../protocol/frame.js';
import { must, mustBe } from './must.js';
import type { Checked } from './checks.js';
import type { OracleColumn } from './table.js';

/** How rows are told apart by color or series: the slot of each row, and what a slot is called in the frame. */
export interface Legend {
  /** By slot; null for the rows without a category. */
  labels: (string | null)[];
  slotOf: (row: number) => number;
  /** The slot of a row as SQL. */
  sql: string;
}

/** One series, of all rows. */
export const ONE_SERIES: Legend = { labels: [null], slotOf: () => 0, sql: '0' };

/** The legend that the contract asks for, held against the one that the frame's metadata tells. */
export async function legendOf(
  { query, matched, frame }: Checked,
  column: OracleColumn,
): Promise<Legend> {
  const { labels, codes } = await column.categories();
  const counts = new Uint32Array(labels.length + 1);
  for (const row of matched) counts[codes[row]! + 1]!++;
  const occurring = [...labels.keys()].filter((code) => counts[code + 1]! > 0);
  occurring.sort((a, b) => counts[b + 1]! - counts[a + 1]! || a - b);
  const kept = occurring.slice(0, query.top ?? DEFAULT_TOP);
  const slots = new Int32Array(labels.length + 1).fill(kept.length + 1);
  slots[0] = kept.length;
  for (const [slot, code] of kept.entries()) slots[code + 1] = slot;
  const nulls = counts[0]!;
  const others = occurring.slice(kept.length).reduce((sum, code) => sum + counts[code + 1]!, 0);
  const other = unusedLabel(kept.map((code) => labels[code]!));
  if (frame.metadata.domain !== null || query.mark === 'bar') {
    checkInfo(frame.metadata.color, {
      kind: 'category',
      column: column.name,
      categories: [
        ...kept.map((code) => ({
          label: labels[code]!,
          count: counts[code + 1]!,
          role: 'value' as const,
        })),
        ...(nulls > 0 ? [{ label: 'null', count: nulls, role: 'null' as const }] : []),
        ...(others > 0 ? [{ label: other, count: others, role: 'other' as const }] : []),
      ],
      others: occurring.length - kept.length,
    });
  }
  const text = `"${column.name}"::VARCHAR`;
  const cases = kept.map((code, slot) => `WHEN ${text} = ${literal(labels[code]!)} THEN ${slot}`);
  const none = `WHEN ${text} IS NULL THEN ${kept.length}`;
  return {
    labels: [...kept.map((code) => labels[code]!), null, other],
    slotOf: (row) => slots[codes[row]! + 1]!,
    sql: `CASE ${[none, ...cases].join(' ')} ELSE ${kept.length + 1} END`,
  };
}

function checkInfo(found: FrameMetadata['color'], wanted: FrameMetadata['color']): void {
  must(found !== undefined, () => 'The frame says nothing of its color.');
  mustBe(JSON.stringify(found), JSON.stringify(wanted), 'the legend');
}

/** The slot of each mark, told by its label. */
export function slotsOf(labels: readonly (string | null)[], legend: Legend): number[] {
  const slots = new Map(legend.labels.map((label, slot) => [label, slot]));
  return labels.map((label) => {
    const slot = slots.get(label);
    if (slot === undefined) throw new Error(`A label "${label}" that the legend does not have.`);
    return slot;
  });
}

function unusedLabel(taken: readonly string[]): string {
  let label = 'other';
  while (taken.includes(label)) label += ' values';
  return label;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
