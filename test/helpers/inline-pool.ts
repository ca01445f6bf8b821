import type { Pool } from '../../server/pool.js';
import * as ordered from '../../workers/marks/line/by-order.js';
import * as lines from '../../workers/marks/line/by-range.js';
import { scatterByTiles } from '../../workers/marks/scatter/by-tiles.js';
import * as orders from '../../workers/order/build-order.js';
import * as orderedPyramids from '../../workers/order/build-ordered-pyramid.js';
import * as runs from '../../workers/order/tally-runs.js';
import * as pyramids from '../../workers/pyramid/build.js';
import { joinPartials } from '../../workers/join-partials.js';
import * as picking from '../../workers/pick-rows.js';
import * as reading from '../../workers/rows-read.js';
import * as zoning from '../../workers/scan/block-zones.js';
import * as scanning from '../../workers/scan/scan.js';
import * as filling from '../../workers/select/fill-bits.js';
import { buildSort } from '../../workers/sort/build.js';
import { pageBySort } from '../../workers/sort/page.js';
import * as tasks from '../../workers/tasks.js';
import { buildTiles } from '../../workers/tiles/build.js';

const TASKS: Record<string, (task: never) => unknown> = {
  scan: scanning.scan,
  merge: scanning.merge,
  fillBits: filling.fillBits,
  blockZones: zoning.blockZones,
  pick: tasks.pick,
  prepareSearch: tasks.prepareSearch,
  lineByRange: lines.lineByRange,
  extremesByRange: lines.extremesByRange,
  endsByRange: lines.endsByRange,
  joinPartials,
  rowsRead: reading.rowsRead,
  pickRows: picking.pickRows,
  buildPyramid: pyramids.buildPyramid,
  buildSort,
  buildTiles,
  scatterByTiles,
  pageBySort,
  lineByOrder: ordered.lineByOrder,
  endsByOrder: tasks.endsByOrder,
  tallyRuns: runs.tallyRuns,
  buildOrder: orders.buildOrder,
  buildOrderedPyramid: orderedPyramids.buildOrderedPyramid,
};

/** A pool that runs each task at once in this thread, with copies in and out as between threads. */
export function inlinePool(threads = 2): Pool {
  return {
    threads,
    waiting: 0,
    run: async (name, task) =>
      structuredClone(TASKS[name]!(structuredClone(task) as never)) as never,
    close: () => Promise.resolve(),
  };
}
