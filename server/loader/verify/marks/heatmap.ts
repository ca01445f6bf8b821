import type { Query } from '../../../../protocol/query.js';
import type { CellSql } from '../axis-sql.js';
import { encoded, type Claim } from '../claim.js';
import { groupsOf, layersOf } from '../groups.js';
import { textLiteral } from '../literal.js';
import { checkPlaces, type Side } from '../places.js';
import { isNumber, isTime, type SqlColumn } from '../sql-column.js';

/** The aggregate of each cell. */
export async function proveHeatmap(claim: Claim): Promise<void> {
  const { query, frame, where, found } = claim;
  const { domain, width, height } = frame.metadata;
  const fields = ['x', 'y'] as const;
  const columns = fields.map((field) => encoded(claim, query[field]));
  const isAxis = columns.map((column) => isNumber(column) || isTime(column));
  const sides = fields.flatMap((field, i): Side[] =>
    isAxis[i] ? [{ field, column: columns[i]!, scale: frame.metadata.scale[field] }] : [],
  );
  const categories = columns.filter((_, i) => !isAxis[i]);
  const places = await checkHeatmapPlaces(claim, sides, categories);
  if (places === undefined) return;
  const { axes, placeable, inside } = places;
  const selected: string[] = [];
  const cells = fields.map((field, i): CellSql => {
    const column = columns[i]!;
    const size = field === 'x' ? width : height;
    if (!isAxis[i]) {
      const values = domain![field]!.map((value) => textLiteral(String(value))).join(', ');
      return { sql: `(list_position([${values}], ${column.id}::VARCHAR) - 1)`, join: '' };
    }
    const axis = axes[sides.findIndex((side) => side.field === field)]!;
    selected.push(`${axis.place} AS p${field}`);
    return axis.cell(`p${field}`, size, `e${field}`);
  });
  const rows = `SELECT ${['t.*', ...selected].join(', ')} FROM t WHERE (${where}) AND ${placeable} AND ${inside}`;
  const layers = await layersOf({ ...claim, query: withoutSeries(query) });
  const key = {
    sql: `(${cells[1]!.sql} * ${width} + ${cells[0]!.sql})::DOUBLE`,
    join: `${cells[0]!.join} ${cells[1]!.join}`,
  };
  const truth = new Map(
    (await groupsOf(claim, layers, { rows, key })).map((group) => [group.key as number, group]),
  );
  const own = frame.numbers('cell');
  const counts = frame.numbers('count');
  const values = frame.plain('value');
  for (let i = 0; i < own.length; i++) {
    const cell = own[i]!;
    const group = truth.get(cell);
    const at = `cell ${cell} (column ${cell % width}, row ${Math.floor(cell / width)})`;
    found.same(counts[i], group?.count ?? 0, () => `rows in ${at}`);
    found.same(values[i], group?.value ?? null, () => `the value of ${at}`, group?.slack);
    truth.delete(cell);
  }
  for (const [cell, { count }] of truth) found.same(0, count, () => `rows in cell ${cell}`);
  // Cells that neither side names have no row on either.
  found.alike(Math.max(0, width * height - own.length - truth.size));
}

/** A category axis has a place for each value that the frame's domain lists. */
async function checkHeatmapPlaces(
  claim: Claim,
  sides: readonly Side[],
  categories: readonly SqlColumn[],
) {
  const present = categories.map(({ id }) => `${id} IS NOT NULL`).join(' AND ') || 'true';
  const { domain } = claim.frame.metadata;
  const { query } = claim;
  const listed = (['x', 'y'] as const).flatMap((field) => {
    const column = encoded(claim, query[field]);
    if (isNumber(column) || isTime(column) || domain === null) return [];
    claim.found.share(`the values on the axis of ${field}`);
    const values = domain[field]!.map((value) => textLiteral(String(value))).join(', ');
    return [`list_contains([${values}], ${column.id}::VARCHAR)`];
  });
  return checkPlaces(claim, sides, present, listed.join(' AND ') || 'true');
}

function withoutSeries({ y: _y, color: _color, ...query }: Query): Query {
  return query;
}
