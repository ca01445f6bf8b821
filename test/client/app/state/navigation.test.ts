import { expect, test } from 'vitest';
import { createNavigation, type Browser } from '../../../../client/app/state/navigation.js';

const BASE = 'http://host/base/';

/** A browser with a history, as far as the navigation uses one. */
function browserAt(address: string): Browser & { entries: { url: string; state: unknown }[] } {
  const entries = [{ url: BASE + address, state: null as unknown }];
  let at = 0;
  let listener = (): void => {};
  const go = (step: number): void => {
    at = Math.max(0, Math.min(entries.length - 1, at + step));
    listener();
  };
  return {
    entries,
    document: { baseURI: BASE },
    location: {
      get href() {
        return entries[at]!.url;
      },
    },
    history: {
      get state() {
        return entries[at]!.state;
      },
      pushState(state: unknown, _: string, url: string) {
        entries.splice(++at, Infinity, { url, state });
      },
      replaceState(state: unknown, _: string, url: string) {
        entries[at] = { url, state };
      },
      back: () => go(-1),
      forward: () => go(1),
    },
    addEventListener: (_, popstate) => (listener = popstate),
  };
}

test('the start page has no view, and a view has an address below the base', () => {
  const browser = browserAt('');
  const navigation = createNavigation(browser, () => 0);
  expect(navigation.view.value).toBeNull();
  navigation.commit({ dataset: 'flights', mark: 'scatter' });
  expect(browser.location.href).toBe(`${BASE}explore/flights?mark=scatter`);
  navigation.commit(null);
  expect(browser.location.href).toBe(BASE);
});

test('undo goes back through what was committed, and redo forward again', () => {
  const navigation = createNavigation(browserAt('explore/a'), () => 0);
  expect(navigation.canUndo.value).toBe(false);
  navigation.commit({ dataset: 'a', x: '1' });
  navigation.commit({ dataset: 'a', x: '2' });
  navigation.undo();
  expect(navigation.view.value).toEqual({ dataset: 'a', x: '1' });
  navigation.redo();
  expect(navigation.view.value).toEqual({ dataset: 'a', x: '2' });
  navigation.undo();
  navigation.undo();
  expect(navigation.view.value).toEqual({ dataset: 'a' });
  expect(navigation.canUndo.value).toBe(false);
});

test('a whole drag is one step of undo, back to where it began', () => {
  const browser = browserAt('explore/a');
  let clock = 0;
  const navigation = createNavigation(browser, () => clock);
  for (let step = 1; step <= 50; step++) {
    clock += 16;
    navigation.drag({ dataset: 'a', xDomain: ['0', String(step)] });
  }
  navigation.commit({ dataset: 'a', xDomain: ['0', '50'], color: 'c' });
  expect(browser.entries.map((entry) => entry.url.slice(BASE.length))).toEqual([
    'explore/a',
    'explore/a?xr=0,50',
    'explore/a?color=c&xr=0,50',
  ]);
  navigation.undo();
  navigation.undo();
  expect(navigation.view.value).toEqual({ dataset: 'a' });
});

test('committing what is already there adds no step', () => {
  const browser = browserAt('explore/a?x=1');
  const navigation = createNavigation(browser, () => 0);
  navigation.commit({ dataset: 'a', x: '1' });
  expect(browser.entries).toHaveLength(1);
});

test('faults are told until the next choice', () => {
  const navigation = createNavigation(browserAt('explore/a?mark=pie'), () => 0);
  expect(navigation.faults.value.map((fault) => fault.parameter)).toEqual(['mark']);
  navigation.commit({ dataset: 'a', mark: 'bar' });
  expect(navigation.faults.value).toEqual([]);
});

/** A navigation whose entries wait for a picture that comes when it is told to. */
function setUpWaiting() {
  const browser = browserAt('explore/a');
  const waiting: (() => void)[] = [];
  const navigation = createNavigation(
    browser,
    () => 0,
    (run) => void waiting.push(run),
  );
  const addresses = (): string[] => browser.entries.map(({ url }) => url.slice(BASE.length));
  return { browser, navigation, addresses, picture: () => waiting.splice(0).forEach((go) => go()) };
}

test('a choice is seen at once, and its entry is written with the picture', () => {
  const { navigation, addresses, picture } = setUpWaiting();
  navigation.commit({ dataset: 'a', x: '1' });
  expect(navigation.view.value).toEqual({ dataset: 'a', x: '1' });
  expect(addresses()).toEqual(['explore/a']);
  picture();
  picture();
  expect(addresses()).toEqual(['explore/a', 'explore/a?x=1']);
});

test('a second choice before the first picture still makes an entry for each', () => {
  const { navigation, addresses, picture } = setUpWaiting();
  navigation.commit({ dataset: 'a', x: '1' });
  navigation.commit({ dataset: 'a', x: '2' });
  navigation.drag({ dataset: 'a', x: '2', xDomain: ['0', '1'] });
  picture();
  expect(addresses()).toEqual([
    'explore/a',
    'explore/a?x=1',
    'explore/a?x=2',
    'explore/a?x=2&xr=0,1',
  ]);
});

test('undo before the picture takes the choice back that is not written yet', () => {
  const { navigation, picture } = setUpWaiting();
  navigation.commit({ dataset: 'a', x: '1' });
  expect(navigation.canUndo.value).toBe(true);
  navigation.undo();
  picture();
  expect(navigation.view.value).toEqual({ dataset: 'a' });
});

test('whoever goes back in the browser before the picture leaves the choice behind', () => {
  const { browser, navigation, addresses, picture } = setUpWaiting();
  navigation.commit({ dataset: 'a', x: '1' });
  picture();
  navigation.commit({ dataset: 'a', x: '2' });
  browser.history.back();
  picture();
  expect(navigation.view.value).toEqual({ dataset: 'a' });
  expect(addresses()).toEqual(['explore/a', 'explore/a?x=1']);
});

test('what the data change in a view is no step of undo', () => {
  const browser = browserAt('explore/a');
  const navigation = createNavigation(browser, () => 0);
  navigation.commit({ dataset: 'a', xDomain: ['1', '2'] });
  navigation.revise({ dataset: 'a', xDomain: ['3', '4'] });
  navigation.revise({ dataset: 'a', xDomain: ['5', '6'] });
  expect(browser.location.href).toBe(`${BASE}explore/a?xr=5,6`);
  expect(browser.entries).toHaveLength(2);
  navigation.undo();
  expect(navigation.view.value).toEqual({ dataset: 'a' });
});
