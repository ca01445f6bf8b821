import { useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { lazy } from '../lazy.js';
import { Menu } from '../menu.js';
import { useStore } from '../store.js';

const DIALOGS = {
  prove: {
    words: 'Prove it…',
    Dialog: lazy(async () => (await import('./prove-dialog.js')).ProveDialog),
  },
  compare: {
    words: 'Compare…',
    Dialog: lazy(async () => (await import('./compare-dialog.js')).CompareDialog),
  },
  inspect: {
    words: 'Inspector…',
    Dialog: lazy(async () => (await import('./inspector-dialog.js')).InspectorDialog),
  },
  api: {
    words: 'Use it elsewhere…',
    Dialog: lazy(async () => (await import('./api-dialog.js')).ApiDialog),
  },
  links: {
    words: 'Links…',
    Dialog: lazy(async () => (await import('./links-dialog.js')).LinksDialog),
  },
  yaml: {
    words: 'Save as YAML…',
    Dialog: lazy(async () => (await import('./yaml-dialog.js')).YamlDialog),
  },
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
