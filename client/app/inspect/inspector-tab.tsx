import type { ComponentChildren, JSX } from 'preact';
import { formatBytes, formatCount } from '../format.js';
import { CodeBlock } from './code-block.js';
import { stagesOf } from './stages.js';
import type { Subject } from './subject.js';

/** How the picture came to be: query, plan, rows, bytes and time. */
export function InspectorTab({ subject }: { subject: Subject }): JSX.Element {
  const { query, metadata, plan, bytes } = subject;
  const { rows } = metadata;
  return (
    <>
      <Times subject={subject} />
      <dl class="facts">
        <Fact name="Plan">
          {plan ? (
            <>
              <b>{plan.tier}</b>: {plan.reason}
            </>
          ) : (
            'from this browser’s memory'
          )}
        </Fact>
        {plan && (
          <Fact name="Touched">
            {formatCount(plan.rowsTouched)} rows, {formatBytes(plan.bytesTouched)}
          </Fact>
        )}
        <Fact name="Rows">
          {formatCount(rows.total)} in all, {formatCount(rows.matched)} match,{' '}
          {formatCount(rows.drawn)} drawn, {formatCount(rows.outside)} outside,{' '}
          {formatCount(rows.dropped)} without a place
        </Fact>
        <Fact name="Sent">
          {formatCount(metadata.marks)} marks in {formatBytes(bytes)} of Arrow
        </Fact>
        <Fact name="Method">
          {metadata.method}, {metadata.exact ? 'exact' : `not exact: ${metadata.bound ?? ''}`}
        </Fact>
        <Fact name="Snapshot">{metadata.snapshot}</Fact>
      </dl>
      <h3>Query</h3>
      <CodeBlock label="the query as JSON" text={JSON.stringify(query, null, 2)} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** A bar of the stages, each as wide as it is long, and what they are. */
function Times({ subject }: { subject: Subject }): JSX.Element | null {
  const stages = stagesOf(subject);
  if (stages.length === 0) return null;
  return (
    <figure class="stages" aria-label="Time by stages">
      <div class="stages-bar" aria-hidden="true">
        {stages.map(({ name, ms }) => (
          <span key={name} data-stage={name} style={{ flexGrow: Math.max(ms, 0.01) }} />
        ))}
      </div>
      <dl>
        {stages.map(({ name, ms }) => (
          <div key={name} data-stage={name}>
            <dt>{name}</dt>
            <dd class="number">{ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
