import type { Span, TableView } from './columns.js';

/**
 * Has what lies at a span looked at once a thread: a span tells where that is for as long as it is told of, and a thread is told
 * once of what many tasks read. See `openSource`.
 */
export function openedOnce<T, R extends unknown[]>(
  lookAt: (buffer: ArrayBufferLike, offset: number, ...rest: R) => T,
): (table: TableView, span: Span, ...rest: R) => T {
  const opened = new WeakMap<Span, { at: T }>();
  return ({ slabs }, span, ...rest) => {
    let known = opened.get(span);
    if (known === undefined) {
      known = { at: lookAt(slabs[span.slab]!, span.offset, ...rest) };
      opened.set(span, known);
    }
    return known.at;
  };
}
