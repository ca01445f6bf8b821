import { useEffect } from 'preact/hooks';
import { useStore } from '../store.js';
import type { DashboardState } from './dashboard-state.js';

/** On a screen on the wall: turns the pages at the pace of the address; Escape leaves. */
export function useKiosk(state: DashboardState): void {
  const { navigation } = useStore();
  const { kiosk, cycle } = state.view.value;
  useEffect(() => {
    document.documentElement.toggleAttribute('data-kiosk', kiosk === true);
    if (!kiosk) return undefined;
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      state.change((view) => {
        const { kiosk: _, cycle: __, ...rest } = view;
        return rest;
      });
    };
    document.addEventListener('keydown', leave);
    return () => {
      document.removeEventListener('keydown', leave);
      document.documentElement.removeAttribute('data-kiosk');
    };
  }, [kiosk, state]);
  useEffect(() => {
    if (!kiosk || cycle === undefined || state.pages.length < 2) return undefined;
    const timer = setInterval(() => {
      const { pages } = state;
      const at = pages.indexOf(state.page.peek());
      const next = pages[(at + 1) % pages.length]!;
      navigation.replace({ page: 'dashboard', view: { ...state.view.peek(), page: next.name } });
    }, cycle * 1000);
    return () => clearInterval(timer);
  }, [kiosk, cycle, state]);
}
