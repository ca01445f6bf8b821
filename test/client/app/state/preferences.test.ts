import { expect, test } from 'vitest';
import { openPreferences } from '../../../../client/app/state/preferences.js';

/** A storage as browsers have it, as far as preferences use one. */
function storageOf(entries: Record<string, string> = {}): Storage & { map: Map<string, string> } {
  const map = new Map(Object.entries(entries));
  return {
    map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  } as Storage & { map: Map<string, string> };
}

test('what is preferred is stored under the app and its path, and defaults are not', () => {
  const storage = storageOf();
  const preferences = openPreferences(storage, '/viz/');
  expect(storage.map.size).toBe(0);
  preferences.theme.value = 'dark';
  expect([...storage.map]).toEqual([['halftone:/viz/:theme', '"dark"']]);
  expect(openPreferences(storage, '/viz/').theme.value).toBe('dark');
  expect(openPreferences(storage, '/other/').theme.value).toBe('system');
  preferences.theme.value = 'system';
  expect(storage.map.size).toBe(0);
});

test('nonsense in the storage, or no storage at all, gives the defaults', () => {
  const storage = storageOf({
    'halftone:/:theme': '"pink"',
    'halftone:/:table-share': '{',
    'halftone:/:panel': '1',
  });
  const preferences = openPreferences(storage, '/');
  expect([
    preferences.theme.value,
    preferences.tableShare.value,
    preferences.panelOpen.value,
  ]).toEqual(['system', 0.34, true]);
  expect(openPreferences(undefined, '/').theme.value).toBe('system');
});
