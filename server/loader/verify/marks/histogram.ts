import { columnOf, encoded, type Claim } from '../claim.js';
import { checkLegend, ONE_SERIES } from '../legend.js';
import { doubleLiteral } from '../literal.js';
import { checkPlaces } from '../places.js';
import { isTime } from '../sql-column.js';

/** The rows of each bin, of each series. The bins are those of the frame: they have to touch, and to hold the domain. */
export async function proveHistogram(claim: Claim): Promise<void> {
  const { query, frame, table, where, found } = claim;
  const column = encoded(claim, query.x);
  const side = { field: 'x', column, scale: frame.metadata.scale.x } as const;
  const places = await checkPlaces(claim, [side]);
  if (places === undefined) return;
  const { axes, placeable, inside } = places;
  const legend =
    query.color === undefined ? ONE_SERIES : await checkLegend(claim, columnOf(claim, query.color));
  found.share('the edges of the bins');
  const [lows, highs] = [frame.plain('lo'), frame.plain('hi')] as (number | string)[][];
  const counts = frame.numbers('count');
  const series = query.color === undefined ? undefined : frame.plain('series');
  const isTicks = isTime(column);
  const order = (a: number | string, b: number | string): number =>
    isTicks ? (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0) : Number(a) - Number(b);
  const starts = [...new Set(lows)].sort(order) as (number | string)[];
  const endOf = new Map(lows!.map((low, i) => [low, highs![i]!]));
  if (series === undefined) {
    for (let i = 1; i < starts.length; i++) {
      found.same(starts[i], endOf.get(starts[i - 1]!), () => `the low edge of bin ${i}`);
    }
  }
  const literal = (start: number | string): string =>
    isTicks ? `${start}::BIGINT` : doubleLiteral(Number(start));
  const values = starts.map((start, i) => `(${literal(start)}, ${i})`).join(', ');
  const rows = `SELECT t.*, ${axes[0]!.place} AS px FROM t WHERE (${where}) AND ${placeable} AND ${inside}`;
  const bins = `ASOF LEFT JOIN (VALUES ${values}) AS bins(start, bin) ON px >= bins.start`;
  const [binOf = [], slotOf = [], rowsOf = []] =
    starts.length === 0
      ? []
      : await table.ask(
          `SELECT coalesce(bin, -1), ${legend.slot} AS slot, count(*)::DOUBLE FROM (${rows}) AS placed ${bins} GROUP BY 1, 2`,
        );
  const truth = new Map(
    binOf.map((bin, i) => [`${Number(bin)}|${Number(slotOf[i])}`, rowsOf[i] as number]),
  );
  const indexOf = new Map(starts.map((start, i) => [start, i]));
  for (let i = 0; i < counts.length; i++) {
    const slot = series === undefined ? 0 : legend.slotOf(series[i]!);
    const key = `${indexOf.get(lows![i]!)}|${slot}`;
    const at = (): string =>
      `rows of bin [${lows![i]}, ${highs![i]})${ofSeries(legend.labels, slot)}`;
    found.same(counts[i], truth.get(key) ?? 0, at);
    truth.delete(key);
  }
  for (const [key, count] of truth) {
    const [bin, slot] = key.split('|').map(Number) as [number, number];
    const from = bin < 0 ? 'before the first' : String(starts[bin]);
    found.same(0, count, () => `rows of bin ${from}${ofSeries(legend.labels, slot)}`);
  }
}

function ofSeries(labels: readonly string[], slot: number): string {
  return labels.length === 1 ? '' : ` of ${labels[slot]}`;
}
