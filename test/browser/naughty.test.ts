import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatAddress } from '../../protocol/address/address.js';
import type { View } from '../../protocol/address/view.js';
import { hasBrowser, settled, startApp, type AppServer } from './app-page.js';

// Strings that none of us wrote, where they stand beside the checkout, and a few of our own.
const CORPUS = resolve(import.meta.dirname, '../../../shared/corpora/blns/blns.json');
const OWN = [
  '',
  ' ',
  'null',
  '__proto__',
  'constructor',
  '-->',
  '<b>bold</b>',
  '<a href="javascript:alert(1)">x</a>',
  '<svg onload=alert(1)>',
  '"><script>alert(1)</script>',
  '%{y}<extra></extra>',
  '&lt;img src=x&gt;',
  '\u202etxt.exe',
  'a\tb',
  '=1+1',
  '𠜎𠜱',
];
const STRINGS = existsSync(CORPUS) ? (JSON.parse(readFileSync(CORPUS, 'utf8')) as string[]) : OWN;

const IMAGE = '<img src=x onerror="globalThis.isOwned = 1">';
const SCRIPT = '<script>globalThis.isOwned = 2</script>';
/** Names that differ in case alone are one name in SQL, and what stands around a name in a header is no part of it. */
const NAMES = [
  ...new Map([IMAGE, SCRIPT, ...STRINGS].map((each) => [each.toLowerCase(), each])).values(),
].filter((name) => name !== '' && name === name.trim());

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** What on the page can only come from data: elements that the page has none of, handlers, and links that run. */
async function markupOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = [
      ...document.querySelectorAll(
        'body img, body iframe, body object, body embed, body video, body audio, body math, body marquee, #app script, #app style, #app link, #app meta, #app base, svg a, foreignObject, animate',
      ),
    ];
    const handlers = [...document.querySelectorAll('body *')].filter((element) =>
      element.getAttributeNames().some((name) => name.startsWith('on')),
    );
    const runs = [...document.querySelectorAll('[href], [src], [action]')].filter((element) =>
      ['href', 'src', 'action'].some((name) =>
        /^\s*(?:javascript|vbscript|data):/iu.test(element.getAttribute(name) ?? ''),
      ),
    );
    const isOwned = 'isOwned' in globalThis ? ['isOwned'] : [];
    return [
      ...isOwned,
      ...[...found, ...handlers, ...runs].map(({ outerHTML }) => outerHTML.slice(0, 200)),
    ];
  });
}

describe.skipIf(!hasBrowser())('naughty strings', () => {
  let app: AppServer;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-naughty-'));
    const rows = STRINGS.map((text, row) => `${quoted(text)},${row},${row % 11}`);
    const header = [IMAGE, 'n', SCRIPT].map(quoted).join(',');
    writeFileSync(join(folder, 'values.csv'), `${header}\n${rows.join('\n')}\n`);
    const lines = [1, 2, 3].map((line) => NAMES.map((_, at) => line * at + 1).join(','));
    writeFileSync(
      join(folder, 'names.csv'),
      `${NAMES.map(quoted).join(',')}\n${lines.join('\n')}\n`,
    );
    app = await startApp([join(folder, 'values.csv'), join(folder, 'names.csv')], {
      webgl: false,
    });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (page: Page, view: View): Promise<void> => {
    await page.goto(formatAddress(view));
    await settled(page);
  };

  test('in cells are shown letter by letter, and are text wherever else they stand', async () => {
    const page = await app.open('');
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.setViewportSize({ width: 1280, height: 3600 });
    await open(page, { dataset: 'values', mark: 'rows' });
    const shown = new Map<number, string>();
    const read = async (): Promise<number> => {
      const cells = await page
        .locator('.table-cell[data-column="0"]')
        .evaluateAll((all) =>
          all.map(
            (cell) => [Number((cell as HTMLElement).dataset['row']), cell.textContent!] as const,
          ),
        );
      for (const [row, text] of cells) if (text !== '') shown.set(row, text);
      return shown.size;
    };
    const filled = STRINGS.filter((text) => text !== '').length;
    for (let row = 0; row < STRINGS.length; row += 80) {
      await page.getByLabel('Go to row').fill(String(row));
      await page.getByLabel('Go to row').press('Enter');
      const wanted = STRINGS.slice(0, Math.min(row + 80, STRINGS.length)).filter(
        (text) => text !== '',
      ).length;
      await expect.poll(read).toBeGreaterThanOrEqual(wanted);
    }
    expect(shown.size).toBe(filled);
    for (const [row, text] of shown) expect(text, `row ${row}`).toBe(STRINGS[row]);
    expect(await markupOf(page)).toEqual([]);

    await page.setViewportSize({ width: 1280, height: 800 });
    const markup = STRINGS.filter((text) => text.includes('<') && text.length < 100).slice(0, 40);
    for (const view of [
      {
        mark: 'bar',
        x: IMAGE,
        color: IMAGE,
        filters: [{ op: 'in', column: IMAGE, values: markup }],
      },
      { mark: 'scatter', x: 'n', y: [SCRIPT], color: IMAGE },
      { mark: 'line', x: 'n', y: [SCRIPT], color: IMAGE },
      { mark: 'heatmap', x: 'n', y: [SCRIPT] },
      {
        mark: 'histogram',
        x: SCRIPT,
        color: IMAGE,
        filters: [{ op: 'contains', column: IMAGE, text: markup[0]! }],
      },
    ] satisfies Omit<View, 'dataset'>[]) {
      await open(page, { dataset: 'values', ...view });
      const box = (await page.locator('.picture-host').boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.5);
      await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.8);
      expect(await markupOf(page), view.mark).toEqual([]);
    }
    // The list of a column's values, and a row's card.
    await page.locator('.filter-head button[aria-expanded]').first().click();
    await page.locator('[role=option]').nth(10).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain(SCRIPT);
    expect(await markupOf(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('name columns that are chosen, filtered and drawn like any other', async () => {
    const page = await app.open('');
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await open(page, { dataset: 'names' });
    const texts = await page.getByLabel('X', { exact: true }).locator('option').allTextContents();
    expect(texts).toEqual(NAMES);
    const titles = page.locator('.filter-head button[aria-expanded]');
    expect(await titles.count()).toBe(NAMES.length);
    expect(await markupOf(page)).toEqual([]);
    for (let at = 0; at + 2 < NAMES.length; at += Math.ceil(NAMES.length / 6)) {
      const [x, y, color] = NAMES.slice(at, at + 3) as [string, string, string];
      await open(page, {
        dataset: 'names',
        mark: 'scatter',
        x,
        y: [y],
        color,
        filters: [{ op: 'range', column: x, min: '0' }],
      });
      expect(await page.locator('.picture-host').getAttribute('data-matched'), x).toBe('3');
      expect(
        await page.getByLabel('X', { exact: true }).locator('option:checked').textContent(),
      ).toBe(x);
      expect(await markupOf(page), x).toEqual([]);
    }
    expect(errors).toEqual([]);
    await page.close();
  });
});
