import { timeEdges, type Ends } from '../../../../server/engine/axis.js';
import type { TableView } from '../../../../workers/columns.js';
import type { LineMethod, LinePlan } from '../../../../workers/marks/line/plan.js';
import type { MarkedFrame } from '../../../../workers/scan/mark.js';
import type { Predicate } from '../../../../workers/scan/predicate.js';
import { scan } from '../../../../workers/scan/scan.js';
import { stretchesOf } from '../../../../workers/scan/stretch.js';
import type { TestColumn } from '../../../helpers/memory-snapshot.js';
import { doubleOf } from '../../../helpers/test-columns.js';

const NANOSECONDS = { day: 86_400_000_000_000n, s: 1_000_000_000n, us: 1000n, ns: 1n } as const;

/** What a line is asked for. */
export interface AskedLine {
  ends: Ends;
  width?: number;
  method?: LineMethod;
  budget?: number;
}

/** A line of columns over an `x` that ascends; column 0 is x. */
export function linePlan(
  x: TestColumn,
  ys: readonly number[],
  { ends, width = 50, method = 'm4', budget = 1000 }: AskedLine,
): LinePlan {
  const [low, high] = ends as [never, never];
  const { logical } = x;
  return {
    kind: 'line',
    method,
    x:
      logical.kind === 'time'
        ? {
            scale: 'time',
            column: 0,
            edges: timeEdges(ends as [bigint, bigint], NANOSECONDS[logical.unit as 'ns'], width),
          }
        : { scale: 'linear', column: 0, low, high, width },
    xForm: logical.kind === 'time' ? 'i64' : 'value',
    ascending: true,
    ys: [...ys],
    logY: false,
    series: ys.length === 1 ? null : { kind: 'columns', labels: ys.map(String) },
    budget,
    offset: { origin: logical.kind === 'time' ? 0n : 0, bits: 64 },
    outline: null,
  };
}

/** The ends of a domain from one value of x to another. */
export function between(x: TestColumn, a: number, b: number): Ends {
  if (x.logical.kind === 'time') {
    const unit = NANOSECONDS[x.logical.unit as 'ns'];
    const at = (row: number): bigint => BigInt(x.values[row] as number | bigint) * unit;
    const [low, high] = at(a) < at(b) ? [at(a), at(b)] : [at(b), at(a)];
    return [low, low === high ? high + 1n : high];
  }
  const [low, high] = [doubleOf(x, a), doubleOf(x, b)].sort((p, q) => p - q) as [number, number];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** What is known of the frame of a line. */
export const LINE_FRAME = {
  version: 1,
  dataset: 'test',
  snapshot: 'memory',
  mark: 'line',
  domain: null,
  scale: { x: 'linear', y: 'linear' },
  width: 50,
  height: 10,
  unit: {},
} as const;

/** The frame of a line by a scan of all rows. */
export function scannedLine(
  table: TableView,
  plan: LinePlan,
  predicate: Predicate | null = null,
): MarkedFrame {
  const task = { table, predicate, plan, stretches: stretchesOf(table.batchRows) };
  const outcome = scan({ ...task, finish: { frame: LINE_FRAME } });
  if (outcome.withdrawn) throw new Error('Nobody withdraws in a test.');
  return outcome.result as MarkedFrame;
}
