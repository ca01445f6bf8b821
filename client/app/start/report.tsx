import type { JSX } from 'preact';
import type { DatasetInfo, Finding } from '../../../protocol/dataset.js';
import { Dialog } from '../dialog.js';
import { formatCount, formatNoun } from '../format.js';
import { Icon } from '../icon.js';
import { api } from '../state/api.js';

/** Findings that are listed on the page; the download has them all. */
const SHOWN = 100;

/** What a load did with every line: how many became rows, what was set aside and why. */
export function ReportDialog({
  dataset,
  onClose,
}: {
  dataset: DatasetInfo;
  onClose: () => void;
}): JSX.Element | null {
  const { report } = dataset;
  if (!report) return null;
  const { dialect, encoding, warnings, findings } = report;
  return (
    <Dialog title={`How ${dataset.name} was loaded`} onClose={onClose}>
      <p>
        {formatNoun(report.lines, 'line')} = {formatNoun(report.rows, 'row')} +{' '}
        {formatCount(report.setAside)} set aside.
        {report.nulled > 0 && ` ${formatNoun(report.nulled, 'value')} did not fit and became null.`}
      </p>
      {(encoding !== undefined || dialect) && (
        <p class="muted">
          {[
            encoding && `read as ${encoding}`,
            dialect && `separated by ${nameOf(dialect.delimiter)}`,
            dialect && `decimal ${nameOf(dialect.decimal)}`,
            dialect && (dialect.header ? 'with a header' : 'without a header'),
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
      )}
      {warnings.map((warning, index) => (
        <p key={index} class="note warn">
          <Icon name="warning" />
          <div>{warning.message}</div>
        </p>
      ))}
      {findings.length > 0 && <Findings findings={findings} />}
      <p>
        <a class="button" href={api.reportUrl(dataset.name)} download>
          <Icon name="download" /> Download the report
        </a>
      </p>
    </Dialog>
  );
}

function Findings({ findings }: { findings: readonly Finding[] }): JSX.Element {
  return (
    <div class="findings" tabIndex={0} role="region" aria-label="Findings">
      <table>
        <thead>
          <tr>
            <th>Line</th>
            <th>Column</th>
            <th>Value</th>
            <th>Reason</th>
          </tr>
        </thead>
        <tbody>
          {findings.slice(0, SHOWN).map((finding, index) => (
            <tr key={index}>
              <td class="number">{finding.line === undefined ? '' : formatCount(finding.line)}</td>
              <td>{finding.column}</td>
              <td class="value">{finding.value}</td>
              <td>{finding.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {findings.length > SHOWN && (
        <p class="muted">
          The first {SHOWN} of {formatCount(findings.length)}.
        </p>
      )}
    </div>
  );
}

/** Separators by the names that people have for them. */
export const nameOf = (sign: string): string =>
  ({ ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space', '.': 'point' })[sign] ??
  `“${sign}”`;
