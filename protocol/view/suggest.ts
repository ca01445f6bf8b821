import type { ColumnInfo } from '../column.js';
import type { CalendarUnit, Mark } from '../query.js';
import { isChoice, isConstant, isContinuous, positionOf } from './columns.js';
import { fittingUnit } from './time.js';

/** A chart that suits a table, with the reason in one sentence. */
export interface Suggestion {
  mark: Mark;
  x?: string;
  y?: readonly string[];
  bin?: CalendarUnit;
  reason: string;
}

/** What is already decided; the rest is suggested around it. */
export interface Decided {
  mark?: Mark | undefined;
  x?: ColumnInfo | undefined;
  y?: ColumnInfo | undefined;
}

/**
 * Suggests a first chart for a table of `rows` rows, or completes one that is partly decided. A time and a
 * number give a line, two numbers a scatter, one number or time a histogram, categories bars, and a table
 * with none of these is shown as a table. The answer depends on nothing but its arguments.
 */
export function suggestChart(
  columns: readonly ColumnInfo[],
  rows: number,
  { mark, x, y }: Decided = {},
): Suggestion {
  const useful = columns.filter((column) => !isConstant(column));
  const time = useful.find((column) => column.kind === 'time');
  const numbers = measures(useful, rows);
  const spare = (taken?: ColumnInfo): ColumnInfo | undefined =>
    numbers.find((column) => column !== taken);
  switch (mark ?? bestMark(useful, numbers, rows)) {
    case 'line': {
      const across = x ?? time ?? spare(y);
      const up = y ?? spare(across);
      return across && up
        ? lineOf(across, up)
        : table('a line needs a time or a number, and a number');
    }
    case 'scatter':
    case 'heatmap': {
      const [east, north] = coordinates(numbers) ?? [];
      // Where numbers are wanting a heatmap counts the values of categories.
      const choice = (taken?: ColumnInfo): ColumnInfo | undefined =>
        mark === 'heatmap' ? bestCategory(useful.filter((each) => each !== taken)) : undefined;
      const across =
        x ??
        (y ? (spare(y) ?? time) : (east ?? (numbers.length > 1 ? numbers[0] : time))) ??
        choice(y);
      const up = y ?? (across === east ? north : undefined) ?? spare(across) ?? choice(across);
      if (!across || !up) return table('a picture of points needs two numbers');
      return {
        mark: mark ?? 'scatter',
        x: across.name,
        y: [up.name],
        reason:
          across === east && up === north
            ? `${across.name} and ${up.name} are coordinates: this is their map.`
            : mark === 'heatmap'
              ? `${across.name} and ${up.name}: each cell counts the rows of its values.`
              : `${across.name} and ${up.name} are numbers: each row is a point.`,
      };
    }
    case 'histogram': {
      const of = x ?? spare() ?? time ?? useful.find(isContinuous);
      if (!of) return table('a histogram needs a number or a time');
      return {
        mark: 'histogram',
        x: of.name,
        reason: `${of.name} is the ${of.kind === 'time' ? 'time' : 'number'} to look at: this is how its values are spread.`,
      };
    }
    case 'bar': {
      const by = x ?? bestCategory(useful) ?? useful[0] ?? columns[0];
      if (!by) return table('there is no column to count');
      return {
        mark: 'bar',
        x: by.name,
        ...(y ? { y: [y.name] } : {}),
        reason: `${by.name} has few different values: each is counted.`,
      };
    }
    case 'value':
      return { mark: 'value', reason: 'One number for all matching rows.' };
    default:
      return table('no column is a number, a time or a category');
  }
}

function bestMark(
  useful: readonly ColumnInfo[],
  numbers: readonly ColumnInfo[],
  rows: number,
): Mark {
  if (rows < 2) return 'rows';
  if (useful.some((column) => column.kind === 'time')) return numbers[0] ? 'line' : 'histogram';
  if (numbers.length > 1) return 'scatter';
  if (numbers.length === 1) return 'histogram';
  if (bestCategory(useful)) return 'bar';
  return useful.some(isContinuous) ? 'histogram' : 'rows';
}

function lineOf(across: ColumnInfo, up: ColumnInfo): Suggestion {
  const line = { mark: 'line', x: across.name, y: [up.name] } as const;
  if (across.kind !== 'time') {
    return { ...line, reason: `${up.name} is drawn along ${across.name}.` };
  }
  const bin = fittingUnit(positionOf(across.max, across) - positionOf(across.min, across), across);
  return {
    ...line,
    bin,
    reason: `${across.name} is a time and ${up.name} a number: the mean per ${bin}, and a band around the middle 80 % of the rows.`,
  };
}

const table = (why: string): Suggestion => ({
  mark: 'rows',
  reason: `Shown as a table, because ${why}.`,
});

/**
 * Numbers that measure something, in the table's order: not the row numbers and keys, which are whole and
 * differ in every row, nor codes with a handful of values, unless there is nothing else.
 */
function measures(useful: readonly ColumnInfo[], rows: number): ColumnInfo[] {
  const numbers = useful.filter((column) => column.kind === 'number');
  const measured = numbers.filter((column) => !isKey(column, rows));
  const spread = measured.filter((column) => column.distinct === undefined || column.distinct > 12);
  const best = new Set([...spread, ...measured, ...numbers]);
  return [...best];
}

function isKey(
  { name, integer, ascending, distinct, min, max }: ColumnInfo,
  rows: number,
): boolean {
  if (!integer) return false;
  if (/(^|[-_\s])(id|key|index|nr|no|zip|code|year|month|day)$|[a-z]Id$|^unnamed/i.test(name))
    return true;
  // Whole numbers that count up with the rows are numbers of rows; of many values nobody knows how many differ.
  if (ascending !== true) return false;
  return distinct === undefined ? Number(max) - Number(min) + 1 === rows : distinct >= rows * 0.99;
}

/** The longitude and the latitude of a table, by their names and extents. */
function coordinates(numbers: readonly ColumnInfo[]): [ColumnInfo, ColumnInfo] | undefined {
  const named = (pattern: RegExp, most: number): ColumnInfo | undefined =>
    numbers.find(
      (column) =>
        pattern.test(column.name) &&
        Math.abs(Number(column.min)) <= most &&
        Math.abs(Number(column.max)) <= most,
    );
  const east = named(/(^|[_\s])(lon|lng|long|longitude)($|[_\s\d])|longitude$/i, 360);
  const north = named(/(^|[_\s])(lat|latitude)($|[_\s\d])|latitude$/i, 90);
  return east && north ? [east, north] : undefined;
}

/** The category that reads best as bars: a few dozen values at most where there is one. */
function bestCategory(useful: readonly ColumnInfo[]): ColumnInfo | undefined {
  const choices = useful.filter((column) => isChoice(column) && column.kind !== 'time');
  const few = choices.filter((column) => (column.distinct ?? 2) <= 40);
  const words = (list: readonly ColumnInfo[]): ColumnInfo | undefined =>
    list.find((column) => column.kind === 'text');
  return words(few) ?? words(choices) ?? few[0] ?? choices[0];
}
