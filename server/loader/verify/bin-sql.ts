import type { Query } from '../../../protocol/query.js';
import { NANOSECONDS } from '../../../protocol/time.js';
import { calendarEdges } from '../../../workers/calendar/edges.js';
import { isCalendarUnit } from '../../../workers/calendar/step.js';
import { widthBins } from '../../../workers/calendar/width.js';
import { ceilDivide, floorDivide } from '../../engine/exact-number.js';
import type { CellSql } from './axis-sql.js';
import type { Claim } from './claim.js';
import { doubleLiteral } from './literal.js';
import { ticksSql, type SqlColumn } from './sql-column.js';

/** Where the bin of a row begins: a double, or a time's ticks. */
export function binSql(
  claim: Pick<Claim, 'query' | 'found'>,
  column: SqlColumn,
  bin: string | number,
  place: string,
  ends: readonly [number, number] | readonly [bigint, bigint],
): CellSql {
  const { logical } = column;
  if (logical.kind !== 'time' && logical.kind !== 'clock') return widthSql(place, Number(bin));
  if (typeof bin === 'number') {
    const rest = `(((${place} % ${bin}) + ${bin}) % ${bin})`;
    return { sql: `(${place} - ${rest})::BIGINT`, join: '' };
  }
  const { timeZone = 'UTC' }: Query = claim.query;
  const isZoned = logical.kind === 'time' && logical.zoned;
  if (logical.kind === 'time' && (!isZoned || timeZone === 'UTC'))
    return { sql: truncatedSql(column, bin), join: '' };
  claim.found.share(`the edges of the calendar bins in ${timeZone}`);
  if (!isCalendarUnit(bin)) throw new Error(`There is no calendar unit "${bin}".`);
  const unit = NANOSECONDS[logical.unit];
  const edges = calendarEdges({
    step: { unit: bin, every: 1 },
    unit: logical.unit,
    timeZone: isZoned ? timeZone : 'UTC',
    low: ceilDivide(ends[0] as bigint, unit),
    high: floorDivide(ends[1] as bigint, unit),
  });
  const values = Array.from(edges, (edge) => `(${edge}::BIGINT)`).join(', ');
  return {
    sql: 'bins.start',
    join: `ASOF JOIN (VALUES ${values}) AS bins(start) ON ${place} >= bins.start`,
  };
}

/** The last multiple of the width that is not above the value; multiples are rounded from their decimal. */
function widthSql(place: string, width: number): CellSql {
  const { numerator, denominator } = widthBins(width);
  const [n, d] = [doubleLiteral(numerator), doubleLiteral(denominator)];
  const start = (k: string): string => `((${k}) * ${n}) / ${d}`;
  const guess = `floor(${place} / ${doubleLiteral(width)})`;
  const k = `CASE WHEN ${start(guess)} > ${place} THEN ${guess} - 1 WHEN ${start(`${guess} + 1`)} <= ${place} THEN ${guess} + 1 ELSE ${guess} END`;
  return { sql: `(${start(k)})`, join: '' };
}

function truncatedSql(column: SqlColumn, unit: string): string {
  const { id, logical } = column;
  if (logical.kind !== 'time') throw new Error('A time is wanted.');
  // Rounded down: a cast of nanoseconds rounds to the nearest.
  const ticks = ticksSql(column);
  const whole =
    logical.unit === 'ns'
      ? `make_timestamp((${ticks} - (((${ticks} % 1000) + 1000) % 1000)) // 1000)`
      : logical.zoned
        ? id
        : `${id}::TIMESTAMP`;
  const start = `epoch_us(date_trunc('${unit}', ${whole}))`;
  if (logical.unit === 'ns') return `(${start} * 1000)`;
  return `(${start} // ${NANOSECONDS[logical.unit] / 1000n})`;
}
