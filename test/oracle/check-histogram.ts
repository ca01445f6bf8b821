import { checkDomain, frameAxis, placeableRows, placedOf, type Checked } from './checks.js';
import { legendOf, slotsOf, ONE_SERIES } from './legend.js';
import { must, mustBe } from './must.js';
import { numbersOf, storedOf, valuesOf } from './read-frame.js';

/** Bins touch one another, and each holds the rows of its series that a walk puts there; the last one is closed. */
export async function checkHistogram(checked: Checked): Promise<void> {
  const { matched, frame, query, table } = checked;
  const { metadata } = frame;
  const x = placedOf(checked, 'x');
  const placeable = placeableRows(matched, [x]);
  mustBe(metadata.rows.dropped, matched.length - placeable.length, 'rows.dropped');
  const counts = numbersOf(frame, 'count');
  if (!checkDomain(checked, [x], placeable)) {
    mustBe(counts.length, 0, 'the number of bins');
    return;
  }
  const color = query.color === undefined ? undefined : table.columns.get(query.color)!;
  const legend = color === undefined ? ONE_SERIES : await legendOf(checked, color);
  const slots =
    color === undefined ? undefined : slotsOf(valuesOf<string>(frame, 'series'), legend);
  if (color === undefined && query.bins !== undefined) mustBe(counts.length, query.bins, 'bins');

  const isTime = x.column.kind === 'time';
  const values = (isTime ? x.column.ticks : x.column.doubles) as ArrayLike<number>;
  const end = (name: string): number[] =>
    Array.from(storedOf(frame, name) as ArrayLike<number>, (value) =>
      isTime ? (BigInt(value) as unknown as number) : value,
    );
  const lows = end('lo');
  const highs = end('hi');
  const bins = [...lows.keys()].map((at): Bin => [lows[at]!, highs[at]!]);
  if (color !== undefined) sortUnique(bins);
  for (let bin = 1; bin < bins.length; bin++) {
    const [before, here] = [bins[bin - 1]![1], bins[bin]![0]];
    must(
      color === undefined ? before === here : before <= here,
      () => `Bin ${bin} begins at ${here}, and the one before it ends at ${before}.`,
    );
  }
  const axis = frameAxis(checked, x, 1);
  const expected = new Map<number, number>();
  let drawn = 0;
  for (const row of placeable) {
    if (axis.cell(row) < 0) continue;
    drawn++;
    let bin = lastAtOrBelow(bins, values[row]!);
    const end = bins[bin]?.[1] ?? -Infinity;
    // Only the last bin holds its own end.
    if (values[row]! > end || (values[row] === end && bin < bins.length - 1)) bin = -1;
    const key = bin * legend.labels.length + legend.slotOf(row);
    expected.set(key, (expected.get(key) ?? 0) + 1);
  }
  mustBe(metadata.rows.drawn, drawn, 'rows.drawn');
  let before = -Infinity;
  for (let at = 0; at < counts.length; at++) {
    const bin = color === undefined ? at : lastAtOrBelow(bins, lows[at]!);
    const slot = slots?.[at] ?? 0;
    const key = bin * legend.labels.length + slot;
    const what = `the count of bin [${lows[at]}, ${highs[at]}) of series ${legend.labels[slot]}`;
    mustBe(counts[at], expected.get(key) ?? 0, what);
    expected.delete(key);
    const order = slot * bins.length + bin;
    must(order > before, () => `Bin ${at} is out of order.`);
    before = order;
  }
  mustBe(expected.size, 0, 'bins that the frame lacks');
}

type Bin = readonly [low: number, high: number];

function sortUnique(bins: Bin[]): void {
  bins.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  let kept = 0;
  for (const bin of bins) {
    if (kept === 0 || bin[0] !== bins[kept - 1]![0]) bins[kept++] = bin;
  }
  bins.length = kept;
}

function lastAtOrBelow(bins: readonly Bin[], value: number): number {
  let low = -1;
  let high = bins.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bins[middle]![0] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
