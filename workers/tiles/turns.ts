/** Turns, and rows of a batch, are numbers of so many bits. */
export const TURN_BITS = 20;

const MASK = 2 ** TURN_BITS - 1;
const HALF = TURN_BITS / 2;
// Odd, so that each row has a turn of its own. The second of a pair undoes the first.
const FIRST = 0x9e375;
const FIRST_UNDONE = inverse(FIRST);
const SECOND = 0x5bd1b;
const SECOND_UNDONE = inverse(SECOND);

/**
 * The row of a batch whose turn it is: a fixed order that has nothing to do with that of the rows. Within a tile rows stand by
 * their turn. So those whose turn is below some number are a fair sample of any tiles, which only grows with that number.
 */
export function rowAtTurn(turn: number): number {
  let row = Math.imul(turn, FIRST) & MASK;
  row ^= row >> HALF;
  return Math.imul(row, SECOND) & MASK;
}

/** When it is the turn of a row: the inverse of `rowAtTurn`. */
export function turnOf(row: number): number {
  let turn = Math.imul(row, SECOND_UNDONE) & MASK;
  turn ^= turn >> HALF;
  return Math.imul(turn, FIRST_UNDONE) & MASK;
}

// Newton's iteration: each round doubles the bits that are right.
function inverse(odd: number): number {
  let found = odd;
  for (let bits = 3; bits < TURN_BITS; bits *= 2) {
    found = Math.imul(found, 2 - Math.imul(odd, found)) & MASK;
  }
  return found;
}
