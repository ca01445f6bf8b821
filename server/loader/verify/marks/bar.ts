import { binSql } from '../bin-sql.js';
import { encoded, type Claim } from '../claim.js';
import { groupsOf, layersOf, nameOf, type Group, type Layers } from '../groups.js';
import { checkPlaces, checkRowCounts } from '../places.js';
import { plainSql } from '../sql-column.js';

/** Keys, values and counts of all bars; that nothing larger was cut off, and what was is counted. */
export async function proveBar(claim: Claim): Promise<void> {
  const { query, frame, where, found } = claim;
  const column = encoded(claim, query.x);
  const bin = typeof query.x === 'object' && !Array.isArray(query.x) ? query.x.bin : undefined;
  const layers = await layersOf(claim);
  let rows = `SELECT * FROM t WHERE ${where}`;
  let key = { sql: plainSql(column), join: '' };
  if (bin !== undefined) {
    found.share('which bars stand in the domain of binned keys');
    const { domain } = frame.metadata;
    if (domain === null) {
      await checkRowCounts(claim, { placeable: 'true', inside: 'true' });
    } else {
      const side = { field: 'x', column, scale: 'linear' } as const;
      const quiet = { ...claim, found: claim.found.aside() };
      const { axes, placeable, inside } = (await checkPlaces(quiet, [side]))!;
      rows = `SELECT t.*, ${axes[0]!.place} AS px FROM t WHERE (${where}) AND (${column.id} IS NULL OR (${placeable} AND ${inside}))`;
      const cut = binSql(claim, column, bin, 'px', axes[0]!.ends);
      key = { ...cut, join: cut.join.replace('ASOF JOIN', 'ASOF LEFT JOIN') };
    }
  }
  const groups = await groupsOf(claim, layers, { rows, key });
  const truth = new Map(groups.map((group) => [nameOf(group.key, group.slot), group]));
  const keys = frame.plain('key');
  const counts = frame.numbers('count');
  const values = frame.plain('value');
  const series = layers.hasSeries ? frame.plain('series') : undefined;
  const shown = new Set<string>();
  let drawn = 0;
  for (let i = 0; i < keys.length; i++) {
    const own =
      typeof keys[i] === 'string' && bin !== undefined ? asKey(groups, keys[i]!) : keys[i]!;
    const slot = series === undefined ? 0 : layers.legend.slotOf(series[i]!);
    const name = nameOf(own, slot);
    const group = truth.get(name);
    const at = `bar ${JSON.stringify(keys[i])}${layers.hasSeries ? ` of ${layers.legend.labels[slot]}` : ''}`;
    found.same(counts[i], group?.count ?? 0, () => `rows of ${at}`);
    found.same(values[i], group?.value ?? null, () => `the value of ${at}`, group?.slack);
    truth.delete(name);
    shown.add(nameOf(own, 0));
    if (layers.measures.length === 1 || slot === 0) drawn += counts[i]!;
  }
  for (const { key: left, slot, count } of truth.values()) {
    if (shown.has(nameOf(left, 0)))
      found.same(
        0,
        count,
        () => `rows of bar ${JSON.stringify(left)} of ${layers.legend.labels[slot]}`,
      );
  }
  const { metadata } = frame;
  found.same(metadata.rows.drawn, drawn, () => 'rows.drawn');
  const all = new Set(groups.map((group) => nameOf(group.key, 0)));
  found.same(metadata.cut?.keys ?? 0, all.size - shown.size, () => 'keys cut off');
  if (bin === undefined) {
    const matched = groups.reduce(
      (sum, { slot, count }) => sum + (isFirst(layers, slot) ? count : 0),
      0,
    );
    found.same(metadata.rows.total, claim.table.rows, () => 'rows.total');
    found.same(metadata.rows.matched, matched, () => 'rows.matched');
    found.same(metadata.rows.outside, matched - drawn, () => 'rows.outside');
    found.same(metadata.rows.dropped, 0, () => 'rows.dropped');
    found.same(metadata.cut?.rows ?? 0, matched - drawn, () => 'rows cut off');
  }
  if ((query.sort ?? []).length === 0 && query.domain?.x === undefined && bin === undefined) {
    checkLargest(claim, layers, groups, shown);
  } else found.share('which bars are shown, and their order');
}

/** Whole numbers of bins come from SQL as doubles. */
function asKey(groups: readonly Group[], key: string | number): string | number {
  return groups.some(({ key: one }) => typeof one === 'number') ? Number(key) : key;
}

function isFirst({ measures }: Layers, slot: number): boolean {
  return measures.length === 1 || slot === 0;
}

/** No bar that was cut off is larger than one that is shown. */
function checkLargest(
  { found }: Claim,
  { aggregate }: Layers,
  groups: readonly Group[],
  shown: ReadonlySet<string>,
): void {
  const adds = aggregate.op === 'count' || aggregate.op === 'sum';
  const bars = new Map<string, { value: number; slack: number }>();
  for (const { key, value, slack } of groups) {
    const name = nameOf(key, 0);
    const bar = bars.get(name);
    if (value === null) {
      if (bar === undefined) bars.set(name, { value: NaN, slack: 0 });
    } else if (bar === undefined || Number.isNaN(bar.value)) bars.set(name, { value, slack });
    else {
      const joined = adds ? bar.value + value : Math.max(bar.value, value);
      bars.set(name, { value: joined, slack: bar.slack + slack });
    }
  }
  let least = Infinity;
  let greatest = -Infinity;
  let slackOfBoth = 0;
  for (const [name, { value, slack }] of bars) {
    const isShown = shown.has(name);
    slackOfBoth = Math.max(slackOfBoth, slack);
    if (isShown) least = Math.min(least, Number.isNaN(value) ? -Infinity : value);
    else if (!Number.isNaN(value)) greatest = Math.max(greatest, value);
  }
  if (greatest === -Infinity) return;
  const isLargest = greatest <= least + 2 * slackOfBoth;
  found.same(isLargest, true, () => `that no bar of more than ${least} is cut off`);
}
