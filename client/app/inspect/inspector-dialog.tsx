import type { JSX } from 'preact';
import { Dialog } from '../dialog.js';
import { formatBytes, formatCount } from '../format.js';
import { api } from '../state/api.js';
import type { Asked } from '../state/asked.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';
import { CodeBlock } from './code-block.js';
import { stagesOf, type Stage } from './stages.js';
import '../../styles/inspect.css';

/** How the picture on the screen came to be: query, plan, rows, bytes, and where the milliseconds went. */
export function InspectorDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { asked, picture, shown } = useStore();
  const status = picture.value?.status();
  const elapsed = status?.elapsedMs ?? shown.value?.elapsedMs ?? 0;
  const question = asked.value;
  return (
    <Dialog title="Inspector" wide onClose={onClose}>
      {question === undefined ? (
        <p class="muted">There is no picture yet.</p>
      ) : (
        <Question question={question} elapsedMs={elapsed} />
      )}
      {status && (
        <p class="muted small">
          Drawn by{' '}
          {status.renderer === 'gpu'
            ? 'the graphics card'
            : status.renderer === 'cpu'
              ? 'the processor'
              : 'Plotly'}
          , because {status.rendererReason}.
        </p>
      )}
    </Dialog>
  );
}

function Question({
  question: { query, frame },
  elapsedMs,
}: {
  question: Asked;
  elapsedMs: number;
}): JSX.Element {
  const { value: explained } = useAnswer(JSON.stringify(query), (signal) =>
    api.explain(query, signal),
  );
  return (
    <section class="inspected" aria-label="Question">
      {frame ? (
        <>
          <Stages stages={stagesOf(frame.timing, elapsedMs)} />
          <dl class="ledger">
            <dt>{formatCount(frame.metadata.rows.matched)}</dt>
            <dd>rows match, of {formatCount(frame.metadata.rows.total)}</dd>
            <dt>{formatCount(frame.metadata.marks)}</dt>
            <dd>
              marks sent, by {frame.metadata.method}
              {frame.metadata.exact ? ', exact' : ', not exact'}
            </dd>
            <dt>{formatBytes(frame.byteLength)}</dt>
            <dd>of Arrow</dd>
            {frame.plan && (
              <>
                <dt>{frame.plan.tier}</dt>
                <dd>
                  {frame.plan.reason}
                  {frame.plan.rowsTouched > 0 &&
                    ` (${formatCount(frame.plan.rowsTouched)} rows, ${formatBytes(frame.plan.bytesTouched)} read)`}
                </dd>
              </>
            )}
          </dl>
        </>
      ) : (
        <p class="muted">The answer is on its way.</p>
      )}
      {explained && (
        <div class="small">
          <b>Asked now</b> it would be{' '}
          {explained.cached ? 'sent from the cache' : `computed by ${explained.plan.tier}`}:{' '}
          {explained.plan.reason}.
          {explained.others.length > 0 && (
            <ul>
              {explained.others.map(({ tier, reason }) => (
                <li key={tier}>
                  <b>{tier}</b>: {reason}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      <CodeBlock label="Query" code={JSON.stringify(query, null, 2)} />
    </section>
  );
}

function Stages({ stages }: { stages: readonly Stage[] }): JSX.Element {
  const most = Math.max(0.001, ...stages.map(({ ms }) => ms));
  return (
    <table class="stages">
      <caption class="sr-only">Milliseconds by stage</caption>
      <tbody>
        {stages.map(({ name, ms, note }) => (
          <tr key={name} data-stage={name}>
            <th scope="row" title={note}>
              {name}
            </th>
            <td class="number">{ms.toFixed(ms < 10 ? 1 : 0)} ms</td>
            <td class="bar" aria-hidden="true">
              <span style={{ width: `${(100 * ms) / most}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
