import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeYaml } from '../../../../client/app/inspect/write-yaml.js';

describe('YAML that is written', () => {
  test('reads back to the same, whatever it holds', () => {
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(
          'yes',
          'NO',
          'null',
          '~',
          '1e3',
          '0x1',
          '- a',
          'a: b',
          '#',
          '',
          ' a',
          'a ',
          '2001-01-01',
          '<<',
          '=',
          '\u2028',
          '\u0085',
        ),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), plain.value, { maxKeys: 4 }),
        (value) => {
          const read: unknown = parse(writeYaml(value), { version: '1.2', merge: false });
          expect(read).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('is as a person writes it', () => {
    const items = [
      {
        chart: {
          dataset: 'flights',
          mark: 'scatter',
          x: 'distance',
          xr: [0, 3000],
          filters: { origin: ['ATL', null, '0'] },
        },
      },
      { text: 'a\nb', span: undefined },
    ];
    expect(writeYaml({ dashboards: { overview: { title: 'A title', items } } })).toBe(`dashboards:
  overview:
    title: A title
    items:
      - chart:
          dataset: flights
          mark: scatter
          x: distance
          xr: [0, 3000]
          filters: { origin: [ATL, null, "0"] }
      - { text: "a\\nb" }
`);
  });
});
