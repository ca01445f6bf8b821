import { columnOf, type Checked } from './checks.js';
import { layersOf, mustBeTruth, truthOf, type Layers, type Truth } from './groups.js';
import { must, mustBe } from './must.js';
import { valuesOf } from './read-frame.js';

/** One key of the frame with all its series. */
interface Bar {
  key: string | null;
  value: number | null;
  count: number;
}

/** Keys, values and counts are DuckDB's, for each series; the largest come first; what is cut off is counted. */
export async function checkBar(checked: Checked): Promise<void> {
  const { table, query, frame } = checked;
  const column = columnOf(table, query.x);
  const layers = await layersOf(checked);
  const text = (value: unknown): string | null =>
    value === null || value === undefined
      ? null
      : String(column.kind === 'number' ? Number(value) : (value as string | boolean));
  const groups = await truthOf(checked, layers, `"${column.name}"::VARCHAR`);
  const truth = new Map(
    groups.map((group) => [`${text(group.key)}|${group.slot}|${group.key === null}`, group]),
  );
  const keys = valuesOf<unknown>(frame, 'key').map(text);
  const values = valuesOf<number>(frame, 'value');
  const counts = valuesOf<number>(frame, 'count').map(Number);
  const seen = new Set<string>();
  for (const [at, key] of keys.entries()) {
    const slot = layers.slots[at]!;
    const name = `${key}|${slot}|${key === null}`;
    must(!seen.has(name), () => `The bar "${name}" is there twice.`);
    seen.add(name);
    mustBeTruth(
      { value: values[at]!, count: counts[at]!, slot },
      truth.get(name),
      layers,
      `bar "${name}"`,
    );
  }
  const bars = barsOf(keys, values, counts, layers);
  const all = new Set(groups.map(({ key }) => key)).size;
  const shown = bars.reduce((sum, { count }) => sum + count, 0);
  checkWhole(groups, bars, seen, text);
  mustBe(bars.length, Math.min(all, query.limit ?? 50), 'the number of bars');
  mustBe(frame.metadata.rows.drawn, shown, 'rows.drawn');
  mustBe(frame.metadata.cut?.keys ?? 0, all - bars.length, 'cut.keys');
  mustBe(frame.metadata.cut?.rows ?? 0, frame.metadata.rows.matched - shown, 'cut.rows');
  checkOrder(bars, layers);
}

// A key that is shown has all its series.
function checkWhole(
  groups: readonly Truth[],
  bars: readonly Bar[],
  seen: ReadonlySet<string>,
  text: (value: unknown) => string | null,
): void {
  const shown = new Set(bars.map(({ key }) => key));
  for (const { key, slot } of groups) {
    if (!shown.has(text(key))) continue;
    const name = `${text(key)}|${slot}|${key === null}`;
    must(seen.has(name), () => `The bar "${name}" is missing.`);
  }
}

// Of several series the sum where it means something, else the greatest.
function barsOf(
  keys: readonly (string | null)[],
  values: readonly (number | null)[],
  counts: readonly number[],
  { aggregate, measures, slots }: Layers,
): Bar[] {
  const adds = aggregate.op === 'count' || aggregate.op === 'sum';
  const bars: Bar[] = [];
  for (const [at, key] of keys.entries()) {
    let bar = bars.at(-1);
    if (bar === undefined || bar.key !== key || slots[at - 1]! >= slots[at]!) {
      bars.push((bar = { key, value: null, count: 0 }));
    }
    const value = values[at]!;
    if (value !== null) {
      bar.value =
        bar.value === null ? value : adds ? bar.value + value : Math.max(bar.value, value);
    }
    if (measures.length === 1 || slots[at] === 0) bar.count += counts[at]!;
  }
  return bars;
}

function checkOrder(bars: readonly Bar[], { aggregate, measures }: Layers): void {
  const isRounded = aggregate.op === 'sum' || aggregate.op === 'mean';
  const slack = isRounded ? 1e-9 * Math.max(...measures.map((one) => one?.magnitude ?? 1)) : 0;
  for (let at = 1; at < bars.length; at++) {
    const before = bars[at - 1]!.value;
    const { value } = bars[at]!;
    if (value === null || Number.isNaN(value)) continue;
    must(
      before !== null && !(before + slack < value),
      () => `Bar ${at} is larger than the one before it.`,
    );
  }
}
