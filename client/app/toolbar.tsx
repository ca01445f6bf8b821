import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { DownloadMenu } from './download-menu.js';
import { PictureMenu } from './inspect/picture-menu.js';
import { Icon } from './icon.js';
import { lazy } from './lazy.js';
import { edit } from './state/edit.js';
import { useStore } from './store.js';
import { ThemeTool } from './theme-tool.js';
import { Tool } from './tool.js';
import { copyLink, fitView, savePicture } from './actions.js';

const HelpDialog = lazy(async () => (await import('./help.js')).HelpDialog);

/** What can be done with the picture as a whole. */
export function Toolbar(): JSX.Element {
  const store = useStore();
  const { navigation, plot } = store;
  const [help, setHelp] = useState(false);
  const view = navigation.view.value;
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
            keys="with Shift SVG"
            disabled={!drawn || drawn.mark === 'rows'}
            onClick={(event) => void savePicture(store, event.shiftKey ? 'svg' : 'png')}
          />
          <DownloadMenu />
          <PictureMenu label="More about this picture" />
          <Tool
            icon="link"
            label="Copy link"
            class="link-tool"
            onClick={() => void copyLink(store)}
          />
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
