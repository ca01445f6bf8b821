import { expect, test } from 'vitest';
import { createInk } from '../../../client/chart/render/ink.js';

/** An image of two pixels, as a browser would make it. */
function twoPixels(): { data: Uint8ClampedArray; lay: ReturnType<typeof createInk>['lay'] } {
  const data = new Uint8ClampedArray(8);
  const { lay } = createInk({ data, width: 2, height: 1 } as ImageData);
  return { data, lay };
}

test('the first stroke of a pixel gives its color, and its cover as opacity', () => {
  const { data, lay } = twoPixels();
  lay(1, 0.4, 10, 20, 30);
  expect([...data]).toEqual([0, 0, 0, 0, 10, 20, 30, 102]);
});

test('a stroke that covers all of a pixel hides what is below', () => {
  const { data, lay } = twoPixels();
  lay(0, 0.4, 10, 20, 30);
  lay(0, 1, 200, 100, 50);
  expect([...data.subarray(0, 4)]).toEqual([200, 100, 50, 255]);
});

test('one that covers a part of it lies over what is there, by the rules of source-over', () => {
  const { data, lay } = twoPixels();
  lay(0, 0.5, 200, 0, 100);
  lay(0, 0.5, 0, 100, 100);
  const [red, green, blue, opacity] = data as unknown as [number, number, number, number];
  expect(opacity).toBe(192);
  // 0.5 of the upper color and 0.25 of the lower, of 0.75 in all.
  expect([red, green, blue]).toEqual([67, 67, 100]);
});
