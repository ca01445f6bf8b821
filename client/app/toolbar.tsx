import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { HelpDialog } from './help.js';
import { Icon, type IconName } from './icon.js';
import { api } from './state/api.js';
import { edit } from './state/edit.js';
import type { Theme } from './state/preferences.js';
import { useStore } from './store.js';
import { copyLink, fitView, savePicture } from './actions.js';

const THEMES: readonly { theme: Theme; icon: IconName; label: string }[] = [
  { theme: 'system', icon: 'system', label: 'as the system' },
  { theme: 'light', icon: 'sun', label: 'light' },
  { theme: 'dark', icon: 'moon', label: 'dark' },
];

/** What can be done with the picture as a whole. */
export function Toolbar(): JSX.Element {
  const store = useStore();
  const { navigation, plot, dataset, snapshot } = store;
  const [help, setHelp] = useState(false);
  const view = navigation.view.value;
  const info = dataset.value;
  const drawn = plot.value;
  return (
    <div class="toolbar" role="toolbar" aria-label="Actions">
      {view && (
        <>
          <Tool
            icon="undo"
            label="Undo"
            keys="Ctrl Z"
            disabled={!navigation.canUndo.value}
            onClick={() => navigation.undo()}
          />
          <Tool
            icon="fit"
            label="Fit"
            keys="0"
            disabled={!drawn || (!view.xDomain && !view.yDomain)}
            onClick={() => fitView(store)}
          />
          <span class="divider" />
          <Tool
            icon="image"
            label="Save PNG"
            disabled={!drawn || drawn.mark === 'rows'}
            onClick={() => void savePicture(store)}
          />
          <a
            class="button quiet icon"
            title="Download the matching rows as CSV"
            aria-label="Download CSV"
            aria-disabled={!info || info.status !== 'ready'}
            href={
              info?.status === 'ready'
                ? api.exportUrl(info.name, drawn?.filters ?? [], snapshot.value)
                : undefined
            }
            download={info ? `${info.name}.csv` : undefined}
          >
            <Icon name="download" />
          </a>
          <Tool icon="link" label="Copy link" onClick={() => void copyLink(store)} />
          <span class="divider" />
        </>
      )}
      <ThemeTool />
      <Tool icon="help" label="Help" keys="?" onClick={() => setHelp(true)} />
      {help && <HelpDialog onClose={() => setHelp(false)} />}
      {view?.snapshot && (
        <button
          type="button"
          class="badge accent"
          title="This link is pinned to a snapshot. Click for the newest data."
          onClick={() => navigation.commit(edit(view, { snapshot: undefined }))}
        >
          pinned <Icon name="close" size={12} />
        </button>
      )}
    </div>
  );
}

function Tool({
  icon,
  label,
  keys,
  disabled = false,
  onClick,
}: {
  icon: IconName;
  label: string;
  keys?: string;
  disabled?: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="button quiet icon"
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

function ThemeTool(): JSX.Element {
  const { theme } = useStore().preferences;
  const at = THEMES.findIndex((each) => each.theme === theme.value);
  const next = THEMES[(at + 1) % THEMES.length]!;
  return (
    <Tool
      icon={THEMES[at]!.icon}
      label={`Theme: ${THEMES[at]!.label}. Change to ${next.label}`}
      onClick={() => (theme.value = next.theme)}
    />
  );
}
