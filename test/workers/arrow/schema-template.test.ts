import { tableFromIPC } from '@uwdata/flechette';
import { expect, test } from 'vitest';
import { encodeSchemaMessage } from '../../../workers/arrow/message.js';
import { schemaMessage } from '../../../workers/arrow/schema-template.js';
import type { Field } from '../../../workers/arrow/types.js';

const PLAIN: Field[] = [
  { name: 'cell', type: { type: 'int', bits: 32, signed: false }, nullable: false },
  { name: 'count', type: { type: 'int', bits: 8, signed: false } },
];
const RICH: Field[] = [
  { name: 'größe', type: { type: 'timestamp', unit: 'us', timeZone: 'Europe/Berlin' } },
  { name: 'color', type: { type: 'utf8' }, dictionary: { id: 7, bits: 16 } },
  { name: 'n', type: { type: 'decimal', precision: 9, scale: 2 }, metadata: { unit: 'm' } },
];
/** Of every length modulo 8, more than once each, and beyond ASCII. */
const VALUES = Array.from({ length: 40 }, (_, length) =>
  length % 3 === 0 ? 'é'.repeat(length) : 'v'.repeat(length),
);

test('writes the bytes of a schema that is built anew', () => {
  for (const fields of [PLAIN, RICH, []]) {
    for (const value of [...VALUES, ...VALUES]) {
      const built = encodeSchemaMessage(fields, { halftone: value });
      expect(schemaMessage(fields, 'halftone', value)).toEqual(built);
    }
  }
});

test('tells fields and keys apart that were written before', () => {
  const one = schemaMessage(PLAIN, 'a', 'value');
  const other = schemaMessage([PLAIN[1]!, PLAIN[0]!], 'b', 'value');
  expect(one).toEqual(encodeSchemaMessage(PLAIN, { a: 'value' }));
  expect(other).toEqual(encodeSchemaMessage([PLAIN[1]!, PLAIN[0]!], { b: 'value' }));
});

test('is read by another reader', () => {
  for (const value of VALUES) {
    const { schema } = tableFromIPC(schemaMessage(PLAIN, 'halftone', value));
    expect(schema.metadata?.get('halftone')).toBe(value);
    expect(schema.fields.map(({ name }) => name)).toEqual(['cell', 'count']);
  }
});
