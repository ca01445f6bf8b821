import type { JSX } from 'preact';
import { savePicture } from '../actions.js';
import { Menu } from '../menu.js';
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
  const view = store.navigation.view.value!;
  const isLarge = state.large.value === id;
  return (
    <Menu icon="more" label={`Menu of ${title}`}>
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
          <a href={store.navigation.href(view)}>Explore on its own page</a>
          <button
            type="button"
            onClick={() => {
              void savePicture(store);
              close();
            }}
          >
            Save PNG
          </button>
        </>
      )}
    </Menu>
  );
}
