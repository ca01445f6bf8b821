import { signal, type Signal } from '@preact/signals';
import type { Filter } from '../../../protocol/query.js';
import type { BrushShares } from '../../chart/types.js';

/** A selection that a person is making. */
export interface ActiveBrush {
  /** The chart that it is made in, by id. */
  chart: string;
  filters: readonly Filter[];
  shares: BrushShares | undefined;
}

/** The selection that is being made, if any: it filters other charts before it stands in the address. */
export interface Brush {
  readonly active: Signal<ActiveBrush | null>;
}

export const createBrush = (): Brush => ({ active: signal(null) });
