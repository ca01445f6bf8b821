import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Query } from '../../../protocol/query.js';
import type { Verification } from '../../../protocol/verification.js';
import { ProblemError } from '../../data/ask.js';
import { Dialog } from '../dialog.js';
import { formatCount } from '../format.js';
import { Icon } from '../icon.js';
import { api } from '../state/api.js';
import { SlidingLine } from '../sliding-line.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';
import { CodeBlock } from './code-block.js';
import '../../styles/inspect.css';

/** The picture held against plain SQL over its source, number by number. */
export function ProveDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { asked } = useStore();
  // What is proved is what was on the screen when it was asked for, whatever comes meanwhile.
  const [query] = useState(() => asked.peek()?.query);
  return (
    <Dialog title="Prove it" wide onClose={onClose}>
      <p class="muted">
        The numbers of this picture are computed again by plain SQL, from the source and not from
        the cache, and compared one by one.
      </p>
      {query === undefined ? <p>There is no picture yet.</p> : <Proof query={query} />}
    </Dialog>
  );
}

function Proof({ query }: { query: Query }): JSX.Element {
  const { value, error } = useAnswer(JSON.stringify(query), (signal) => api.verify(query, signal));
  return (
    <section class="proof" aria-label="Proof">
      {error ? (
        <div class="note warn" role="alert">
          <Icon name="warning" />
          <div>
            {error.message}
            {error instanceof ProblemError && error.problem.hint && <p>{error.problem.hint}</p>}
          </div>
        </div>
      ) : value ? (
        <Verdict verification={value} />
      ) : (
        <div role="status">
          <p class="muted">Reading the source…</p>
          <div class="progress">
            <SlidingLine />
          </div>
        </div>
      )}
    </section>
  );
}

const LOOKS = { equal: 'good', differs: 'danger', 'not compared': 'warn' } as const;

function Verdict({ verification }: { verification: Verification }): JSX.Element {
  const { verdict, sentence, exact, bound, differences, tolerance, shared, sql, rows, ms, source } =
    verification;
  return (
    <>
      <div class={`note ${LOOKS[verdict]}`} role="status" data-verdict={verdict}>
        <Icon name={verdict === 'equal' ? 'check' : 'warning'} />
        <div>
          <b>{sentence}</b>
          <p>
            {source === 'changed'
              ? 'The source is no longer what this picture was made from, so there is nothing to compare it with.'
              : `SQL read ${formatCount(rows)} rows of the source in ${formatCount(Math.round(ms))} ms.`}
          </p>
        </div>
      </div>
      {!exact && (
        <p>
          The picture says of itself that it is not exact
          {bound === undefined ? '' : `, by ${bound} at most`}.
        </p>
      )}
      {differences.length > 0 && (
        <div class="findings" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th>Where</th>
                <th>Picture</th>
                <th>SQL</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ where, ours, sql: theirs }) => (
                <tr key={where}>
                  <td>{where}</td>
                  <td class="value">{String(ours)}</td>
                  <td class="value">{String(theirs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Said title="May be apart" lines={tolerance} />
      <Said title="Not proved, because both sides share it" lines={shared} />
      {sql.length > 0 && (
        <details>
          <summary>The SQL</summary>
          {sql.map((statement, index) => (
            <CodeBlock
              key={index}
              label={sql.length === 1 ? 'SQL' : `SQL ${index + 1}`}
              code={statement}
            />
          ))}
        </details>
      )}
    </>
  );
}

function Said({ title, lines }: { title: string; lines: readonly string[] }): JSX.Element | null {
  if (lines.length === 0) return null;
  return (
    <div class="small">
      <b>{title}</b>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
