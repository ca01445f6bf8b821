import { expect, test } from 'vitest';
import { unusedParts, type DashboardNames } from '../../../../client/app/dashboard/unused-parts.js';
import { parseDashboardAddress } from '../../../../protocol/dashboard/address.js';

const names = {
  charts: new Set(['delays', '__proto__']),
  datasets: new Set(['flights']),
  columns: new Set(['origin']),
};
const unused = (query: string, known: DashboardNames = names) =>
  unusedParts(parseDashboardAddress(`d/flights?${query}`)!.view, known);

test('what a dashboard has is used', () => {
  expect(unused('')).toEqual([]);
  expect(unused('f.origin=ATL&xr.delays=0,9&hide.delays=a&snap.flights=1&p.flights=a=1')).toEqual(
    [],
  );
});

test('charts, columns and datasets that it has not are told, each once', () => {
  const selection = encodeURIComponent('[{"op":"range","column":"origin","min":0}]');
  expect(
    unused(
      `f.nothing=1&s.gone=${selection}&xr.gone=0,1&yr.gone=0,1&vs.constructor=rest&snap.old=1`,
    ),
  ).toEqual([
    'f.nothing: there is no column “nothing” on this dashboard',
    's.gone: there is no chart “gone” on this dashboard',
    'xr.gone: there is no chart “gone” on this dashboard',
    'vs.constructor: there is no chart “constructor” on this dashboard',
    'snap.old: there is no dataset “old” on this dashboard',
  ]);
});

test('columns are not missed before they are known', () => {
  expect(unused('f.nothing=1', { ...names, columns: undefined })).toEqual([]);
});
