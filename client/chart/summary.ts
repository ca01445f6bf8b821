import type { FrameMetadata } from '../../protocol/frame.js';
import type { ChartSpec } from './types.js';

const count = (rows: number): string =>
  `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;

/** The picture in one sentence, for those who do not see it. */
export function summaryOf(spec: ChartSpec, { mark, rows }: FrameMetadata): string {
  const { x, y } = spec.labels ?? {};
  const named = spec.title ?? [mark, y && `of ${y}`, x && `by ${x}`].filter(Boolean).join(' ');
  const outside = rows.outside > 0 ? `, ${count(rows.outside)} outside of it` : '';
  return `${named}: ${count(rows.drawn)} drawn of ${count(rows.matched)} that match${outside}.`;
}
