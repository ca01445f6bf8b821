import { useEffect, useReducer, useRef } from 'preact/hooks';
import type { FrameMetadata } from '../../../protocol/frame.js';
import type { Query } from '../../../protocol/query.js';
import { isAbort } from '../state/http.js';
import type { Ask } from '../../data/ask.js';
import { cellReader, type CellReader } from '../../data/cell-text.js';
import type { DecodedFrame } from '../../data/frame.js';

/** Rows that are asked for at once: a few screens, some tens of kilobytes. */
export const PAGE_ROWS = 200;
/** Columns that are asked for at once: a table of thousands of columns is read as far as it is looked at. */
export const PAGE_COLUMNS = 32;

/** What is known of the rows under one query. */
export interface RowPages {
  /** The answer that is shown; undefined until the first page is there. */
  metadata: FrameMetadata | undefined;
  /** True while the rows that are shown answer an earlier question. */
  waiting: boolean;
  /** Rows that match; undefined until the first page is there. */
  matched: number | undefined;
  error: Error | undefined;
  /** The number in the snapshot of the row that stands at `row` in the table's order; undefined until it is there. */
  rowNumber(row: number): number | undefined;
  /** The text of a cell, null for a null, undefined until it is there. */
  cell(row: number, column: number): string | null | undefined;
}

interface Block {
  rows: CellReader | undefined;
  cells: CellReader[];
  length: number;
}

interface Held {
  key: string;
  metadata: FrameMetadata | undefined;
  blocks: Map<string, Block>;
  error: Error | undefined;
}

/**
 * Holds the pages of the table that were looked at. `base` is the query without columns and page; when it changes,
 * the old pages stay until the first of the new ones is there, so that a filter never blanks the table.
 */
export function useRowPages(
  ask: Ask,
  base: Query | null,
  columns: readonly string[],
  pages: readonly number[],
  columnPages: readonly number[],
): RowPages {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const key = base === null ? '' : JSON.stringify([base, columns]);
  const shown = useRef(nothing(''));
  const coming = useRef<Held>(shown.current);
  if (coming.current.key !== key) {
    coming.current = nothing(key);
  }
  const wanted = `${pages.join()}/${columnPages.join()}`;

  useEffect(() => {
    if (base === null) return undefined;
    const held = coming.current;
    const controller = new AbortController();
    for (const page of pages) {
      for (const columnPage of columnPages) {
        const id = `${page}/${columnPage}`;
        if (held.blocks.has(id)) continue;
        const query: Query = {
          ...base,
          columns: columns.slice(columnPage * PAGE_COLUMNS, (columnPage + 1) * PAGE_COLUMNS),
          offset: page * PAGE_ROWS,
          limit: PAGE_ROWS,
        };
        ask(query, { signal: controller.signal }).then(
          (frame) => {
            held.blocks.set(id, readBlock(frame, query.columns!));
            held.metadata = frame.metadata;
            held.error = undefined;
            if (coming.current === held) shown.current = held;
            redraw(0);
          },
          (error: unknown) => {
            if (isAbort(error) || controller.signal.aborted) return;
            held.error = error as Error;
            if (coming.current === held) shown.current = held;
            redraw(0);
          },
        );
      }
    }
    return () => controller.abort();
  }, [key, wanted]);

  const { metadata, blocks, error } = shown.current;
  return {
    metadata,
    waiting: shown.current !== coming.current,
    matched: metadata?.rows.matched,
    error,
    rowNumber(row) {
      const block = blocks.get(`${Math.floor(row / PAGE_ROWS)}/${columnPages[0] ?? 0}`);
      const number =
        row % PAGE_ROWS < (block?.length ?? 0) ? block?.rows?.(row % PAGE_ROWS) : undefined;
      return number == null ? undefined : Number(number);
    },
    cell(row, column) {
      const block = blocks.get(
        `${Math.floor(row / PAGE_ROWS)}/${Math.floor(column / PAGE_COLUMNS)}`,
      );
      if (!block || row % PAGE_ROWS >= block.length) return undefined;
      return block.cells[column % PAGE_COLUMNS]?.(row % PAGE_ROWS);
    },
  };
}

const nothing = (key: string): Held => ({
  key,
  metadata: undefined,
  blocks: new Map(),
  error: undefined,
});

/** A column may be named `row` too, so columns are taken by their place: the row's number stands last. */
function readBlock(frame: DecodedFrame, columns: readonly string[]): Block {
  const numberAt = frame.columns.findLastIndex(({ name }) => name === 'row');
  const row = frame.columns[numberAt];
  const cells = columns.map((name) => {
    const column = frame.columns.find((each, at) => each.name === name && at !== numberAt);
    return column ? cellReader(column) : () => null;
  });
  return { rows: row ? cellReader(row) : undefined, cells, length: frame.length };
}
