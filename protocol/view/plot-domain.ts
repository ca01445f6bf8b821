import type { AddressDomain, View } from '../address/view.js';
import type { ColumnInfo } from '../column.js';
import type { AxisDomain, Scale } from '../query.js';
import { isConstant, isContinuous, positionOf } from './columns.js';
import { valueOf } from './query-filters.js';
import type { Plot } from './plot.js';

/** A domain this much wider than the 0.1–99.9 % span opens on the span. */
const TRIM = 3;
/** So much of an axis is left free beyond the extreme rows of a scatter, whose discs the frame would halve. */
const PAD = 0.02;

/** Fills in the domain: what the person chose, else the span worth looking at. */
export function withDomain(plot: Plot, view: View): Plot {
  const { mark, x, scale } = plot;
  const y = plot.y[0];
  const isMap = mark === 'heatmap';
  if (x && isMap && !isContinuous(x)) {
    const listed = listedDomain(view.xDomain, x, 'xr', plot.faults);
    if (listed) plot.domain.x = listed;
  }
  if (x && isContinuous(x)) {
    const chosen = chosenDomain(view.xDomain, x, 'xr', plot.faults);
    // Who asks for all of it has chosen nowhere for the last bin to end.
    const first =
      mark === 'histogram' && chosen && isExtent(chosen, x)
        ? { domain: chosen, trimmed: false }
        : chosen
          ? undefined
          : firstDomain(mark, x, scale.x, view);
    const usual = withLastBin(first, x, plot);
    const domain = usual?.domain ?? chosen;
    if (domain) plot.domain.x = domain;
    if (usual?.trimmed) plot.trimmed = true;
    plot.isFullX = usual?.trimmed === false;
  }
  const measured = mark === 'scatter' || isMap || mark === 'line';
  if (y && isMap && !isContinuous(y)) {
    const listed = listedDomain(view.yDomain, y, 'yr', plot.faults);
    if (listed) plot.domain.y = listed;
  } else if (y && measured) {
    const raw = mark !== 'line' || plot.bin === undefined;
    const chosen = chosenDomain(view.yDomain, y, 'yr', plot.faults);
    const usual =
      chosen || !raw || plot.y.length > 1 ? undefined : firstDomain(mark, y, scale.y, view);
    // The y domain of a line takes no rows away, so a line is shown in full unless the person says otherwise.
    if (chosen ?? (mark === 'line' ? undefined : usual?.domain)) {
      plot.domain.y = (chosen ?? usual?.domain)!;
    }
    if (mark !== 'line' && usual?.trimmed) plot.trimmed = true;
  } else if (view.yDomain) {
    const ends = view.yDomain.map(Number);
    if (ends.length === 2 && ends[0]! < ends[1]!) plot.domain.y = ends;
    else plot.faults.push(`yr: “${view.yDomain.join(',')}” are not the two ends of a range`);
  }
  return plot;
}

const isExtent = (domain: AxisDomain, { min, max }: ColumnInfo): boolean =>
  domain[0] === min && domain[1] === max;

function chosenDomain(
  ends: AddressDomain | undefined,
  column: ColumnInfo,
  parameter: string,
  faults: string[],
): AxisDomain | undefined {
  if (!ends) return undefined;
  const domain = ends.map((end) => valueOf(end, column));
  const [low, high] = domain.map((end) => positionOf(end, column));
  if (domain.length === 2 && low! < high!) return domain as AxisDomain;
  faults.push(
    `${parameter}: “${ends.join(',')}” are not the two ends of a range of ${column.name}`,
  );
  return undefined;
}

/** The values of an axis of categories, where the person lists them. */
function listedDomain(
  values: AddressDomain | undefined,
  column: ColumnInfo,
  parameter: string,
  faults: string[],
): AxisDomain | undefined {
  const domain = values?.map((value) => valueOf(value, column));
  if (domain === undefined || domain.length === 0) return undefined;
  if (domain.every((value) => value !== undefined && value !== null)) return domain as AxisDomain;
  faults.push(`${parameter}: “${values!.join(',')}” are no values of ${column.name}`);
  return undefined;
}

interface Usual {
  domain: AxisDomain;
  trimmed: boolean;
}

/** A bin of whole numbers reaches up to the next one, so that of the greatest would lie beyond the axis. */
function withLastBin(usual: Usual | undefined, column: ColumnInfo, { mark, scale }: Plot) {
  const isWhole = mark === 'histogram' && scale.x === 'linear' && column.integer === true;
  if (usual === undefined || usual.trimmed || !isWhole) return usual;
  const [low, high] = usual.domain;
  if (typeof low !== 'number' || !Number.isSafeInteger(high)) return usual;
  return { domain: [low, Number(high) + 1], trimmed: false };
}

/**
 * The full extent of a column, or the 0.1–99.9 % span where the extent is more than three times wider; cut
 * to the range that a filter on the same column leaves.
 */
export function usualDomain(column: ColumnInfo, scale: Scale, view: View): Usual | undefined {
  if (column.min === null || isConstant(column)) return undefined;
  const at = (value: ColumnInfo['min'] | undefined): number => positionOf(value, column);
  let [min, max]: ColumnInfo['min'][] = [column.min, column.max];
  let trimmed = false;
  const quantiles = column.quantiles;
  if (quantiles && scale === 'linear' && column.kind !== 'clock') {
    const span = at(quantiles.p999) - at(quantiles.p001);
    if (span > 0 && at(max) - at(min) > TRIM * span) {
      [min, max] = [quantiles.p001, quantiles.p999];
      trimmed = true;
    }
  }
  for (const filter of view.filters ?? []) {
    if (filter.op !== 'range' || filter.column !== column.name || filter.exclude) continue;
    // A filter says what is worth looking at, outliers included, as far as there are rows.
    const low = filter.min === undefined ? undefined : valueOf(filter.min, column);
    const high = filter.max === undefined ? undefined : valueOf(filter.max, column);
    if (low !== undefined) min = at(low) > at(column.min) ? low : column.min;
    if (high !== undefined) max = at(high) < at(column.max) ? high : column.max;
  }
  if (scale === 'log' && !(at(min) > 0)) return undefined;
  return at(min) < at(max) ? { domain: [min!, max!], trimmed } : undefined;
}

/** The domain that an axis has at first: of a scatter a little more than the rows need. */
function firstDomain(
  mark: Plot['mark'],
  column: ColumnInfo,
  scale: Scale,
  view: View,
): Usual | undefined {
  const usual = usualDomain(column, scale, view);
  if (usual === undefined || usual.trimmed) return usual;
  return { ...usual, domain: firstEnds(mark, usual.domain, scale) };
}

const firstEnds = (mark: Plot['mark'], ends: AxisDomain, scale: Scale): AxisDomain =>
  mark === 'scatter' ? padded(ends, scale) : ends;

/** Numbers alone are padded: times and integers beyond those of a double end where the rows do. */
function padded(domain: AxisDomain, scale: Scale): AxisDomain {
  const [min, max] = domain;
  if (typeof min !== 'number' || typeof max !== 'number') return domain;
  const ends = scale === 'log' ? paddedLog(min, max) : paddedLinear(min, max);
  // At the very ends of what a double holds there is no room.
  const isWider = ends[0] <= min && ends[1] >= max && ends.every(Number.isFinite);
  return isWider && (scale !== 'log' || ends[0] > 0) ? ends : domain;
}

function paddedLog(min: number, max: number): [number, number] {
  const by = (max / min) ** PAD;
  return [short(min / by), short(max * by)];
}

/** A round number is as good, and read by people in addresses and queries. */
function paddedLinear(min: number, max: number): [number, number] {
  const pad = PAD * (max - min);
  const step = 10 ** Math.floor(Math.log10(pad));
  return [
    short(Math.floor((min - pad) / step) * step),
    short(Math.ceil((max + pad) / step) * step),
  ];
}

const short = (end: number): number => Number(end.toPrecision(12));

/** Whether no axis is cut but where filters end: what is outside then are values of categories that have no cell of their own. */
export function showsAll(plot: Plot, view: View): boolean {
  const { xDomain, yDomain } = fullExtent(plot);
  const isFull = (
    ends: AddressDomain | undefined,
    domain: AxisDomain | undefined,
    column: ColumnInfo | undefined,
    scale: Scale,
  ): boolean => {
    if (ends === undefined || domain === undefined) return true;
    const usual = column && firstDomain(plot.mark, column, scale, view);
    const full = usual?.trimmed === false ? [ends, usual.domain] : [ends];
    return full.some((each) => each.map(String).join() === domain.map(String).join());
  };
  return (
    isFull(xDomain, plot.domain.x, plot.x, plot.scale.x) &&
    isFull(yDomain, plot.domain.y, plot.y[0], plot.scale.y)
  );
}

/** The full extent of the axes, as `show all` and `fit` write it into the address. */
export function fullExtent(plot: Plot): Pick<View, 'xDomain' | 'yDomain'> {
  const extent = (column: ColumnInfo | undefined, scale: Scale): AddressDomain | undefined =>
    column &&
    isContinuous(column) &&
    !isConstant(column) &&
    !(scale === 'log' && !(positionOf(column.min, column) > 0))
      ? firstEnds(plot.mark, [column.min!, column.max!] as AxisDomain, scale).map(String)
      : undefined;
  const x = extent(plot.x, plot.scale.x);
  const y =
    plot.mark === 'scatter' || plot.mark === 'heatmap'
      ? extent(plot.y[0], plot.scale.y)
      : undefined;
  return { ...(x ? { xDomain: x } : {}), ...(y ? { yDomain: y } : {}) };
}
