import { expect, test } from 'vitest';
import { csvLine } from '../../../workers/text/csv-line.js';

test('a text that a spreadsheet would compute has an apostrophe in front where that is asked for', () => {
  const odd = [
    '=1+1',
    '+cmd|x',
    '-2+3',
    '@SUM(A1)',
    '\tx',
    '\r=1',
    'a=1',
    '-5',
    '+1.5',
    '',
    null,
    -5,
    true,
  ];
  expect(csvLine(odd, true)).toBe(
    `'=1+1,'+cmd|x,'-2+3,'@SUM(A1),'\tx,"'\r=1",a=1,-5,+1.5,"",,-5,true\r\n`,
  );
  expect(csvLine(odd)).toBe(`=1+1,+cmd|x,-2+3,@SUM(A1),\tx,"\r=1",a=1,-5,+1.5,"",,-5,true\r\n`);
});

test('a formula within quotes is quoted with its apostrophe', () => {
  expect(csvLine(['=HYPERLINK("x","y")'], true)).toBe(`"'=HYPERLINK(""x"",""y"")"\r\n`);
});
