import { expect, test } from 'vitest';
import { sharedZone } from '../../../../client/app/dashboard/shared-zone.js';
import type { View } from '../../../../protocol/address/view.js';
import { column } from '../../../protocol/view/columns-of.js';

const info = {
  rows: 9,
  columns: [
    column('at', { kind: 'time', type: 'TIMESTAMP WITH TIME ZONE', zoned: true }),
    column('delay'),
  ],
};
const chart = (view: Partial<View>, of: typeof info | undefined = info) => ({
  view: { dataset: 'd', ...view },
  info: of,
});
const days = { mark: 'line', x: 'at', y: ['delay'] } as const;
const delays = { mark: 'histogram', x: 'delay' } as const;
const timeZone = 'Europe/Berlin';

test('filters are told in the zone of the charts with instants, whatever the others are', () => {
  expect(sharedZone([chart({ ...days, timeZone }), chart(delays)])).toBe(timeZone);
  expect(sharedZone([chart({ mark: 'rows', timeZone }), chart(delays)])).toBe(timeZone);
});

test('filters are told in UTC where charts do not agree, have no instants or are not known', () => {
  expect(sharedZone([chart({ ...days, timeZone }), chart(days)])).toBeUndefined();
  expect(sharedZone([chart({ ...days, timeZone }), chart({ mark: 'rows' })])).toBeUndefined();
  expect(sharedZone([chart(delays), chart({ ...days, timeZone }, { ...info, columns: [] })])).toBe(undefined); // prettier-ignore
  expect(sharedZone([{ ...chart({ ...days, timeZone }), info: undefined }])).toBeUndefined();
  expect(sharedZone([])).toBeUndefined();
});
