import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { frameAddress } from '../../data/ask.js';
import { Dialog } from '../dialog.js';
import { RadioGroup } from '../radio-group.js';
import { api } from '../state/api.js';
import { useStore } from '../store.js';
import { CodeBlock } from './code-block.js';
import { frameSnippets, rowSnippets } from './snippets.js';
import '../../styles/inspect.css';

/** The very address that the picture came from, and ready lines that read it, or the matching rows, in other programs. */
export function ApiDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { asked, plot, dataset, snapshot } = useStore();
  const [what, setWhat] = useState<'frame' | 'rows'>(asked.value !== undefined ? 'frame' : 'rows');
  const [program, setProgram] = useState('curl');
  const base = document.baseURI;
  const query = asked.value?.query;
  const picture = query && frameAddress(base, query);
  const rows = new URL(
    api.exportUrl(dataset.value!.name, 'parquet', plot.value?.filters ?? [], snapshot.value),
    base,
  ).href;
  const address = what === 'rows' ? rows : picture;
  const snippets =
    address === undefined ? [] : what === 'rows' ? rowSnippets(address) : frameSnippets(address);
  const chosen = snippets.find(({ name }) => name === program) ?? snippets[0];
  return (
    <Dialog title="Use it elsewhere" wide onClose={onClose}>
      <RadioGroup
        label="What"
        look="segmented"
        value={what}
        options={[
          { value: 'frame', content: 'What is drawn' },
          { value: 'rows', content: 'The matching rows' },
        ]}
        onChoose={setWhat}
      />
      {address === undefined || !chosen ? (
        <p class="muted">
          {query
            ? 'This question is too long for an address: send it as the body of POST api/v1/frame.'
            : 'There is no picture yet.'}
        </p>
      ) : (
        <>
          <CodeBlock label="Address" code={address} />
          <RadioGroup
            label="Program"
            look="segmented"
            value={chosen.name}
            options={snippets.map(({ name }) => ({ value: name, content: name }))}
            onChoose={setProgram}
          />
          <CodeBlock label={chosen.name} code={chosen.code} />
          <p class="muted small">
            {what === 'rows' || query?.snapshot !== undefined
              ? 'The address names a snapshot: it gives the same bytes as long as that is kept. '
              : ''}
            Where a token is in force, send it as <code>Authorization: Bearer</code>. See{' '}
            <a href="docs">the description of the API</a>.
          </p>
        </>
      )}
      {what === 'frame' && query && (
        <CodeBlock label="Query" code={JSON.stringify(query, null, 2)} />
      )}
    </Dialog>
  );
}
