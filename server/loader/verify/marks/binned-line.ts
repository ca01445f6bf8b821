import { binSql } from '../bin-sql.js';
import { encoded, type Claim } from '../claim.js';
import { groupsOf, isFiniteSql, layersOf, nameOf, type Group, type Layers } from '../groups.js';
import { checkPlaces } from '../places.js';
import { isTime } from '../sql-column.js';

/** The aggregate of each bin of x, of each series; rows without a finite y are not counted. */
export async function proveBinnedLine(claim: Claim): Promise<void> {
  const { query, frame, where, found } = claim;
  const column = encoded(claim, query.x);
  const { bin } = query.x as { bin: string | number };
  const layers = await layersOf(claim);
  const named = query.y === undefined ? [] : yColumns(claim);
  const finite = named.map(isFiniteSql);
  const places = await checkPlaces(
    claim,
    [{ field: 'x', column, scale: 'linear' }],
    finite.length === 0 ? 'true' : `(${finite.join(' OR ')})`,
  );
  if (places === undefined) return;
  const [axis] = places.axes;
  const rows = `SELECT t.*, ${axis!.place} AS px FROM t WHERE (${where}) AND ${places.placeable} AND ${places.inside}`;
  const truthOf = async (measured: Layers): Promise<Map<string, Group>> => {
    const groups = await groupsOf(claim, measured, {
      rows,
      key: binSql(claim, column, bin, 'px', axis!.ends),
      among: (measure) => (Array.isArray(query.y) ? isFiniteSql(measure!) : (finite[0] ?? 'true')),
    });
    return new Map(groups.map((group) => [nameOf(group.key, group.slot), group]));
  };
  const truth = await truthOf(layers);
  const edges = [];
  for (const [at, share] of query.band?.entries() ?? []) {
    const aggregate = { ...layers.aggregate, op: 'quantile', p: share } as const;
    const name = at === 0 ? 'low' : 'high';
    edges.push({
      name,
      truth: await truthOf({ ...layers, aggregate }),
      values: frame.plain(name),
    });
  }
  const origin = frame.metadata.origin?.x ?? '0';
  const xs = frame.numbers('x');
  const counts = frame.numbers('count');
  const values = frame.plain('value');
  const series = layers.hasSeries ? frame.plain('series') : undefined;
  for (let i = 0; i < xs.length; i++) {
    const start = isTime(column)
      ? String(BigInt(origin) + BigInt(xs[i]!))
      : Number(origin) + xs[i]!;
    const slot = series === undefined ? 0 : layers.legend.slotOf(series[i]!);
    const name = nameOf(start, slot);
    const group = truth.get(name);
    const at = `bin ${start}${layers.hasSeries ? ` of ${layers.legend.labels[slot]}` : ''}`;
    found.same(counts[i], group?.count ?? 0, () => `rows in ${at}`);
    found.same(values[i], group?.value ?? null, () => `the value of ${at}`, group?.slack);
    for (const edge of edges) {
      const { value = null, slack } = edge.truth.get(name) ?? {};
      found.same(edge.values[i], value, () => `the ${edge.name} end of the band of ${at}`, slack);
    }
    truth.delete(name);
  }
  for (const { key, count } of truth.values()) found.same(0, count, () => `rows in bin ${key}`);
}

function yColumns(claim: Claim) {
  const { y } = claim.query;
  return Array.isArray(y)
    ? [...new Set(y)].map((name) => encoded(claim, name))
    : [encoded(claim, y)];
}
