import type { JSX } from 'preact';
import { formatCount } from './format.js';
import { Menu } from './menu.js';
import { api, type ExportFormat } from './state/api.js';
import { useStore } from './store.js';

const FORMATS: readonly {
  format: ExportFormat;
  label: string;
  note: string;
  /** No text of it is a formula. */
  isSafe?: boolean;
}[] = [
  { format: 'csv', label: 'CSV', note: 'every value as it is, times in UTC' },
  { format: 'csv', label: 'CSV without formulas', note: 'for spreadsheets', isSafe: true },
  { format: 'parquet', label: 'Parquet', note: 'small, with types' },
  { format: 'arrow', label: 'Arrow', note: 'with types' },
  { format: 'ndjson', label: 'JSON lines', note: 'a row a line' },
];

/** The matching rows as a file, all of them: a button that opens to a link for each format. */
export function DownloadMenu(): JSX.Element {
  const { plot, dataset, snapshot, shown } = useStore();
  const info = dataset.value;
  const matched = shown.value?.metadata.rows.matched;

  return (
    <Menu icon="download" label="Download rows" disabled={info?.status !== 'ready'}>
      {(close) =>
        info && (
          <>
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
                onClick={close}
              >
                <b>
                  <span class="sr-only">Download </span>
                  {label}
                </b>{' '}
                <span class="muted">{note}</span>
              </a>
            ))}
          </>
        )
      }
    </Menu>
  );
}
