import type { JSX } from 'preact';
import { formatAddress } from '../../../protocol/address/address.js';
import { Dialog } from '../dialog.js';
import { useStore } from '../store.js';
import { CodeBlock } from './code-block.js';
import '../../styles/inspect.css';

/** Links to the picture: to the newest data, to the data as they are now, and for a page of one's own. */
export function LinksDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { navigation, snapshot } = useStore();
  const { snapshot: _, ...view } = navigation.view.value!;
  const urlOf = (address: string): string => new URL(address, document.baseURI).href;
  const live = urlOf(formatAddress(view));
  const pinned =
    snapshot.value === null
      ? undefined
      : urlOf(formatAddress({ ...view, snapshot: snapshot.value }));
  const script = urlOf('embed/elements.js');
  return (
    <Dialog title="Links" wide onClose={onClose}>
      <CodeBlock label="Live: shows the newest data" code={live} />
      {pinned !== undefined && (
        <CodeBlock
          label="Pinned: shows these very rows, as long as the snapshot is kept"
          code={pinned}
        />
      )}
      <CodeBlock
        label="Embed: in a page of your own"
        code={`<script type="module" src="${escaped(script)}"></script>\n<halftone-chart src="${escaped(live)}"></halftone-chart>`}
      />
      <CodeBlock
        label="Frame: where no script may run"
        code={`<iframe src="${escaped(live)}" width="800" height="600"></iframe>`}
      />
      <p class="muted small">
        Another page may show it where the server allows its origin: see <code>allowOrigins</code>{' '}
        and <code>frameAncestors</code> of the configuration.
      </p>
    </Dialog>
  );
}

/** An address within an attribute of HTML. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
