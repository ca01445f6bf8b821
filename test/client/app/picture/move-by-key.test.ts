import { expect, test } from 'vitest';
import { moveByKey } from '../../../../client/app/picture/move-by-key.js';
import type { Store } from '../../../../client/app/store.js';
import type { View } from '../../../../protocol/address/view.js';
import { resolvePlot } from '../../../../protocol/view/resolve-plot.js';
import { column } from '../../../protocol/view/columns-of.js';

const columns = [column('delay', { min: 3, max: 101 }), column('fare', { min: 0, max: 50 })];

/** Presses a key on the chart of a view whose axis goes from `low` to `high` on the screen. */
function moved(key: string, view: View, [low, high]: [number, number] = [0, 120]): View {
  let changed = view;
  const store = {
    shown: { value: null },
    picture: { value: { domain: () => ({ x: [low, high] }) } },
    change: (edit: Parameters<Store['change']>[0]) =>
      (changed = edit(view, resolvePlot(view, { columns, rows: 100 }))),
  } as unknown as Store;
  expect(moveByKey(store, key)).toBe(true);
  return changed;
}

test('a histogram moves from where its bins end, which all are whole', () => {
  const view: View = { dataset: 'd', mark: 'histogram', x: 'delay' };
  expect(moved('ArrowRight', view).xDomain).toEqual(['12', '132']);
  expect(moved('-', view).xDomain).toEqual(['-12', '132']);
});

test('an axis that was chosen moves from its own ends', () => {
  const view: View = { dataset: 'd', mark: 'histogram', x: 'delay', xDomain: ['10', '20'] };
  expect(moved('ArrowLeft', view).xDomain).toEqual(['9', '19']);
  const scatter: View = { ...view, mark: 'scatter', y: ['fare'], yDomain: ['0', '10'] };
  expect(moved('ArrowUp', scatter)).toMatchObject({ xDomain: ['10', '20'], yDomain: ['1', '11'] });
});

test('other keys are no moves', () => {
  expect(moveByKey({} as Store, 'x')).toBe(false);
});
