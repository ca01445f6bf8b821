import { effect, signal, type Signal } from '@preact/signals';

export type Theme = 'light' | 'dark' | 'system';

/** What a person prefers on this machine, whatever the data; it outlives the tab and never enters a link. */
export interface Preferences {
  theme: Signal<Theme>;
  panelOpen: Signal<boolean>;
  tableOpen: Signal<boolean>;
  /** The share of the height that the table takes. */
  tableShare: Signal<number>;
  shortcuts: Signal<boolean>;
}

/** Opens the preferences in `storage`, under keys that begin with the app and its base path. */
export function openPreferences(storage: Storage | undefined, basePath: string): Preferences {
  function stored<T>(name: string, fallback: T, isValid: (value: unknown) => boolean): Signal<T> {
    const key = `halftone:${basePath}:${name}`;
    const preference = signal(readStored(storage, key, fallback, isValid));
    effect(() => {
      const { value } = preference;
      // A full or forbidden storage costs the memory, not the page.
      try {
        if (value === fallback) storage?.removeItem(key);
        else storage?.setItem(key, JSON.stringify(value));
      } catch {}
    });
    return preference;
  }
  const isFlag = (value: unknown): boolean => typeof value === 'boolean';
  return {
    theme: stored<Theme>('theme', 'system', (value) =>
      ['light', 'dark', 'system'].includes(value as string),
    ),
    panelOpen: stored('panel', true, isFlag),
    tableOpen: stored('table', true, isFlag),
    tableShare: stored(
      'table-share',
      0.34,
      (value) => typeof value === 'number' && value > 0.1 && value < 0.9,
    ),
    shortcuts: stored('shortcuts', true, isFlag),
  };
}

function readStored<T>(
  storage: Storage | undefined,
  key: string,
  fallback: T,
  isValid: (value: unknown) => boolean,
): T {
  try {
    const text = storage?.getItem(key);
    const value: unknown = text == null ? undefined : JSON.parse(text);
    return isValid(value) ? (value as T) : fallback;
  } catch {
    return fallback;
  }
}
