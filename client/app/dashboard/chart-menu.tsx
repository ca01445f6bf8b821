import type { JSX } from 'preact';
import { fitView, savePicture } from '../actions.js';
import { PictureMenu } from '../inspect/picture-menu.js';
import { takesLasso } from '../picture/tools.js';
import { useStore } from '../store.js';
import type { DashboardState } from './dashboard-state.js';

/** What can be done with one chart of a dashboard. */
export function ChartMenu({
  state,
  id,
  title,
}: {
  state: DashboardState;
  id: string;
  title: string;
}): JSX.Element {
  const store = useStore();
  const { picture, navigation, plot, tool } = store;
  const isLarge = state.large.value === id;
  return (
    <PictureMenu label={`Menu of ${title}`}>
      {(close) => (
        <>
          <button
            type="button"
            onClick={() => {
              state.large.value = isLarge ? null : id;
              close();
            }}
          >
            {isLarge ? 'Back to its size' : 'Enlarge'}
          </button>
          {plot.value && takesLasso(plot.value) && (
            <button
              type="button"
              onClick={() => {
                tool.value = tool.value === 'lasso' ? 'move' : 'lasso';
                close();
              }}
            >
              {tool.value === 'lasso' ? 'Move by a drag' : 'Select by lasso'}
            </button>
          )}
          <a href={navigation.href(navigation.view.value)}>Explore on its own page</a>
          {picture.value && (
            <button
              type="button"
              onClick={() => {
                fitView(store);
                close();
              }}
            >
              Fit
            </button>
          )}
          {picture.value && (
            <button
              type="button"
              onClick={() => {
                void savePicture(store);
                close();
              }}
            >
              Save PNG
            </button>
          )}
        </>
      )}
    </PictureMenu>
  );
}
