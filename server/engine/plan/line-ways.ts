import type { Predicate } from '../../../workers/scan/predicate.js';
import { asOrderedLine, type OrderedLine } from './ordered-line.js';
import { asSortedLine, type LineFacts, type SortedLine } from './sorted-line.js';

/** What a line can be taken for beside rows to be scanned; in place of each, why it is not that. */
export interface LineWays {
  sorted: SortedLine | string;
  ordered: OrderedLine | string;
}

export function waysOf(facts: LineFacts, predicate: Predicate | null): LineWays {
  return { sorted: asSortedLine(facts), ordered: asOrderedLine(facts, predicate) };
}
