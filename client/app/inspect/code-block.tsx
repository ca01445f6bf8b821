import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { toClipboard } from '../clipboard.js';

/** Text to be taken elsewhere, with a button that copies it. */
export function CodeBlock({ label, text }: { label: string; text: string }): JSX.Element {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    setSaid((await toClipboard(text)) ? 'Copied' : 'Select and copy by hand');
  };
  return (
    <div class="code">
      {/* It scrolls, so it has to be reached by Tab. */}
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <button
        type="button"
        class="button small"
        aria-label={`Copy: ${label}`}
        onClick={() => void copy()}
        onBlur={() => setSaid('')}
      >
        {said || 'Copy'}
      </button>
      <span class="sr-only" role="status">
        {said}
      </span>
    </div>
  );
}
