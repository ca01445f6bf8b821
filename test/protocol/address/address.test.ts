import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../../../protocol/address/address.js';
import {
  BAR_ORDERS,
  RENDERERS,
  type AddressFilter,
  type View,
} from '../../../protocol/address/view.js';
import { OPACITIES, PALETTES, SHADES, SIZES, STROKES } from '../../../protocol/view/shading.js';
import { CALENDAR_UNITS, MARKS, METHODS, SCALES } from '../../../protocol/query.js';

const viewOf = (address: string): View | undefined => parseAddress(address)?.view;
const filtersOf = (query: string): readonly AddressFilter[] | undefined =>
  viewOf(`explore/flights?${query}`)?.filters;

describe('parseAddress', () => {
  test('reads the example of the contract', () => {
    expect(
      parseAddress(
        'explore/DATASET?mark=scatter&x=distance&y=delay&color=origin&xr=0,3000&yr=-60,240' +
          '&f.origin=ATL,LAS&f.delay=5..90&snap=2026-01',
      ),
    ).toEqual({
      faults: [],
      view: {
        dataset: 'DATASET',
        mark: 'scatter',
        x: 'distance',
        y: ['delay'],
        color: 'origin',
        xDomain: ['0', '3000'],
        yDomain: ['-60', '240'],
        filters: [
          { op: 'in', column: 'origin', values: ['ATL', 'LAS'] },
          { op: 'range', column: 'delay', min: '5', max: '90' },
        ],
        snapshot: '2026-01',
      },
    });
  });

  test('is null for every page but the explorer', () => {
    for (const page of ['', '?x=1', 'explore', 'explore/', 'explorer/flights', 'docs']) {
      expect(parseAddress(page), page).toBeNull();
    }
  });

  test('refuses sizes, opacities and widths that cannot be drawn', () => {
    for (const part of [
      'size=0',
      'size=21',
      'size=',
      'size=1e1',
      'opacity=0',
      'opacity=1.5',
      'stroke=0',
      'stroke=17',
    ]) {
      const { view, faults } = parseAddress(`explore/a?${part}`)!;
      expect(view, part).toEqual({ dataset: 'a' });
      expect(faults[0]!.reason, part).toContain('it is a number from');
    }
  });

  test('takes any number for the middle of a palette, zero and those below it too', () => {
    expect(viewOf('explore/a?middle=0')!.middle).toBe(0);
    expect(viewOf('explore/a?middle=-0')!.middle).toBe(0);
    expect(viewOf('explore/a?middle=-2.5e3')!.middle).toBe(-2500);
    for (const part of ['middle=', 'middle=%20', 'middle=NaN', 'middle=Infinity', 'middle=mean']) {
      const { view, faults } = parseAddress(`explore/a?${part}`)!;
      expect(view, part).toEqual({ dataset: 'a' });
      expect(faults[0]!.reason, part).toBe('it is a number');
    }
  });

  test('does not care about the order of parameters', () => {
    expect(viewOf('explore/a?y=2&x=1&mark=line')).toEqual(viewOf('explore/a?mark=line&x=1&y=2'));
  });

  test('reads values that are encoded once more, null, the empty string and exclusion', () => {
    expect(filtersOf('f.city=New%2520York,a%252Cb')).toEqual([
      { op: 'in', column: 'city', values: ['New York', 'a,b'] },
    ]);
    expect(filtersOf('f.city=')).toEqual([{ op: 'in', column: 'city', values: [''] }]);
    expect(filtersOf('f.city=,~,%257E')).toEqual([
      { op: 'in', column: 'city', values: ['', null, '~'] },
    ]);
    expect(filtersOf('f.city=!LAS')).toEqual([
      { op: 'in', column: 'city', values: ['LAS'], exclude: true },
    ]);
    expect(filtersOf('f.city=%2521LAS')).toEqual([{ op: 'in', column: 'city', values: ['!LAS'] }]);
  });

  test('reads ranges with either end free, zero and false included', () => {
    expect(filtersOf('f.delay=..90')).toEqual([{ op: 'range', column: 'delay', max: '90' }]);
    expect(filtersOf('f.delay=5..')).toEqual([{ op: 'range', column: 'delay', min: '5' }]);
    expect(filtersOf('f.delay=0..0')).toEqual([
      { op: 'range', column: 'delay', min: '0', max: '0' },
    ]);
    expect(filtersOf('f.late=false')).toEqual([{ op: 'in', column: 'late', values: ['false'] }]);
    expect(filtersOf('f.n=a%252E%252Eb')).toEqual([{ op: 'in', column: 'n', values: ['a..b'] }]);
    expect(filtersOf('f.n=a..b,c')).toEqual([{ op: 'in', column: 'n', values: ['a..b', 'c'] }]);
  });

  test('keeps columns with dots, commas, equal signs and other alphabets', () => {
    expect(filtersOf('f.a.b%2Cc%3Dd=1')).toEqual([{ op: 'in', column: 'a.b,c=d', values: ['1'] }]);
    expect(viewOf('explore/%C3%BCber%2Fall?x=%E5%88%97&y=a%2Cb&y=c')).toEqual({
      dataset: 'über/all',
      x: '列',
      y: ['a,b', 'c'],
    });
  });

  test('ignores what it does not know and says so, one fault a parameter', () => {
    const parsed = parseAddress(
      'explore/a?mark=pie&x=&agg=average&bin=fortnight&bins=0&top=1e3&tz=Mars/Base&xs=cubic' +
        '&xr=&f.=1&f.d=..&utm_source=mail&band=1&color=ok&color=again&f.n=1&f.n=2&y=u&y=u&snap=',
    );
    expect(parsed?.view).toEqual({
      dataset: 'a',
      color: 'ok',
      y: ['u'],
      filters: [{ op: 'in', column: 'n', values: ['1'] }],
    });
    expect(parsed?.faults.map((fault) => fault.parameter)).toEqual(
      'mark x agg bin bins top tz xs xr f. f.d utm_source band color f.n y snap'.split(' '),
    );
    for (const fault of parsed!.faults) expect(fault.reason).toMatch(/^\w.{10,}/);
  });

  test('takes text that people typed with a bare percent sign', () => {
    expect(filtersOf('f.share=100%25')).toEqual([{ op: 'in', column: 'share', values: ['100%'] }]);
    expect(viewOf('explore/50%')).toEqual({ dataset: '50%' });
  });
});

describe('formatAddress', () => {
  test('writes only what was chosen', () => {
    expect(formatAddress({ dataset: 'flights' })).toBe('explore/flights');
    expect(formatAddress({ dataset: 'a b', mark: 'line', x: 'date', bin: 'day' })).toBe(
      'explore/a%20b?mark=line&x=date&bin=day',
    );
  });

  test('writes the example of the contract as people read it', () => {
    const address =
      'explore/flights?mark=scatter&x=distance&y=delay&color=origin&xr=0,3000&yr=-60,240' +
      '&f.origin=ATL,LAS&f.delay=5..90&snap=s1';
    expect(formatAddress(viewOf(address)!)).toBe(address);
  });

  test('survives what a link goes through: URL objects keep it to the letter', () => {
    const view: View = {
      dataset: 'a',
      filters: [{ op: 'in', column: "o'c", values: ["it's ~!"] }],
    };
    const url = new URL(formatAddress(view), 'http://host/base/');
    expect(viewOf(url.href.slice('http://host/base/'.length))).toEqual(view);
  });

  test('comes back equal, whatever the names and values are', () => {
    fc.assert(
      fc.property(anyView(fc.string({ unit: 'grapheme' })), (view) => {
        expect(parseAddress(formatAddress(view))).toEqual({ view, faults: [] });
      }),
      { numRuns: 2_000 },
    );
  });

  test('comes back equal for text made of the signs of its own language', () => {
    const signs = fc.string({ unit: fc.constantFrom('.', ',', '!', '~', '%', '2', 'E', '&', '+') });
    fc.assert(
      fc.property(anyView(signs), (view) => {
        expect(parseAddress(formatAddress(view))).toEqual({ view, faults: [] });
      }),
      { numRuns: 2_000 },
    );
  });

  test('never throws, neither for half a surrogate pair nor for random addresses', () => {
    expect(viewOf(formatAddress({ dataset: '\uD800' }))).toEqual({ dataset: '\uFFFD' });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseAddress(`explore/a?${text}`);
        const again = parseAddress(formatAddress(parsed!.view));
        expect(again?.faults).toEqual([]);
      }),
    );
  });

  const naughty = new URL('../../../../shared/corpora/blns/blns.json', import.meta.url);
  test.skipIf(!existsSync(naughty))('brings the naughty strings back', () => {
    for (const text of JSON.parse(readFileSync(naughty, 'utf8')) as string[]) {
      if (text === '') continue;
      const well = text.replace(/\p{Surrogate}/gu, '\uFFFD');
      const view: View = {
        dataset: well,
        x: well,
        filters: [
          { op: 'in', column: well, values: [well, null, ''] },
          { op: 'contains', column: well, text: well },
        ],
      };
      expect(parseAddress(formatAddress(view))).toEqual({ view, faults: [] });
    }
  });
});

/** Views whose free text comes from `text`. */
function anyView(text: fc.Arbitrary<string>): fc.Arbitrary<View> {
  const name = text.filter((value) => value !== '');
  const path = name.filter((value) => value !== '.' && value !== '..');
  const column = name;
  const exclude = fc.constantFrom({}, { exclude: true as const });
  const filter: fc.Arbitrary<AddressFilter> = fc.oneof(
    fc
      .tuple(
        column,
        fc.uniqueArray(fc.option(text), { minLength: 1, maxLength: 5, selector: (value) => value }),
        exclude,
      )
      .map(([column, values, not]) => ({ op: 'in' as const, column, values, ...not })),
    fc
      .tuple(column, fc.option(name), fc.option(name), exclude)
      .filter(([, min, max]) => min !== null || max !== null)
      .map(([column, min, max, not]) => ({
        op: 'range' as const,
        column,
        ...(min === null ? {} : { min }),
        ...(max === null ? {} : { max }),
        ...not,
      })),
    fc
      .tuple(column, name, exclude)
      .map(([column, text, not]) => ({ op: 'contains' as const, column, text, ...not })),
  );
  const domain = fc
    .array(text, { minLength: 1, maxLength: 4 })
    .filter((ends) => ends.length > 1 || ends[0] !== '');
  return fc.record(
    {
      dataset: path,
      snapshot: name,
      mark: fc.constantFrom(...MARKS),
      x: column,
      y: fc.uniqueArray(column, { minLength: 1, maxLength: 4 }),
      color: column,
      agg: fc.constantFrom('count', 'mean', 'p10', 'p99.9'),
      of: column,
      bin: fc.oneof(
        fc.constantFrom(...CALENDAR_UNITS, 'none' as const),
        fc.double({ min: 1e-9, max: 1e12, noNaN: true }),
      ),
      bins: fc.integer({ min: 1, max: 10_000 }),
      band: fc.boolean(),
      top: fc.integer({ min: 1, max: 256 }),
      order: fc.constantFrom(...BAR_ORDERS),
      method: fc.constantFrom(...METHODS),
      now: fc.boolean(),
      size: fc.double({ min: SIZES[0], max: SIZES[1], noNaN: true }),
      opacity: fc.double({ min: OPACITIES[0], max: OPACITIES[1], noNaN: true }),
      stroke: fc.double({ min: STROKES[0], max: STROKES[1], noNaN: true }),
      shade: fc.constantFrom(...SHADES),
      palette: fc.constantFrom(...PALETTES),
      middle: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number || 0),
      renderer: fc.constantFrom(...RENDERERS),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
      xScale: fc.constantFrom(...SCALES),
      yScale: fc.constantFrom(...SCALES),
      xDomain: domain,
      yDomain: domain,
      hide: fc.uniqueArray(fc.option(text), {
        minLength: 1,
        maxLength: 3,
        selector: (value) => value,
      }),
      areas: fc.array(
        fc
          .tuple(
            column,
            column,
            fc.array(fc.tuple(text, text), { minLength: 3, maxLength: 5 }),
            exclude,
          )
          .map(([x, y, points, not]) => ({ x, y, points, ...not })),
        { minLength: 1, maxLength: 2 },
      ),
      filters: fc.uniqueArray(filter, {
        minLength: 1,
        maxLength: 4,
        selector: (each) => `${each.op === 'contains'} ${each.column}`,
      }),
      sort: fc.record({ column, order: fc.constantFrom('asc' as const, 'desc' as const) }),
    },
    { requiredKeys: ['dataset'] },
  );
}

test('a window that follows the data says so, and nothing else can be followed', () => {
  const address = 'explore/a?follow=latest&xr=1,2';
  const { view, faults } = parseAddress(address)!;
  expect([view, faults]).toEqual([{ dataset: 'a', follow: true, xDomain: ['1', '2'] }, []]);
  expect(formatAddress(view)).toBe(address);
  expect(parseAddress('explore/a?follow=me')!.faults).toHaveLength(1);
});
