import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { SELECT_MESSAGE, type SelectMessage } from '../../embed/select-message.js';
import type { DashboardState } from './dashboard-state.js';

/**
 * Tells the page around a dashboard in a frame what is selected: filters, never rows. Who may frame the page is said by the server
 * (`frameAncestors`), so no other page hears it.
 */
export function useTellHost(state: DashboardState): void {
  useEffect(() => {
    if (globalThis.parent === globalThis.window) return undefined;
    return effect(() => {
      const chosen = Object.entries(state.view.value.selections ?? {});
      const selections = chosen.flatMap(([chart, filters]) => {
        const dataset = state.charts.find(({ id }) => id === chart)?.item.chart?.dataset;
        return dataset === undefined ? [] : [{ chart, dataset, filters }];
      });
      const message: SelectMessage = { type: SELECT_MESSAGE, selections };
      globalThis.parent.postMessage(message, '*');
    });
  }, [state]);
}
