import { expect, test } from 'vitest';
import { HalftoneError } from '../../../../server/errors.js';
import { parseCsvOptions } from '../../../../server/loader/sources/parse-csv-options.js';

test('reads every key, a decimal comma before another one included', () => {
  expect(
    parseCsvOptions(
      "delim=;,decimal=,,encoding=latin1,types.zip=text,types.a price=DECIMAL(10,2),header=false,nulls=N/A|-,quote=',escape=\\",
    ),
  ).toEqual({
    delimiter: ';',
    decimal: ',',
    encoding: 'windows-1252',
    header: false,
    nulls: ['N/A', '-'],
    quote: "'",
    escape: '\\',
    types: { zip: 'text', 'a price': 'DECIMAL(10,2)' },
  });
});

test('takes a comma or a tab for the delimiter', () => {
  expect(parseCsvOptions('delim=,,header=true')).toEqual({ delimiter: ',', header: true });
  expect(parseCsvOptions('delim=tab')).toEqual({ delimiter: '\t' });
  expect(parseCsvOptions('decimal=,')).toEqual({ decimal: ',' });
  expect(parseCsvOptions('quote=')).toEqual({ quote: '' });
});

test.each([
  ['delm=;', '--csv delm=;: delm is not known.', 'Did you mean "delim"?'],
  ['header=maybe', '--csv header=maybe: header must be true or false.', undefined],
  ['delim=abc', '--csv delim=abc: delim must be one ASCII character.', undefined],
  [
    'encoding=klingon',
    '--csv encoding=klingon: encoding is not known; try utf-8, utf-16le, windows-1252.',
    undefined,
  ],
  ['delim', '--csv delim: it needs a value, as in delim=;.', undefined],
  ['', '--csv is empty.', undefined],
])('refuses %j', (text, message, hint) => {
  let error: unknown;
  try {
    parseCsvOptions(text);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(HalftoneError);
  expect((error as HalftoneError).message).toBe(message);
  if (hint !== undefined) expect((error as HalftoneError).details.hint).toBe(hint);
});
