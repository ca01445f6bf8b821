import { expect, test } from 'vitest';
import type { AddressDomain, View } from '../../../../protocol/address/view.js';
import type { Dashboard } from '../../../../protocol/dashboard.js';
import { movedAxes } from '../../../../client/app/dashboard/moved-axes.js';

const dashboard: Dashboard = {
  linkedAxes: [
    ['delays.x', 'map.x', 'days.y'],
    ['delays.y', 'map.y'],
  ],
};
const base: View = { dataset: 'flights' };
const near: AddressDomain = ['0', '10'];
const far: AddressDomain = ['50', '90'];
const move = (axes: Parameters<typeof movedAxes>[1], before: View, next: View, id = 'delays') =>
  movedAxes(dashboard, axes, { id, base, before, next });

test('an axis that is moved takes those that are linked to it along, on whichever side they are', () => {
  const axes = move({}, base, { ...base, xDomain: near });
  expect(axes).toEqual({
    delays: { xDomain: near },
    map: { xDomain: near },
    days: { yDomain: near },
  });
});

test('an axis that is not linked, and one that is not moved, leave the others where they are', () => {
  const own = { map: { xDomain: far }, days: { xDomain: far } };
  expect(move(own, base, { ...base, xDomain: near }, 'days')).toEqual({
    map: { xDomain: far },
    days: { xDomain: near },
  });
  const before: View = { ...base, xDomain: near };
  expect(move({ ...own, delays: { xDomain: near } }, before, { ...before, yDomain: far })).toEqual({
    map: { xDomain: far, yDomain: far },
    days: { xDomain: far },
    delays: { xDomain: near, yDomain: far },
  });
});

test('an axis that is fitted again lets the others go, each to where its own chart has it', () => {
  const moved = move({}, base, { ...base, xDomain: near });
  expect(move(moved, { ...base, xDomain: near }, base)).toEqual({});
});
