import { useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { Menu } from '../menu.js';
import { useStore } from '../store.js';
import { ApiDialog } from './api-dialog.js';
import { CompareDialog } from './compare-dialog.js';
import { InspectorDialog } from './inspector-dialog.js';
import { LinksDialog } from './links-dialog.js';
import { ProveDialog } from './prove-dialog.js';
import { YamlDialog } from './yaml-dialog.js';

const DIALOGS = {
  prove: { words: 'Prove it…', Dialog: ProveDialog },
  compare: { words: 'Compare…', Dialog: CompareDialog },
  inspect: { words: 'Inspector…', Dialog: InspectorDialog },
  api: { words: 'Use it elsewhere…', Dialog: ApiDialog },
  links: { words: 'Links…', Dialog: LinksDialog },
  yaml: { words: 'Save as YAML…', Dialog: YamlDialog },
} as const;
type DialogName = keyof typeof DIALOGS;

/** What can be asked about a picture, and how it is taken away: a menu that opens to dialogs. */
export function PictureMenu({
  label,
  children,
}: {
  label: string;
  /** Other entries, above. */
  children?: (close: () => void) => ComponentChildren;
}): JSX.Element {
  const { plot } = useStore();
  const [open, setOpen] = useState<DialogName>();
  const mark = plot.value?.mark;
  const isFit = (name: DialogName): boolean =>
    mark !== undefined &&
    !(mark === 'rows' && (name === 'prove' || name === 'compare' || name === 'inspect'));
  const Opened = open && DIALOGS[open].Dialog;
  return (
    <>
      <Menu icon="more" label={label}>
        {(close) => (
          <>
            {children?.(close)}
            {(Object.keys(DIALOGS) as DialogName[]).filter(isFit).map((name) => (
              <button
                key={name}
                type="button"
                onClick={() => {
                  close();
                  setOpen(name);
                }}
              >
                {DIALOGS[name].words}
              </button>
            ))}
          </>
        )}
      </Menu>
      {Opened && <Opened onClose={() => setOpen(undefined)} />}
    </>
  );
}
