import type { JSX } from 'preact';
import { Icon } from './icon.js';

/** What could not be used, as a list under a line; nothing where there is none. */
export function FaultNote({
  faults,
  lead = 'Parts of this link were ignored:',
}: {
  faults: readonly string[];
  lead?: string;
}): JSX.Element | null {
  if (faults.length === 0) return null;
  return (
    <div class="note warn" role="status">
      <Icon name="warning" />
      <div>
        {lead}
        <ul tabIndex={0} aria-label={lead}>
          {faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}
