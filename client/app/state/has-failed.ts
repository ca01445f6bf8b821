import type { DatasetInfo } from '../../../protocol/dataset.js';

/** True where a dataset could not be loaded, or not anew. Whoever cancelled that knows it. */
export const hasFailed = ({ problem }: Pick<DatasetInfo, 'problem'>): boolean =>
  problem !== undefined && problem.code !== 'LOAD_CANCELLED';
