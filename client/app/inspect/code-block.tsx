import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { toClipboard } from '../clipboard.js';

/** Text to be taken away as it is, with a button that copies it. */
export function CodeBlock({ label, code }: { label: string; code: string }): JSX.Element {
  const [copied, setCopied] = useState<boolean>();
  return (
    <figure class="code-block">
      <figcaption>
        <span>{label}</span>
        <button
          type="button"
          class="button quiet small"
          aria-label={`Copy ${label}`}
          onClick={() => void toClipboard(code).then(setCopied)}
        >
          {copied === undefined ? 'Copy' : copied ? 'Copied' : 'Mark and copy it'}
        </button>
      </figcaption>
      {/* It can scroll, so it can be focused. */}
      <pre tabIndex={0} aria-label={label}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}
