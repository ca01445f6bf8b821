import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Filter } from '../../protocol/query.js';
import { launchBrowser } from '../helpers/browser.js';
import { withDuckDb } from './duckdb.js';
import type { RunBench } from './result.js';
import { startServer, type BenchServer } from './server.js';
import { benchRows } from './size.js';
import { median, quantile } from './statistics.js';
import { BENCH_FOLDER, wideFiles } from './tables.js';

const KEYS = 20;
/** Eight keystrokes a second. */
const KEY_MS = 125;
const LIMIT = 100;
const [LOW, HIGH] = [100, 899];
const FILTERS: Filter[] = [{ op: 'range', column: 'delay', min: LOW, max: HIGH }];

interface Choices {
  values: { value: string; count: number }[];
  matching: number;
}

/** Typing into the dropdown of a column of a million texts, under a filter of another column. */
export const run: RunBench = async (report) => {
  const rows = benchRows(10_000_000);
  const { parquet } = await wideFiles(rows);
  const dataset = basename(parquet, '.parquet');
  const cacheDir = mkdtempSync(join(BENCH_FOLDER, 'search-'));
  const server = await startServer([parquet], cacheDir);
  try {
    await server.ready(dataset);
    const { text, lists } = await expectedLists(parquet);
    const byHttp = await typeByHttp(server, dataset, text, lists);
    const what = `dropdown search, p95 of ${KEYS} keystrokes at 8 a second, ${rows / 1e6} M rows, another filter active`;
    const common = { unit: 'ms', bar: 150, want: 'at most' } as const;
    const gate = 'every list and its counts are DuckDB’s';
    report({ ...common, name: what, against: 'from key to list, by HTTP', gate, ...of(byHttp) });
    const inPage = await typeInPage(server, dataset, text, lists);
    report({
      ...common,
      name: what,
      against: 'from key to list, in the page',
      gate,
      ...of(inPage),
    });
  } finally {
    await server.stop();
    rmSync(cacheDir, { recursive: true });
  }
};

const of = (times: readonly number[]): { value: number; detail: string } => ({
  value: quantile(times, 0.95),
  detail: `median ${median(times).toFixed(1)} ms, slowest ${Math.max(...times).toFixed(1)} ms`,
});

/** A text to type, and what is listed after each of its letters. */
async function expectedLists(file: string): Promise<{ text: string; lists: Choices[] }> {
  return withDuckDb(':memory:', async (sql) => {
    await sql(`CREATE TABLE counted AS SELECT label, count(*) AS n FROM '${file}'
      WHERE delay BETWEEN ${LOW} AND ${HIGH} GROUP BY label`);
    const [[found]] = (await sql(
      `SELECT label FROM counted WHERE length(label) >= ${KEYS} ORDER BY label LIMIT 1`,
    )) as [[string]];
    const text = found.slice(0, KEYS);
    const lists: Choices[] = [];
    for (let length = 1; length <= KEYS; length++) {
      const like = `FROM counted WHERE contains(lower(label), lower('${text.slice(0, length)}'))`;
      const values = await sql(`SELECT label, n ${like} ORDER BY n DESC, label LIMIT ${LIMIT}`);
      const [[matching]] = (await sql(`SELECT count(*) ${like}`)) as [[string]];
      lists.push({
        values: values.map(([value, count]) => ({ value: String(value), count: Number(count) })),
        matching: Number(matching),
      });
    }
    return { text, lists };
  });
}

/** Asks at every key, however long the answer before takes. */
async function typeByHttp(
  server: BenchServer,
  dataset: string,
  text: string,
  lists: readonly Choices[],
): Promise<number[]> {
  const filters = encodeURIComponent(JSON.stringify(FILTERS));
  const column = `datasets/${dataset}/columns/label/values?limit=${LIMIT}&filters=${filters}`;
  // The dropdown is open before anybody types.
  await server.get(column);
  const asked = lists.map(async (expected, key) => {
    await sleep(key * KEY_MS);
    const search = encodeURIComponent(text.slice(0, key + 1));
    const startedAt = performance.now();
    const found = await server.get<Choices>(`${column}&search=${search}`);
    const elapsed = performance.now() - startedAt;
    const values = found.values.filter(({ count }) => count > 0);
    if (JSON.stringify(values) !== JSON.stringify(expected.values))
      throw new Error(`The list for "${text.slice(0, key + 1)}" is not DuckDB’s.`);
    return elapsed;
  });
  return Promise.all(asked);
}

/** Types into the page itself; the list of a key is there when its first entry and its length are the expected ones. */
async function typeInPage(
  { url }: BenchServer,
  dataset: string,
  text: string,
  lists: readonly Choices[],
): Promise<number[]> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${url}explore/${dataset}?mark=histogram&x=delay&f.delay=${LOW}..${HIGH}`);
    await page.locator('[data-state=exact]').first().waitFor({ timeout: 60_000 });
    await page.locator('.filter-head button[aria-expanded]').filter({ hasText: 'label' }).click();
    await page.getByRole('combobox', { name: 'Search values of label' }).focus();
    await page.locator('.options [role=option]').first().waitFor();
    const first = lists.map(({ values }) => `${values[0]!.value} ${values.length}`);
    return await page.evaluate(typeText, { text, first, keyMs: KEY_MS });
  } finally {
    await browser.close();
  }
}

/** In the page: puts a letter into the field every `keyMs` and gives the milliseconds until its list is there. */
async function typeText(options: {
  text: string;
  first: readonly string[];
  keyMs: number;
}): Promise<number[]> {
  const { text, first, keyMs } = options;
  const field = document.activeElement as HTMLInputElement;
  const list = document.querySelector(`#${CSS.escape(field.getAttribute('aria-controls')!)}`)!;
  const typedAt: number[] = [];
  const listedAt: number[] = [];
  let wasBusy = false;
  const look = (): void => {
    const isBusy = list.getAttribute('aria-busy') === 'true';
    if (wasBusy && !isBusy) {
      const entries = list.querySelectorAll('[role=option]');
      const shown = `${entries[0]?.querySelector('.label')?.textContent} ${entries.length}`;
      let answered = typedAt.length - 1;
      while (answered >= listedAt.length && shown !== first[answered]) answered--;
      // A key whose own question was withdrawn for that of a later one is answered by the list of that.
      for (let key = listedAt.length; key <= answered; key++) listedAt.push(performance.now());
    }
    wasBusy = isBusy;
  };
  const observer = new MutationObserver(look);
  observer.observe(list, { childList: true, subtree: true, characterData: true, attributes: true });
  for (let key = 0; key < text.length; key++) {
    typedAt.push(performance.now());
    field.value = text.slice(0, key + 1);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, keyMs));
  }
  await new Promise((resolve) => setTimeout(resolve, 3000));
  observer.disconnect();
  return typedAt.map((at, key) => (listedAt[key] ?? Infinity) - at);
}
