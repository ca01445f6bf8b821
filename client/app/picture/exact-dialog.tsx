import type { JSX } from 'preact';
import type { FrameMetadata } from '../../../protocol/frame.js';
import { Dialog } from '../dialog.js';
import { formatCount, formatNoun } from '../format.js';

/** Tells what the badge under a picture means: how true it is, and where every row went. */
export function ExactDialog({
  metadata,
  technical,
  onClose,
}: {
  metadata: FrameMetadata;
  /** How the picture was made, in the words of the trade. */
  technical: string;
  onClose: () => void;
}): JSX.Element {
  return (
    <Dialog
      title={`This picture is ${metadata.exact ? 'exact' : metadata.estimated ? 'an estimate' : 'approximate'}`}
      onClose={onClose}
    >
      <Meaning metadata={metadata} />
      <p class="muted small">{technical}</p>
    </Dialog>
  );
}

/** What exact means for this kind of picture, in words for everybody. */
function Meaning({ metadata }: { metadata: FrameMetadata }): JSX.Element {
  const { rows, method, mark, exact } = metadata;
  return (
    <>
      <p>
        {exact
          ? (EXACT[mark === 'line' || mark === 'scatter' ? method : mark] ?? EXACT['value'])
          : metadata.estimated
            ? `It is made from a sample of the rows, and the exact picture is on its way. ${metadata.bound ?? ''}.`
            : 'Numbers in it may be off; the query asked for a choice of the rows.'}
      </p>
      <p>Nothing is dropped in silence. Of the {formatNoun(rows.total, 'row')} in this dataset:</p>
      <dl class="ledger">
        <dt>{formatCount(rows.matched)}</dt>
        <dd>match the filters, and of these</dd>
        <dt>{formatCount(rows.drawn)}</dt>
        <dd>are in the picture,</dd>
        <dt>{formatCount(rows.outside)}</dt>
        <dd>lie outside of the part that is shown,</dd>
        <dt>{formatCount(rows.dropped)}</dt>
        <dd>have no place on the axes: a null, not a number, or not positive on a log axis.</dd>
      </dl>
    </>
  );
}

const EXACT: Readonly<Record<string, string>> = {
  points: 'Every matching row in this part of the picture is drawn, each as a point of its own.',
  density:
    'There are too many rows to tell apart, so each pixel is shaded by the true number of rows under it. No row is sampled or left out.',
  m4: 'For each column of pixels the line goes through the first, last, least and greatest of its rows. Drawing every row would give the same line.',
  outline:
    'The line goes through every row that shows: the first, last, least and greatest of each column of pixels, and those that are seen beside them. Drawing every row would give the same picture.',
  aggregate: 'Each point of the line is computed from all rows under it, not from a sample.',
  histogram: 'Every bar counts all its rows.',
  bar: 'Every bar is computed from all its rows.',
  heatmap: 'Every cell is computed from all its rows.',
  value: 'The number is computed from all matching rows.',
};
