import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Verification } from '../../../protocol/verification.js';
import { formatCount, formatDuration, formatNoun } from '../format.js';
import { Icon } from '../icon.js';
import { sendJson } from '../state/http.js';
import { CodeBlock } from './code-block.js';
import type { Subject } from './subject.js';

/** The picture computed again from its source by plain SQL, and held against what is on the screen. */
export function ProofTab({ subject }: { subject: Subject }): JSX.Element {
  const [proof, setProof] = useState<Verification>();
  const [error, setError] = useState<Error>();
  const running = useRef<AbortController>();
  const [isRunning, setRunning] = useState(false);
  useEffect(() => () => running.current?.abort(), []);

  const prove = async (): Promise<void> => {
    const mine = new AbortController();
    running.current = mine;
    setRunning(true);
    setProof(undefined);
    setError(undefined);
    try {
      setProof(await sendJson<Verification>('POST', 'verify', subject.query, mine.signal));
    } catch (reason) {
      if (!mine.signal.aborted) setError(reason as Error);
    }
    if (running.current === mine) setRunning(false);
  };

  return (
    <div aria-live="polite">
      {!proof && (
        <p>
          A fresh process reads the source itself, not the cache, computes this picture again by
          plain SQL, and compares every number.
        </p>
      )}
      {error && (
        <div class="note danger">
          <Icon name="warning" />
          <div>{error.message}</div>
        </div>
      )}
      {isRunning ? (
        <div class="control-row">
          <div class="progress unknown" role="progressbar" aria-label="Reading the source">
            <div />
          </div>
          <button
            type="button"
            class="button"
            onClick={() => (running.current?.abort(), setRunning(false))}
          >
            Cancel
          </button>
        </div>
      ) : (
        !proof && (
          <button type="button" class="button primary" onClick={() => void prove()}>
            {error ? 'Try again' : 'Prove it'}
          </button>
        )
      )}
      {proof && <Proved proof={proof} />}
    </div>
  );
}

function Proved({ proof }: { proof: Verification }): JSX.Element {
  const { verdict, sentence, rows, ms, differences, differ, tolerance, shared, sql } = proof;
  return (
    <>
      <p class={`verdict ${verdict === 'equal' ? 'good' : 'bad'}`}>
        <Icon name={verdict === 'equal' ? 'check' : 'warning'} /> {sentence}
      </p>
      {verdict === 'not compared' ? null : (
        <p class="muted">
          {formatNoun(rows, 'row')} read from the source in {formatDuration(ms / 1000)}.
        </p>
      )}
      {differences.length > 0 && (
        <table class="differences">
          <thead>
            <tr>
              <th>where</th>
              <th>in the picture</th>
              <th>by SQL</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ where, ours, sql: theirs }) => (
              <tr key={where}>
                <td>{where}</td>
                <td class="number">{String(ours)}</td>
                <td class="number">{String(theirs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {differ > differences.length && <p>and {formatCount(differ - differences.length)} more</p>}
      {tolerance.map((words) => (
        <p key={words} class="muted small">
          Tolerance: {words}
        </p>
      ))}
      {shared.map((words) => (
        <p key={words} class="muted small">
          Not proved: {words}
        </p>
      ))}
      {sql.length > 0 && (
        <details>
          <summary>The SQL</summary>
          <CodeBlock label="the SQL of the proof" text={`${sql.join(';\n\n')};`} />
        </details>
      )}
    </>
  );
}
