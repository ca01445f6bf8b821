// The one file that Piscina loads: every export is a task. Tasks are synchronous, pure but for `readSpans`,
// and look at their cancel word at least every 20 ms.
import type { BuiltPart } from './index-part.js';
import { moved } from './move.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from './scan/cancel.js';
import * as joining from './join-partials.js';
import * as picking from './pick-rows.js';
import { received } from './posted.js';
import * as reading from './rows-read.js';
import * as zoning from './scan/block-zones.js';
import * as scanning from './scan/scan.js';
import * as filling from './select/fill-bits.js';
import * as tallying from './tally/pick.js';
import * as ordered from './marks/line/by-order.js';
import * as lines from './marks/line/by-range.js';
import * as orderEnds from './marks/line/ends-by-order.js';
import * as tiled from './marks/scatter/by-tiles.js';
import type * as comparing from './compare/compare-frames.js';
import type * as orders from './order/build-order.js';
import type * as orderedPyramids from './order/build-ordered-pyramid.js';
import * as runs from './order/tally-runs.js';
import type * as pyramids from './pyramid/build.js';
import type * as sorts from './sort/build.js';
import * as pages from './sort/page.js';
import type * as tiling from './tiles/build.js';
import type * as footers from './parquet/write-footer.js';
import type * as rowGroups from './parquet/write-row-groups.js';
import * as searching from './text/prepare-search.js';
import type * as text from './text/write-text.js';

export { ping } from './ping.js';

/** See workers/scan/scan.ts. The buffers of the result are moved. */
export function scan(task: scanning.ScanTask): scanning.ScanResult {
  return moved(scanning.scan(received(task)));
}

/** See workers/scan/scan.ts. The buffers of the result are moved. */
export function merge(task: scanning.MergeTask): scanning.MergeResult {
  return moved(scanning.merge(received(task)));
}

/** See workers/join-partials.ts. The buffers of the partial are moved. */
export function joinPartials(task: joining.JoinPartialsTask): joining.JoinedPartials {
  return moved(joining.joinPartials(received(task)));
}

/** See workers/marks/line/by-range.ts. The buffers of the result are moved. */
export function lineByRange(task: lines.LineByRangeTask): lines.LineByRange {
  return moved(lines.lineByRange(received(task)));
}

/** See workers/marks/line/by-range.ts. The buffers of the partial are moved. */
export function extremesByRange(task: lines.ExtremesByRangeTask): lines.ExtremesByRange {
  return moved(lines.extremesByRange(received(task)));
}

/** See workers/marks/line/by-range.ts. */
export function endsByRange(task: lines.EndsByRangeTask): ReturnType<typeof lines.endsByRange> {
  return lines.endsByRange(received(task));
}

/** See workers/pyramid/build.ts. The pyramid is moved. */
export async function buildPyramid(task: pyramids.BuildPyramidTask): Promise<BuiltPart> {
  return moved((await import('./pyramid/build.js')).buildPyramid(received(task)));
}

/** See workers/marks/scatter/by-tiles.ts. The buffers of the result are moved. */
export function scatterByTiles(task: tiled.ScatterByTilesTask): tiled.ScatterByTiles {
  return moved(tiled.scatterByTiles(received(task)));
}

/** See workers/tiles/build.ts. The part is moved. */
export async function buildTiles(task: tiling.BuildTilesTask): Promise<BuiltPart> {
  return moved((await import('./tiles/build.js')).buildTiles(received(task)));
}

/** See workers/sort/build.ts. The part is moved. */
export async function buildSort(task: Parameters<typeof sorts.buildSort>[0]): Promise<BuiltPart> {
  return moved((await import('./sort/build.js')).buildSort(received(task)));
}

/** See workers/sort/page.ts. The rows are moved. */
export function pageBySort(task: pages.PageBySortTask): pages.PageBySort {
  return moved(pages.pageBySort(received(task)));
}

/** See workers/marks/line/by-order.ts. The buffers of the result are moved. */
export function lineByOrder(task: ordered.LineByOrderTask): ordered.LineByOrder {
  return moved(ordered.lineByOrder(received(task)));
}

/** See workers/marks/line/ends-by-order.ts. */
export function endsByOrder(task: orderEnds.EndsByOrderTask): orderEnds.EndsByOrder {
  return orderEnds.endsByOrder(received(task));
}

/** See workers/order/tally-runs.ts. The tally is moved. */
export function tallyRuns(task: runs.TallyRunsTask): runs.TalliedRuns {
  return moved(runs.tallyRuns(received(task)));
}

/** See workers/order/build-order.ts. The order is moved. */
export async function buildOrder(task: orders.BuildOrderTask): Promise<BuiltPart> {
  return moved((await import('./order/build-order.js')).buildOrder(received(task)));
}

/** See workers/order/build-ordered-pyramid.ts. The pyramid is moved. */
export async function buildOrderedPyramid(
  task: orderedPyramids.BuildOrderedPyramidTask,
): Promise<BuiltPart> {
  return moved(
    (await import('./order/build-ordered-pyramid.js')).buildOrderedPyramid(received(task)),
  );
}

/** See workers/select/fill-bits.ts. The verdicts are moved. */
export function fillBits(task: filling.FillBitsTask): filling.FilledBits {
  return moved(filling.fillBits(received(task)));
}

/** See workers/scan/block-zones.ts. The zones are moved. */
export function blockZones(task: zoning.BlockZonesTask): ReturnType<typeof zoning.blockZones> {
  return moved(zoning.blockZones(received(task)));
}

// What writes exports reads frames with all of `apache-arrow`, two thirds of the code of a thread: it is run by the first task
// that asks, not at the start of every thread.

/** See workers/text/write-text.ts. The text is moved. */
export async function writeText(task: text.WriteTextTask): Promise<text.WrittenText> {
  return moved((await import('./text/write-text.js')).writeText(task));
}

/** See workers/compare/compare-frames.ts. The frame is moved. */
export async function compareFrames(
  task: comparing.CompareTask,
): Promise<ReturnType<typeof comparing.compareFrames>> {
  return moved((await import('./compare/compare-frames.js')).compareFrames(task));
}

/** See workers/parquet/write-row-groups.ts. */
export async function writeRowGroups(
  task: rowGroups.RowGroupsTask,
): Promise<rowGroups.WrittenRowGroups> {
  return moved((await import('./parquet/write-row-groups.js')).writeRowGroups(task));
}

/** See workers/parquet/write-footer.ts. */
export async function writeFooter(task: footers.FooterTask): Promise<Uint8Array> {
  return moved((await import('./parquet/write-footer.js')).writeFooter(task));
}

/** See workers/tally/pick.ts. */
export function pick(
  task: tallying.PickTask & { cancel?: CancelWord },
): { withdrawn: false; picked: tallying.Picked } | { withdrawn: true } {
  const { cancel } = task;
  return unlessWithdrawn(() => ({
    withdrawn: false,
    picked: tallying.pick(received(task), () => checkCancel(cancel)),
  }));
}

/** See workers/rows-read.ts. The partials are moved back. */
export function rowsRead(task: reading.RowsReadTask): reading.RowsRead {
  return moved(reading.rowsRead(received(task)));
}

/** See workers/pick-rows.ts. What was picked is moved. */
export function pickRows(task: picking.PickRowsTask): picking.PickedRows {
  return moved(picking.pickRows(received(task)));
}

/** See workers/text/prepare-search.ts. */
export function prepareSearch(task: searching.PrepareSearchTask): void {
  searching.prepareSearch(received(task));
}

export { readSpans } from './read-spans.js';
export { rest } from './rest.js';
