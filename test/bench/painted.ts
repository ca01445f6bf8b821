import type { Page } from 'playwright-core';

/**
 * What to do to the page: put a value into a field, or press an element, the first one whose text begins with `text`;
 * selectors of CSS.
 */
export type Act = { field: string; value: string } | { press: string; text?: string };

/**
 * Does something to the page of Halftone and gives the milliseconds until the exact picture of `matched` rows is on the
 * screen: the marks' canvas is read, which ends when it is drawn, and two frames of the browser pass.
 */
export async function paintedAfter(page: Page, act: Act, matched: number): Promise<number> {
  return page.evaluate(watch, { act, matched });
}

async function watch({ act, matched }: { act: Act; matched: number }): Promise<number> {
  const chart = document.querySelector<HTMLElement>('.picture-host')!;
  const isThere = (): boolean =>
    chart.dataset['state'] === 'exact' && Number(chart.dataset['matched']) === matched;
  if (isThere()) throw new Error(`The picture of ${matched} rows is there before it is asked for.`);
  const shown = new Promise<void>((resolve, reject) => {
    const observer = new MutationObserver(() => {
      if (!isThere()) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(chart, { attributes: true });
    setTimeout(() => reject(new Error(`Not painted: ${JSON.stringify(chart.dataset)}`)), 60_000);
  });
  const pressed =
    'press' in act
      ? [...document.querySelectorAll<HTMLElement>(act.press)].find((element) =>
          element.textContent.trim().startsWith(act.text ?? ''),
        )
      : undefined;
  const startedAt = performance.now();
  if ('press' in act) pressed!.click();
  else {
    const field = document.querySelector<HTMLInputElement>(act.field)!;
    field.value = act.value;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
  await shown;
  const canvas = document.querySelector<HTMLCanvasElement>('.halftone-marks')!;
  canvas.getContext('2d')!.getImageData(0, 0, 1, 1);
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return performance.now() - startedAt;
}

/** Longer than the table and the lists take that the page asks for after a picture, in milliseconds. */
const REST_MS = 800;

/** Waits until the page has done all that follows a picture: it must not slow down what is measured next. */
export const rest = async (page: Page): Promise<void> => page.waitForTimeout(REST_MS);

/** What the marks' canvas shows, and how the chart says that it drew it. */
export interface MarksPicture {
  width: number;
  height: number;
  radius: number;
  opacity: number;
  renderer: string;
  /** 0 to 255 for each pixel, top row first. */
  alpha: Uint8Array;
}

export async function marksOf(page: Page): Promise<MarksPicture> {
  const { alpha, ...picture } = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.halftone-marks')!;
    const { dataset } = document.querySelector<HTMLElement>('.picture-host')!;
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    let text = '';
    for (let i = 3; i < data.length; i += 4) text += String.fromCharCode(data[i]!);
    return {
      width,
      height,
      radius: Number(dataset['radius']),
      opacity: Number(dataset['opacity']),
      renderer: String(dataset['renderer']),
      alpha: btoa(text),
    };
  });
  return { ...picture, alpha: Buffer.from(alpha, 'base64') };
}

/** Pixels may be off by so many of 255, and so many of all pixels by more. */
const TOLERANCE = 2;
const MOST_OFF = 0.001;

/**
 * Throws unless each pixel has the opacity 1 - (1 - a)^n of the n rows within the radius of a mark, where `counts` are
 * the rows of every cell, the lowest row of cells first.
 */
export function mustShow(picture: MarksPicture, counts: Uint32Array): void {
  const { width, height, radius, opacity, alpha } = picture;
  const reach = Math.floor(radius);
  const within = new Uint32Array(width * height);
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell]!;
    if (count === 0) continue;
    const x = cell % width;
    const y = height - 1 - Math.floor(cell / width);
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        if (dx * dx + dy * dy > radius * radius) continue;
        const [column, line] = [x + dx, y + dy];
        if (column >= 0 && line >= 0 && column < width && line < height)
          within[line * width + column]! += count;
      }
    }
  }
  let off = 0;
  for (let i = 0; i < within.length; i++) {
    const expected = 255 * (1 - (1 - opacity) ** within[i]!);
    if (Math.abs(alpha[i]! - expected) > TOLERANCE) off++;
  }
  if (off > MOST_OFF * within.length)
    throw new Error(`${off} of ${within.length} pixels are not what DuckDB’s counts give.`);
}
