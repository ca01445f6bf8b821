import { expect, test } from 'vitest';
import { cornersOf, isSelected, moveFocus, toTsv } from '../../../../client/app/table/selection.js';

const press = (key: string, far = false): Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'> => ({
  key,
  ctrlKey: far,
  metaKey: false,
});

test('a selection has the same cells whichever way it was dragged', () => {
  const down = { anchor: { row: 1, column: 2 }, focus: { row: 3, column: 0 } };
  const up = { anchor: down.focus, focus: down.anchor };
  expect(cornersOf(down)).toEqual(cornersOf(up));
  expect(isSelected(down, 2, 1)).toBe(true);
  expect(isSelected(down, 4, 1)).toBe(false);
  expect(isSelected(null, 0, 0)).toBe(false);
});

test('keys move the focus and stop at the edges', () => {
  const at = { row: 5, column: 1 };
  expect(moveFocus(at, press('ArrowDown'), 10, 3, 4)).toEqual({ row: 6, column: 1 });
  expect(moveFocus(at, press('ArrowDown', true), 10, 3, 4)).toEqual({ row: 9, column: 1 });
  expect(moveFocus(at, press('PageUp'), 10, 3, 8)).toEqual({ row: 0, column: 1 });
  expect(moveFocus(at, press('End', true), 10, 3, 4)).toEqual({ row: 9, column: 2 });
  expect(moveFocus(at, press('Home'), 10, 3, 4)).toEqual({ row: 5, column: 0 });
  expect(moveFocus(at, press('x'), 10, 3, 4)).toBeUndefined();
});

test('copied cells survive a spreadsheet: tabs, line breaks and quotes are quoted', () => {
  expect(
    toTsv([
      ['a', null, 'b'],
      ['x\ty', 'say "hi"', 'two\nlines'],
    ]),
  ).toBe('a\t\tb\n"x\ty"\t"say ""hi"""\t"two\nlines"');
});
