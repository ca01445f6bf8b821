import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differenceOf } from '../fidelity/compare.js';
import { shapeOf, type ShapeName } from '../fidelity/shapes.js';
import { randomNumbers } from '../fixtures/tiny-tables.js';
import { BROWSER, launchBrowser } from '../helpers/browser.js';
import { strokeOfAllRows } from '../reference/all-rows.js';
import { smoothDiscs } from '../reference/smooth-discs.js';

const SIZE = { width: 300, height: 160 };

interface Shape {
  x: number[];
  y: number[];
  /** Half the width of a stroke through them, or the radius of a disc around each. */
  radius: number;
  /** Of each disc; absent for a stroke. */
  opacity?: number;
}

/** What the browser's own canvas makes of it: the opacity of each pixel, 0 to 1. */
async function canvasOf(page: Page, shape: Shape): Promise<Float64Array> {
  const bytes = await page.evaluate(
    ({ x, y, radius, opacity, width, height }) => {
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width, height });
      const context = canvas.getContext('2d', { willReadFrequently: true })!;
      if (opacity === undefined) {
        Object.assign(context, { lineJoin: 'round', lineCap: 'round', lineWidth: 2 * radius });
        context.beginPath();
        for (let i = 0; i < x.length; i++) context.lineTo(x[i]!, y[i]!);
        context.stroke();
      } else {
        context.globalAlpha = opacity;
        for (let i = 0; i < x.length; i++) {
          context.beginPath();
          context.arc(x[i]!, y[i]!, radius, 0, 2 * Math.PI);
          context.fill();
        }
      }
      const { data } = context.getImageData(0, 0, width, height);
      return Array.from({ length: width * height }, (_, i) => data[4 * i + 3]!);
    },
    { ...shape, ...SIZE },
  );
  return Float64Array.from(bytes, (byte) => byte / 255);
}

/** Alike on the whole, and as much ink in all: a radius that is off by a tenth would show. */
function expectAlike(canvas: Float64Array, reference: Float64Array): void {
  const inkOf = (cover: Float64Array): number => cover.reduce((sum, part) => sum + part, 0);
  expect(differenceOf(canvas, reference).mean).toBeLessThan(1);
  expect(inkOf(canvas) / inkOf(reference)).toBeCloseTo(1, 1);
}

describe.skipIf(BROWSER === undefined)('the reference is what Chromium’s canvas aims at', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  // The canvas is off by up to a sixth in single pixels, by next to nothing on the whole. Strokes of 1 pixel it draws in another way.
  test.each(['smooth', 'wandering', 'steps'] as const)(
    'for the stroke of a %s line',
    async (name: ShapeName) => {
      const values = shapeOf(name, 400);
      const low = Math.min(...values);
      const high = Math.max(...values);
      const x = Array.from(values, (_, i) => (i * SIZE.width) / 399);
      const y = Array.from(values, (value) => 10 + ((value - low) * 140) / (high - low));
      for (const radius of [0.75, 1.5]) {
        const canvas = await canvasOf(page, { x, y, radius });
        expectAlike(canvas, strokeOfAllRows({ x, y }, SIZE, radius));
      }
    },
  );

  test('for translucent discs', async () => {
    const random = randomNumbers(6);
    const x = Array.from({ length: 300 }, () => random() * SIZE.width);
    const y = Array.from({ length: 300 }, () => random() * SIZE.height);
    for (const radius of [2, 4.25]) {
      const canvas = await canvasOf(page, { x, y, radius, opacity: 0.4 });
      expectAlike(canvas, smoothDiscs(x, y, SIZE, { radius, opacity: 0.4 }));
    }
  });
});
