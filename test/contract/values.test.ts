import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHalftone, type Halftone } from './halftone.js';
import { shortType } from './short-type.js';
import { TYPES, TYPES_SQL } from './types.js';

let halftone: Halftone;
beforeAll(async () => {
  halftone = await startHalftone({ types: TYPES_SQL });
});
afterAll(() => halftone.close());

describe('rows give the declared type, never the narrowed one', () => {
  test.each(Object.entries(TYPES))('%s', async (name, { arrow, as }) => {
    const { table, column } = await halftone.frame({ mark: 'rows', columns: [name] });
    expect(table.names).toEqual([name, 'row']);
    expect(shortType(table.getChild(name).type)).toBe(as);
    expect(shortType(table.getChild('row').type)).toBe('uint32');
    expect(column(name)).toEqual(arrow);
    expect(column('row')).toEqual([0, 1, 2, 3]);
  });
});

test('one row in full gives every value as JSON does', async () => {
  for (let row = 0; row < 4; row++) {
    const { values } = await halftone.get(`datasets/types/rows/${row}`);
    for (const [name, { json }] of Object.entries(TYPES)) {
      expect([name, values[name]]).toEqual([name, json[row]]);
    }
  }
});

describe('a value that JSON gave finds its rows again', () => {
  test.each(Object.entries(TYPES))('%s', async (name, { json }) => {
    for (const value of new Set(json)) {
      const { column } = await halftone.frame({
        mark: 'rows',
        columns: [],
        filters: [{ op: 'in', column: name, values: [value] }],
      });
      const wanted = json.flatMap((other, row) => (other === value ? [row] : []));
      expect([value, column('row')]).toEqual([value, wanted]);
    }
  });
});

test('the options of a dropdown are values as JSON gives them', async () => {
  for (const [name, { json }] of Object.entries(TYPES)) {
    const { values, total } = await halftone.get(`datasets/types/columns/${name}/values`);
    const given = values.map(({ value }: { value: unknown }) => value);
    expect([name, new Set(given)]).toEqual([name, new Set(json)]);
    expect(total).toBe(new Set(json).size);
  }
});

test('a frame as JSON text has every value as JSON gives it', async () => {
  const q = Buffer.from(JSON.stringify({ dataset: 'types', mark: 'rows' })).toString('base64url');
  const { rows } = await halftone.get(`frame.json?q=${q}`);
  for (const [row, values] of rows.entries()) {
    for (const [name, { json }] of Object.entries(TYPES)) {
      expect([name, values[name]]).toEqual([name, json[row]]);
    }
    expect(values.row).toBe(row);
  }
});
