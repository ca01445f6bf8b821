import type { JSX } from 'preact';
import type { PlacedPage } from '../../../protocol/dashboard/pages.js';
import { formatPlace } from '../state/place.js';
import { useStore } from '../store.js';
import type { DashboardState } from './dashboard-state.js';

/** The pages of a dashboard; each is a link of its own. */
export function PageTabs({ state }: { state: DashboardState }): JSX.Element | null {
  const { navigation } = useStore();
  const { pages } = state;
  if (pages.length < 2) return null;
  const placeOf = ({ name }: PlacedPage) => {
    const { page: _, ...view } = state.view.value;
    return {
      page: 'dashboard' as const,
      view: name === pages[0]!.name ? view : { ...view, page: name },
    };
  };
  return (
    <nav class="tabs" aria-label="Pages">
      {pages.map((page) => (
        <a
          key={page.name}
          href={formatPlace(placeOf(page))}
          aria-current={page === state.page.value ? 'page' : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            navigation.go(placeOf(page));
          }}
        >
          {page.title || page.name}
        </a>
      ))}
    </nav>
  );
}
