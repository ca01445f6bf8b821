import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Query } from '../../../protocol/query.js';
import { formatCount } from '../format.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { widthsOf } from './column-width.js';
import { selectedText } from './copy.js';
import { TableBar } from './table-bar.js';
import { TableHead } from './table-head.js';
import { TableRow } from './table-row.js';
import { PAGE_COLUMNS, PAGE_ROWS, useRowPages, type RowPages } from './row-pages.js';
import { lastTop, pagesOf, rowAtScroll, scrollAtRow, trackHeight } from './scroll.js';
import { moveFocus, type Cell, type Selection } from './selection.js';
import { useRowWheel } from './use-row-wheel.js';
import { useSize } from './use-size.js';
import { zonedPages } from './zoned-pages.js';
import '../../styles/table.css';

const ROW_HEIGHT = 26;
const HEAD_HEIGHT = 32;
const NUMBER_WIDTH = 84;

/** The matching rows: scrolled virtually, sorted by any column, copied cell by cell. */
export function DataTable(): JSX.Element | null {
  const { dataset, plot, snapshot, navigation, ask, change, message, pictureFirst } = useStore();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const [top, setTop] = useState(0);
  const [left, setLeft] = useState(0);
  const [selection, setSelection] = useState<Selection | null>(null);
  const ownScroll = useRef(-1);
  const dragging = useRef(false);
  const info = dataset.value;
  const columns = info?.columns ?? [];
  const sort = navigation.view.value?.sort;
  const filters = plot.value?.filters ?? [];
  const ready = info !== undefined && snapshot.value !== null && columns.length > 0;

  const base: Query | null = ready
    ? {
        dataset: info.name,
        snapshot: snapshot.value,
        mark: 'rows',
        ...(filters.length > 0 ? { filters } : {}),
        ...(sort && columns.some((column) => column.name === sort.column) ? { sort: [sort] } : {}),
      }
    : null;
  // A new snapshot is the same table: its place and what is selected stay.
  const tableKey = JSON.stringify(base && { ...base, snapshot: undefined });

  const widths = widthsOf(columns, size.width - NUMBER_WIDTH);
  const lefts = widths.reduce<number[]>(
    (all, width) => [...all, all.at(-1)! + width],
    [NUMBER_WIDTH],
  );
  const viewHeight = Math.max(ROW_HEIGHT, size.height - HEAD_HEIGHT);
  const visible = Math.ceil(viewHeight / ROW_HEIGHT) + 1;

  const first = Math.floor(top);
  const firstColumn = Math.max(0, lefts.findIndex((x) => x > left + NUMBER_WIDTH) - 1);
  const afterColumn = lefts.findIndex((x) => x >= left + size.width);
  const lastColumn = Math.max(
    0,
    (afterColumn < 0 ? columns.length : Math.min(columns.length, afterColumn)) - 1,
  );
  const read = useRowPages(
    async (query, options) => {
      await pictureFirst.wait();
      return ask(query, options);
    },
    base,
    columns.map((column) => column.name),
    pagesOf(first, first + visible, PAGE_ROWS),
    pagesOf(firstColumn, lastColumn, PAGE_COLUMNS),
  );
  const pages = zonedPages(read, columns, plot.value?.timeZone);
  const rows = pages.matched ?? 0;
  const track = trackHeight(rows, ROW_HEIGHT, viewHeight);

  const scrollTo = (row: number): void => {
    const next = Math.max(0, Math.min(lastTop(rows, ROW_HEIGHT, viewHeight), row));
    setTop(next);
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = scrollAtRow(next, rows, ROW_HEIGHT, viewHeight);
    // Browsers round the position; its event is not to move the table again.
    ownScroll.current = element.scrollTop;
  };
  useRowWheel(
    scroller,
    { shortened: rows * ROW_HEIGHT > track, rowHeight: ROW_HEIGHT, viewHeight },
    (pixels) => scrollTo(top + pixels / ROW_HEIGHT),
  );

  // Another order or other filters begin at the top, where the eye expects them.
  useEffect(() => {
    setSelection(null);
    scrollTo(0);
  }, [tableKey]);
  useEffect(() => {
    if (top > lastTop(rows, ROW_HEIGHT, viewHeight)) scrollTo(top);
  }, [rows, viewHeight]);

  const focus = (cell: Cell, extend: boolean): void => {
    setSelection((old) => ({ anchor: extend && old ? old.anchor : cell, focus: cell }));
    if (cell.row < top) scrollTo(cell.row);
    else if (cell.row + 1 > top + viewHeight / ROW_HEIGHT)
      scrollTo(cell.row + 1 - viewHeight / ROW_HEIGHT);
    const element = scroller.current!;
    const cellLeft = lefts[cell.column]!;
    if (cellLeft - NUMBER_WIDTH < element.scrollLeft) element.scrollLeft = cellLeft - NUMBER_WIDTH;
    else if (cellLeft + widths[cell.column]! > element.scrollLeft + size.width) {
      element.scrollLeft = cellLeft + widths[cell.column]! - size.width;
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== scroller.current || rows === 0) return;
    const page = Math.max(1, Math.floor(viewHeight / ROW_HEIGHT) - 1);
    const from = selection?.focus ?? { row: first - 1, column: 0 };
    const next = moveFocus(from, event, rows, columns.length, page);
    if (next) focus(next, event.shiftKey);
    else if (event.key === 'Escape' && selection) setSelection(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const onCopy = (event: ClipboardEvent): void => {
    if (!selection) return;
    event.preventDefault();
    const copied = selectedText(selection, pages);
    if (typeof copied === 'string') message.value = copied;
    else {
      event.clipboardData?.setData('text/plain', copied.text);
      message.value = `${formatCount(copied.cells)} ${copied.cells === 1 ? 'cell' : 'cells'} copied`;
    }
  };

  const cellAt = (event: MouseEvent): Cell | undefined => {
    const { row, column } =
      (event.target as HTMLElement).closest<HTMLElement>('[data-column]')?.dataset ?? {};
    return row === undefined ? undefined : { row: Number(row), column: Number(column) };
  };
  useEffect(() => {
    const stop = (): void => void (dragging.current = false);
    globalThis.addEventListener('mouseup', stop);
    return () => globalThis.removeEventListener('mouseup', stop);
  }, []);

  if (!info) return null;
  const count = Math.min(visible, rows - first);
  return (
    <div class="table" {...(plot.value?.mark === 'rows' ? stateOf(pages) : {})}>
      <TableBar
        rows={pages.matched}
        total={pages.metadata?.rows.total ?? info.rows}
        sort={sort}
        onGoTo={scrollTo}
      />
      {pages.error && <p class="note danger">{pages.error.message}</p>}
      <div
        ref={scroller}
        class="table-scroll"
        role="grid"
        tabIndex={0}
        aria-label={`Rows of ${info.name}`}
        aria-rowcount={rows + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={
          selection ? `${id}-${selection.focus.row}-${selection.focus.column}` : undefined
        }
        onScroll={(event) => {
          const { scrollTop, scrollLeft } = event.currentTarget;
          setLeft(scrollLeft);
          if (scrollTop === ownScroll.current) return;
          ownScroll.current = -1;
          setTop(rowAtScroll(scrollTop, rows, ROW_HEIGHT, viewHeight));
        }}
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        onMouseDown={(event) => {
          const cell = event.button === 0 ? cellAt(event) : undefined;
          if (!cell) return;
          event.preventDefault();
          scroller.current?.focus({ preventScroll: true });
          dragging.current = true;
          focus(cell, event.shiftKey);
        }}
        onMouseOver={(event) => {
          const cell = dragging.current ? cellAt(event) : undefined;
          if (cell) focus(cell, true);
        }}
      >
        <div
          class="table-track"
          style={{ height: `${track + HEAD_HEIGHT}px`, width: `${lefts.at(-1)}px` }}
        >
          <div class="table-window" style={{ height: `${size.height}px` }}>
            <div class="table-head" role="row" aria-rowindex={1}>
              <div
                class="table-number"
                role="columnheader"
                title="The number of the row in the source, from 0"
              >
                row
              </div>
              {columns.slice(firstColumn, lastColumn + 1).map((column, i) => (
                <TableHead
                  key={column.name}
                  column={column}
                  index={firstColumn + i}
                  left={lefts[firstColumn + i]!}
                  width={widths[firstColumn + i]!}
                  order={sort?.column === column.name ? sort.order : undefined}
                  onSort={(order) =>
                    change((view) => edit(view, { sort: order && { column: column.name, order } }))
                  }
                />
              ))}
            </div>
            {Array.from({ length: Math.max(0, count) }, (_, i) => {
              const row = first + i;
              return (
                <TableRow
                  key={row % (visible + 1)}
                  id={id}
                  row={row}
                  offset={HEAD_HEIGHT + (row - top) * ROW_HEIGHT}
                  columns={columns.slice(firstColumn, lastColumn + 1)}
                  firstColumn={firstColumn}
                  lefts={lefts}
                  widths={widths}
                  pages={pages}
                  selection={selection}
                />
              );
            })}
            {pages.matched === 0 && (
              <p class="table-empty muted" style={{ left: `${left}px`, width: `${size.width}px` }}>
                No rows match the filters.
              </p>
            )}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Where the table is all there is, it tells its state as a chart does. */
function stateOf({ metadata, error, waiting }: RowPages): Record<`data-${string}`, unknown> {
  const { rows, method } = metadata ?? {};
  const answered = rows === undefined ? 'loading' : rows.matched === 0 ? 'empty' : 'exact';
  return {
    'data-state': error ? 'error' : waiting ? 'loading' : answered,
    'data-matched': rows?.matched,
    'data-drawn': rows?.drawn,
    'data-method': method,
  };
}
