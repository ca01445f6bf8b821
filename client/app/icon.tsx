import type { JSX } from 'preact';

/** Line drawings on a 16 × 16 grid, in the color of the text around them. */
const PATHS = {
  scatter: 'M2.5 2v11.5H14M6 9.5h.01M8.5 6h.01M10 10.5h.01M12.5 4.5h.01M6 4.5h.01M12.5 8h.01',
  line: 'M2.5 2v11.5H14M5 10l2.5-3.5 2.5 2L13.5 4',
  histogram: 'M2.5 13.5h11.5M4 13.5v-3h2.5v3M6.5 10.5V6H9v7.5M9 6V3.5h2.5v10M11.5 9H14v4.5',
  bar: 'M2.5 2v12M2.5 3.5h10v2.5h-10M2.5 6.8h6.5v2.5H2.5M2.5 10.2H6v2.5H2.5',
  heatmap: 'M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11',
  value: 'M6.2 2.5 4.8 13.5M11.2 2.5 9.8 13.5M3 6h11M2 10h11',
  rows: 'M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.6h11M6.5 6.3V13',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  undo: 'M6 3 2.8 6.2 6 9.4M3 6.2h6.3a3.6 3.6 0 0 1 0 7.2H6.5',
  image: 'M2.5 3h11v10h-11zM2.5 11l3.2-3.5 2.6 2.6 2-1.8 3.2 3M10.7 5.8h.01',
  download: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M2.5 13.5h11',
  link: 'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.2 9.1a2.6 2.6 0 0 0 3.7 3.7l.9-.9',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13.4 9.6A5.7 5.7 0 0 1 6.4 2.6a5.7 5.7 0 1 0 7 7',
  system: 'M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3',
  help: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2M8 11.4h.01',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3.5 8.5 6.5 11.5 12.5 4.5',
  plus: 'M8 3v10M3 8h10',
  chevron: 'M4.5 6.2 8 9.8l3.5-3.6',
  panel: 'M2.5 3h11v10h-11zM6.5 3v10',
  filter: 'M2.5 3.5h11L9.3 8.6v4.2l-2.6-1.3V8.6z',
  search: 'M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4M10.2 10.2l3.3 3.3',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
  folder: 'M2 4h4l1.5 1.5H14V13H2z',
  upload: 'M8 11V3.2M4.8 6.2 8 3l3.2 3.2M2.5 13.5h11',
  number: 'M4.5 12.5v-9L3 5M8 5.5a2 2 0 1 1 3.4 1.4L8 12.5h4',
  text: 'M3 4.5V3h10v1.5M8 3v10M6 13h4',
  time: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M8 5v3.3l2.2 1.4',
  boolean:
    'M5.5 4.5h5a3.5 3.5 0 1 1 0 7h-5a3.5 3.5 0 1 1 0-7M10.5 6.7a1.3 1.3 0 1 1 0 2.6 1.3 1.3 0 0 1 0-2.6',
  binary: 'M3 3h4v4H3zM11 3v4M5 9v4M9 9h4v4H9z',
  warning: 'M8 2.2 14.2 13H1.8zM8 6.5v3M8 11.3h.01',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2 12.5 8 5 12.8z',
  move: 'M8 2v12M2 8h12M6.2 3.8 8 2l1.8 1.8M6.2 12.2 8 14l1.8-1.8M3.8 6.2 2 8l1.8 1.8M12.2 6.2 14 8l-1.8 1.8',
  zoom: 'M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4M10.2 10.2l3.3 3.3M7 5.2v3.6M5.2 7h3.6',
  box: 'M2.5 4.5v-2h2M7 2.5h2M11.5 2.5h2v2M13.5 7v2M13.5 11.5v2h-2M9 13.5H7M4.5 13.5h-2v-2M2.5 9V7',
  lasso:
    'M8 2.8c3.2 0 5.7 1.6 5.7 3.7s-2.5 3.7-5.7 3.7-5.7-1.6-5.7-3.7S4.8 2.8 8 2.8M5.2 9.8c-1.1.8-1.1 2.2.3 2.5 1.2.2 1.5 1 .7 1.7',
  more: 'M8 2.9a.4.4 0 1 0 .01 0M8 7.6a.4.4 0 1 0 .01 0M8 12.3a.4.4 0 1 0 .01 0',
  grid: 'M2.5 2.5h5v5h-5zM9.5 2.5h4v5h-4zM2.5 9.5h4v4h-4zM8.5 9.5h5v4h-5z',
  swap: 'M5 3v9M2.8 9.8 5 12l2.2-2.2M11 13V4M8.8 6.2 11 4l2.2 2.2',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside a word, or alone in a button that has a label of its own. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width={1.4}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The drawing for a column's kind. */
export const kindIcon = (kind: string): IconName =>
  kind === 'clock' ? 'time' : (kind as IconName);
