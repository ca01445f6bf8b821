import type { JSX } from 'preact';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { readableTimes } from '../../../protocol/view/time.js';
import { Dialog } from '../dialog.js';
import { formatCount } from '../format.js';
import { formatMoment } from './use-age.js';
import { whatChanged } from './what-changed.js';

/** What one snapshot of a dataset holds that the one before it does not, as far as their descriptions tell. */
export function WhatChangedDialog({
  before,
  after,
  onClose,
}: {
  before: DatasetInfo;
  after: DatasetInfo;
  onClose: () => void;
}): JSX.Element {
  const { rows, added, removed, retyped, extents, nulls } = whatChanged(before, after);
  const isSame = [added, removed, retyped, extents, nulls].every((list) => list.length === 0);
  return (
    <Dialog title={`What changed in ${after.name}`} onClose={onClose}>
      <table class="changes">
        <thead>
          <tr>
            <td />
            <th scope="col">{momentOf(before)}</th>
            <th scope="col">{momentOf(after)}</th>
          </tr>
        </thead>
        <tbody>
          <Row name="rows" before={formatCount(rows.before)} after={formatCount(rows.after)} />
          {retyped.map(({ column, before: from, after: to }) => (
            <Row key={column} name={`type of ${column}`} before={from} after={to} />
          ))}
          {extents.map(({ column, before: from, after: to }) => (
            <Row
              key={column}
              name={column}
              before={readableTimes(from)}
              after={readableTimes(to)}
            />
          ))}
          {nulls.map(({ column, before: from, after: to }) => (
            <Row
              key={column}
              name={`nulls in ${column}`}
              before={formatCount(from)}
              after={formatCount(to)}
            />
          ))}
        </tbody>
      </table>
      {added.length > 0 && <p>New columns: {added.join(', ')}</p>}
      {removed.length > 0 && <p>Columns that are gone: {removed.join(', ')}</p>}
      {isSame && (
        <p class="muted">
          The columns, their types, their least and greatest values and their nulls are the same.
        </p>
      )}
    </Dialog>
  );
}

function Row({
  name,
  before,
  after,
}: {
  name: string;
  before: string;
  after: string;
}): JSX.Element {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">{before}</td>
      <td class="number">{before === after ? <span class="muted">the same</span> : after}</td>
    </tr>
  );
}

const momentOf = ({ createdAt }: DatasetInfo): string =>
  createdAt === null ? '' : formatMoment(Date.parse(createdAt));
