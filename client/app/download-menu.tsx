import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { formatCount } from './format.js';
import { Icon } from './icon.js';
import { api, type ExportFormat } from './state/api.js';
import { useStore } from './store.js';

const FORMATS: readonly {
  format: ExportFormat;
  label: string;
  note: string;
  /** No text of it is a formula. */
  isSafe?: boolean;
}[] = [
  { format: 'csv', label: 'CSV', note: 'every value as it is' },
  { format: 'csv', label: 'CSV without formulas', note: 'for spreadsheets', isSafe: true },
  { format: 'parquet', label: 'Parquet', note: 'small, with types' },
  { format: 'arrow', label: 'Arrow', note: 'with types' },
  { format: 'ndjson', label: 'JSON lines', note: 'a row a line' },
];

/** The matching rows as a file, all of them: a button that opens to a link for each format. */
export function DownloadMenu(): JSX.Element {
  const { plot, dataset, snapshot, shown } = useStore();
  const [open, setOpen] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  const id = useId();
  const info = dataset.value;
  const ready = info?.status === 'ready';
  const matched = shown.value?.metadata.rows.matched;

  useEffect(() => {
    if (!open) return undefined;
    const close = (event: PointerEvent): void => {
      if (!host.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    setOpen(false);
    host.current?.querySelector('button')?.focus();
  };
  const onFocusOut = (event: FocusEvent): void => {
    const to = event.relatedTarget as Node | null;
    if (to && !host.current?.contains(to)) setOpen(false);
  };

  return (
    <div ref={host} class="menu" onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button
        type="button"
        class="button quiet icon"
        aria-label="Download rows"
        title="Download the matching rows"
        aria-expanded={open}
        aria-controls={id}
        disabled={!ready}
        onClick={() => setOpen(!open)}
      >
        <Icon name="download" />
      </button>
      {open && ready && (
        <div id={id} class="menu-list">
          <p class="muted small">
            {matched === undefined ? 'Matching rows' : `${formatCount(matched)} matching rows`},
            every column
          </p>
          {FORMATS.map(({ format, label, note, isSafe }) => (
            <a
              key={label}
              href={api.exportUrl(
                info.name,
                format,
                plot.value?.filters ?? [],
                snapshot.value,
                isSafe,
              )}
              download={`${info.name}.${format}`}
              onClick={() => setOpen(false)}
            >
              <b>
                <span class="sr-only">Download </span>
                {label}
              </b>{' '}
              <span class="muted">{note}</span>
            </a>
          ))}
        </div>
      )}
    </div>
  );
}
