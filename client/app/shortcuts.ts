import { useEffect } from 'preact/hooks';
import { fitView } from './actions.js';
import type { Store } from './store.js';
import { DataTable } from './table/lazy-table.js';

/** Keys of the whole page. Single letters can be switched off, and never act while somebody types. */
export function useShortcuts(store: Store): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (
        event.defaultPrevented ||
        isTyping(event.target) ||
        document.querySelector('dialog[open]')
      )
        return;
      const { navigation, preferences, panelOpen, datasets } = store;
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && key === 'z') {
        if (event.shiftKey) navigation.redo();
        else navigation.undo();
        event.preventDefault();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || !preferences.shortcuts.value) return;
      const act: Record<string, () => void> = {
        '?': () => document.querySelector<HTMLElement>('[aria-label="Help"]')?.click(),
        '0': () => fitView(store),
        p: () => {
          const { dataset } = navigation.view.value!;
          if (datasets.isPaused(dataset)) datasets.resume(dataset);
          else datasets.pause(dataset);
        },
        f: () => {
          panelOpen.value = true;
          setTimeout(() => document.querySelector<HTMLElement>('.filter-head button')?.focus());
        },
        t: () => {
          void DataTable.preload().then(() => {
            preferences.tableOpen.value = true;
            setTimeout(() => document.querySelector<HTMLElement>('[role=grid]')?.focus());
          });
        },
      };
      if (!act[key] || (key !== '?' && !navigation.view.value)) return;
      event.preventDefault();
      act[key]();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [store]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return target.type !== 'checkbox' && target.type !== 'radio';
  return (
    target instanceof HTMLSelectElement ||
    target instanceof HTMLTextAreaElement ||
    target.isContentEditable
  );
}
