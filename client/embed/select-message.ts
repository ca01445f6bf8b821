import type { Filter } from '../../protocol/query.js';

/** The type of the message by which a dashboard in a frame tells what is selected in it. */
export const SELECT_MESSAGE = 'halftone-select';

/** What is selected in one chart of a dashboard. */
export interface ChartSelection {
  chart: string;
  dataset: string;
  /** AND-ed, as in a query. */
  filters: readonly Filter[];
}

export interface SelectMessage {
  type: typeof SELECT_MESSAGE;
  selections: readonly ChartSelection[];
}
