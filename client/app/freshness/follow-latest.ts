import type { AddressDomain } from '../../../protocol/address/view.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import { isContinuous, positionOf } from '../../../protocol/view/columns.js';
import { valueOf } from '../../../protocol/view/query-filters.js';
import { moveDomain } from '../picture/move.js';

/** A window whose right end is this near to the data's end, as a share of its width, looks at the latest. */
const NEAR_END = 0.02;

/**
 * Where a window on an axis goes when its column grows from `before` to `after`: as far to the right as its data, where it stood at their end
 * or beyond. Undefined where it stays.
 */
export function followLatest(
  window: AddressDomain,
  before: ColumnInfo,
  after: ColumnInfo,
): AddressDomain | undefined {
  if (!isContinuous(before) || before.type !== after.type || window.length !== 2) return undefined;
  const [low, high] = window.map((end) => positionOf(valueOf(end, before), before)) as [
    number,
    number,
  ];
  const [end, next] = [positionOf(before.max, before), positionOf(after.max, after)];
  const width = high - low;
  if (!(width > 0) || !(next > end) || high < end - NEAR_END * width) return undefined;
  // A window that reached beyond the data waits until they have come to its end.
  if (high >= next) return undefined;
  return moveDomain([...window], after, 'linear', (next - high) / width, 0);
}
