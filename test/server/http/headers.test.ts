import { expect, test } from 'vitest';
import { attachment, headerJson } from '../../../server/http/headers.js';

test('JSON in a header is printable ASCII and reads back the same', () => {
  const value = { reason: 'größer 🎈 \u0000\r\n"' };
  expect(headerJson(value)).toMatch(/^[\x20-\x7e]*$/u);
  expect(JSON.parse(headerJson(value))).toEqual(value);
});

test('a download has a safe name, whatever the dataset is called', () => {
  for (const name of [
    'plain.csv',
    'a"b\\c.csv',
    '../etc/passwd',
    'x\r\nSet-Cookie: a=1',
    'ü🎈.csv',
    '%41',
  ]) {
    const header = attachment(name);
    expect(header).toMatch(/^[\x20-\x7e]*$/u);
    const [, ascii, encoded] = /^attachment; filename="([^"]*)"; filename\*=UTF-8''(\S*)$/u.exec(
      header,
    )!;
    expect(ascii).not.toMatch(/[\\/%]/u);
    expect(decodeURIComponent(encoded!)).toBe(name);
  }
});
