import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { frameAddress } from '../../data/ask.js';
import { RadioGroup } from '../radio-group.js';
import { api } from '../state/api.js';
import { apiLines, type Taken } from './api-lines.js';
import { CodeBlock } from './code-block.js';
import type { Subject } from './subject.js';

/** How programs get at what is on the screen: addresses, and lines ready to be pasted. */
export function ApiTab({ subject }: { subject: Subject }): JSX.Element {
  const { query, metadata } = subject;
  const [taken, setTaken] = useState<Taken>('rows');
  const [program, setProgram] = useState('curl');
  const absolute = (address: string): string => new URL(address, document.baseURI).href;
  const frame = frameAddress('', query);
  const lines = apiLines(taken, {
    frame: frame === undefined ? undefined : absolute(frame),
    rows: absolute(api.exportUrl(query.dataset, 'parquet', query.filters ?? [], metadata.snapshot)),
    dataset: query.dataset,
  });
  const chosen = lines.find(({ name }) => name === program) ?? lines[0];
  return (
    <>
      <RadioGroup
        label="What to take"
        look="segmented"
        value={taken}
        options={[
          { value: 'rows', content: 'Matching rows' },
          { value: 'picture', content: 'This picture' },
        ]}
        onChoose={setTaken}
      />
      <p class="muted">
        {taken === 'rows'
          ? 'Every row that passes the filters, all columns, as Parquet.'
          : 'The numbers that the picture is made of, as an Arrow stream.'}{' '}
        The address names the snapshot, so it goes on giving the same rows.
      </p>
      {chosen === undefined ? (
        <p>
          The query is too long for an address. Send it as the body of{' '}
          <code>POST api/v1/frame</code>: it stands under “How it was made”.
        </p>
      ) : (
        <>
          <RadioGroup
            label="Program"
            look="segmented"
            value={chosen.name}
            options={lines.map(({ name }) => ({ value: name, content: name }))}
            onChoose={setProgram}
          />
          <CodeBlock label={`lines for ${chosen.name}`} text={chosen.lines} />
          <p class="muted small">
            Where the server asks for a token, send it as the header{' '}
            <code>Authorization: Bearer TOKEN</code>. Leave <code>snapshot</code> out of the query
            for the newest rows.
          </p>
        </>
      )}
    </>
  );
}
