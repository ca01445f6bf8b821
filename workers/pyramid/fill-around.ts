import {
  AROUND_AT,
  AROUND_AT_STRIDE,
  AROUND_STRIDE,
  GROUP_NODES,
  type Pyramid,
} from './pyramid.js';

/** Fills in `around` and `aroundAt` from the nodes of level 1: of equal extremes the first counts. */
export function fillAround(pyramid: Pyramid): void {
  const { starts, around } = pyramid;
  const nodes = around.length / AROUND_STRIDE;
  for (let first = 0; first < nodes; first += GROUP_NODES) {
    const end = Math.min(nodes, first + GROUP_NODES);
    const from = starts[1]! + first;
    fillSide(pyramid, from, starts[1]! + end, 1);
    fillSide(pyramid, starts[1]! + end - 1, from - 1, -1);
  }
}

/** Goes over the nodes `from` to `end` (exclusive) of a group, and tells each what those that were passed come to. */
function fillSide(pyramid: Pyramid, from: number, end: number, step: 1 | -1): void {
  const { starts, extremes, around, aroundAt, leastAt, greatestAt } = pyramid;
  const isBackward = step < 0;
  const side = isBackward ? 2 : 0;
  let least = Infinity;
  let greatest = -Infinity;
  let low = 0;
  let high = 0;
  for (let node = from; node !== end; node += step) {
    const place = node - starts[1]!;
    around[place * AROUND_STRIDE + side] = least;
    around[place * AROUND_STRIDE + side + 1] = greatest;
    aroundAt[place * AROUND_AT_STRIDE + AROUND_AT + side] = low;
    aroundAt[place * AROUND_AT_STRIDE + AROUND_AT + side + 1] = high;
    const ownLeast = extremes[2 * node]!;
    const ownGreatest = extremes[2 * node + 1]!;
    around[place * AROUND_STRIDE + 4] = ownLeast;
    around[place * AROUND_STRIDE + 5] = ownGreatest;
    if (ownLeast < least || (isBackward && ownLeast === least)) {
      least = ownLeast;
      low = leastAt[place]!;
    }
    if (ownGreatest > greatest || (isBackward && ownGreatest === greatest)) {
      greatest = ownGreatest;
      high = greatestAt[place]!;
    }
  }
}
