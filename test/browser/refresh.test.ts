import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, hasBrowser, settled, startApp, type AppServer } from './app-page.js';

const ZOOMED = 'explore/live?mark=scatter&x=x&y=y&xr=200,800&yr=100,900';

/** Points on a grid, a minute apart; each version has 1,000 rows more. */
function write(folder: string, version: number): void {
  const lines = Array.from({ length: 4_000 + 1_000 * version }, (_, i) => {
    const time = new Date(Date.UTC(2026, 0, 1, 0, i)).toISOString().slice(0, 19);
    return `${(i * 37) % 1000},${(i * 61) % 1009},${version},${time}`;
  });
  writeFileSync(join(folder, 'partial'), `x,y,version,t\n${lines.join('\n')}\n`);
  renameSync(join(folder, 'partial'), join(folder, 'live.csv'));
}

const matched = (page: Page): Promise<string | null> =>
  page.locator('.picture-host').getAttribute('data-matched');

describe.skipIf(!hasBrowser())('a refresh under an open chart', () => {
  let app: AppServer;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-refresh-'));
    write(folder, 1);
    writeFileSync(join(folder, 'still.csv'), 'a,b\n1,2\n3,4\n5,7\n');
    writeFileSync(join(folder, 'shape.csv'), 'a,old\n1,10\n2,30\n3,20\n');
    const files = ['live.csv', 'still.csv', 'shape.csv'].map((name) => join(folder, name));
    app = await startApp(files, { webgl: false });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function refresh(version: number): Promise<void> {
    write(folder, version);
    const answer = await fetch(`${app.url}api/v1/datasets/live/load`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    // A load that has begun by itself meanwhile reads the same file.
    expect([202, 503]).toContain(answer.status);
  }

  const streams = async (): Promise<number> =>
    Number(
      /^halftone_event_clients (\d+)/mu.exec(await (await fetch(`${app.url}metrics`)).text())![1],
    );

  test('leaves a link that is pinned to a snapshot its columns, in the page and in an element', async () => {
    const snapshotNow = async (): Promise<string> => {
      const answer = await fetch(`${app.url}api/v1/datasets/shape`);
      return ((await answer.json()) as { snapshot: string }).snapshot;
    };
    await expect.poll(snapshotNow).toBeTruthy();
    const first = await snapshotNow();
    writeFileSync(join(folder, 'shape.csv'), 'a,new\n1,5\n2,6\n3,7\n4,8\n');
    await fetch(`${app.url}api/v1/datasets/shape/load`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    await expect.poll(snapshotNow).not.toBe(first);

    const page = await app.open(`explore/shape?mark=scatter&x=a&y=old&f.old=15..&snap=${first}`);
    await settled(page);
    expect(await matched(page)).toBe('2');
    expect(await page.getByText('ignored').count()).toBe(0);
    const y = page.getByLabel('Y', { exact: true });
    expect(await y.locator('option').allInnerTexts()).toEqual(['a', 'old']);
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual(['row', 'a', 'old']);
    // What only the newest has is told.
    await page.goto(`explore/shape?mark=scatter&x=a&y=new&snap=${first}`);
    await settled(page);
    await page.getByText('there is no column “new”').waitFor();
    expect(await y.locator('option:checked').innerText()).toBe('old');
    await page.goto('explore/shape?mark=scatter&x=a&y=old');
    await settled(page);
    await page.getByText('there is no column “old”').waitFor();

    await page.route('**/host', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><script type="module" src="./embed/elements.js"></script>
          <halftone-chart src="explore/shape?mark=scatter&x=a&y=old&snap=${first}"></halftone-chart>`,
      }),
    );
    await page.goto('host');
    await page.locator('halftone-chart[data-state=exact][data-matched="3"]').waitFor();
    await expect.poll(() => page.locator('halftone-chart .ytitle').textContent()).toBe('old');
    await page.close();
  });

  test('keeps zoom, scroll and selection, shows the old picture until the new one is there, and asks once', async () => {
    const page = await app.open(ZOOMED);
    await settled(page);
    expect(await matched(page)).toBe('5000');
    await page.getByLabel('Go to row').fill('3000');
    await page.getByLabel('Go to row').press('Enter');
    const cell = page.locator('[aria-rowindex="3002"]').getByRole('gridcell').nth(1);
    await cell.click();
    const scroll = (): Promise<number> =>
      page.locator('.table-scroll').evaluate(({ scrollTop }) => scrollTop);
    const before = { address: addressOf(page), scroll: await scroll() };
    expect(before.scroll).toBeGreaterThan(50_000);

    // What is seen in every frame of the browser from here on.
    await page.evaluate(() => {
      const host = document.querySelector<HTMLElement>('.picture-host')!;
      const copy = document.createElement('canvas');
      const seen = { states: new Set<string>(), blank: 0, frames: 0 };
      Object.assign(globalThis, { seen });
      const look = (): void => {
        const canvas = host.querySelector<HTMLCanvasElement>(
          'canvas[role=img], canvas[aria-label]',
        )!;
        copy.width = 200;
        copy.height = 200;
        const context = copy.getContext('2d')!;
        context.drawImage(canvas, 0, 0, 200, 200);
        const { data } = context.getImageData(0, 0, 200, 200);
        seen.states.add(host.dataset['state']!);
        seen.frames++;
        if (data.every((value) => value === 0)) seen.blank++;
        requestAnimationFrame(look);
      };
      look();
    });
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/frame')) asked.push(request.url());
    });
    await refresh(2);
    await expect.poll(() => matched(page)).toBe('6000');
    await settled(page);
    await expect.poll(() => cell.innerText()).toBe(String((3000 * 61) % 1009));
    const version = page.locator('[aria-rowindex="3002"]').getByRole('gridcell').nth(2);
    await expect.poll(() => version.innerText()).toBe('2');

    expect(addressOf(page)).toBe(before.address);
    expect(await scroll()).toBe(before.scroll);
    expect(await cell.getAttribute('aria-selected')).toBe('true');
    const queries = asked.map((url) =>
      Buffer.from(new URL(url).searchParams.get('q')!, 'base64url').toString(),
    );
    expect(queries.filter((query) => query.includes('"mark":"scatter"'))).toHaveLength(1);
    expect(queries.filter((query) => query.includes('"mark":"rows"'))).toHaveLength(1);
    const seen = await page.evaluate(() => {
      const { states, blank, frames } = (
        globalThis as unknown as { seen: { states: Set<string>; blank: number; frames: number } }
      ).seen;
      return { states: [...states], blank, frames };
    });
    expect(seen.frames).toBeGreaterThan(10);
    expect(seen.blank).toBe(0);
    expect(seen.states.filter((state) => state !== 'exact' && state !== 'moving')).toEqual([]);
    await page.close();
  });

  test('tabs share one stream of events, and a chart of another dataset asks for nothing', async () => {
    const first = await app.open('explore/still?mark=scatter&x=a&y=b');
    const context = await first.context().browser()!.newContext({ baseURL: app.url });
    await first.close();
    const [page, other] = [await context.newPage(), await context.newPage()];
    await page.goto('explore/live?mark=histogram&x=x');
    await settled(page);
    await other.goto('explore/still?mark=scatter&x=a&y=b');
    await settled(other);
    await expect.poll(streams).toBe(1);
    const asked: string[] = [];
    other.on('request', (request) => {
      if (request.url().includes('/frame')) asked.push(request.url());
    });
    await refresh(3);
    await expect.poll(() => matched(page)).toBe('7000');
    expect(asked).toEqual([]);
    // The one that began the stream may go; the other goes on hearing.
    await page.close();
    await other.goto('explore/live?mark=histogram&x=x');
    await settled(other);
    await refresh(4);
    await expect.poll(() => matched(other)).toBe('8000');
    await expect.poll(streams).toBe(1);
    await context.close();
    await expect.poll(streams).toBe(0);
  });

  test('waits while it is paused, counts what it waits for, and tells what changed', async () => {
    const page = await app.open('explore/live?mark=scatter&x=x&y=y');
    await settled(page);
    const rows = Number(await matched(page));
    const chip = page.getByRole('button', { name: /^Data from/ });
    await chip.click();
    await page.getByRole('button', { name: 'Pause updates' }).click();
    await refresh(5);
    await page.getByRole('button', { name: /^Resume, 1 newer snapshot$/ }).waitFor();
    await expect.poll(() => chip.innerText()).toContain('Paused · 1 newer snapshot');
    expect(Number(await matched(page))).toBe(rows);
    await page.getByRole('button', { name: /What changed/ }).click();
    const dialog = page.getByRole('dialog', { name: 'What changed in live' });
    const told = await dialog.innerText();
    expect(told).toMatch(new RegExp(`rows\\s+${rows.toLocaleString('en')}\\s+9,000`, 'u'));
    expect(told).toMatch(/version\s+4 to 4\s+5 to 5/u);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('Escape');
    await page.locator('.picture').focus();
    await page.keyboard.press('p');
    await expect.poll(() => matched(page)).toBe('9000');
    await expect.poll(() => chip.innerText()).toMatch(/\d+ s ago/u);
    await chip.click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText(/answers? forgotten, .* freed/u).waitFor();
    await page.close();
  });

  test('moves a window at the end of the data on with them, and no other', async () => {
    const window = 'xr=2026-01-07T04:00:00,2026-01-07T06:00:00';
    const followed = await app.open(
      `explore/live?mark=line&x=t&y=y&bin=none&follow=latest&${window}`,
    );
    const still = await app.open(`explore/live?mark=line&x=t&y=y&bin=none&${window}`);
    await Promise.all([settled(followed), settled(still)]);
    const before = addressOf(still);
    await refresh(6);
    const moved = 'xr=2026-01-07T20%3A39%3A00,2026-01-07T22%3A39%3A00';
    await expect.poll(() => addressOf(followed)).toContain(moved);
    await settled(followed);
    await expect.poll(() => matched(still)).toBe('10000');
    expect(addressOf(still)).toBe(before);
    expect(await followed.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
    await Promise.all([followed.close(), still.close()]);
  });

  test('that fails is told in the chip with its reason, over the picture of the rows before', async () => {
    const page = await app.open('explore/still?mark=scatter&x=a&y=b');
    await settled(page);
    const chip = page.getByRole('button', { name: /^Data from/ });
    const load = (): Promise<Response> =>
      fetch(`${app.url}api/v1/datasets/still/load`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
    renameSync(join(folder, 'still.csv'), join(folder, 'away'));
    await load();
    await expect.poll(() => chip.innerText()).toContain('may be out of date');
    await chip.click();
    await page.locator('.freshness-panel').getByText('still.csv').first().waitFor();
    await page.keyboard.press('Escape');
    expect(await matched(page)).toBe('3');
    expect(await page.locator('.picture-host').getAttribute('data-state')).toBe('exact');
    renameSync(join(folder, 'away'), join(folder, 'still.csv'));
    await load();
    await expect.poll(() => chip.innerText()).not.toContain('may be out of date');
    await page.close();
  });
});
