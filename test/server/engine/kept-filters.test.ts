import { describe, expect, test } from 'vitest';
import type { Filter, Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { IsWorthKeeping } from '../../../server/engine/worth-keeping.js';
import type { Pool } from '../../../server/pool.js';
import type { FillBitsTask } from '../../../workers/select/fill-bits.js';
import { derivedBeside } from '../../helpers/derived-beside.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { randomNumbers, testColumn } from '../../helpers/test-columns.js';

const ROWS = 40_000;
const BATCH = 16_384;
const columns: TestColumn[] = [
  testColumn('int16', ROWS),
  testColumn('cents', ROWS),
  testColumn('word', ROWS),
  testColumn('text', ROWS),
  testColumn('flag', ROWS),
];
const FILTERS: readonly Filter[] = [
  { op: 'range', column: 'int16', min: -500, max: 900 },
  { op: 'range', column: 'int16', min: 100 },
  { op: 'in', column: 'word', values: ['a', 'ATL', null] },
  { op: 'in', column: 'word', values: ['東京'], exclude: true },
  { op: 'contains', column: 'text', text: 'air' },
  { op: 'in', column: 'cents', values: [1, 2.5, 99.99] },
  { op: 'null', column: 'cents' },
  {
    op: 'polygon',
    x: 'cents',
    y: 'int16',
    points: [
      [0, -2000],
      [90, -1000],
      [60, 1900],
      [10, 300],
    ],
  },
  { op: 'not', filter: { op: 'range', column: 'cents', max: 50 } },
  { op: 'in', column: 'flag', values: [true] },
  { op: 'range', column: 'int16', min: 5000 },
];
const MARKS: readonly Omit<Query, 'dataset'>[] = [
  { mark: 'histogram', x: 'cents' },
  { mark: 'scatter', x: 'cents', y: 'int16', method: 'density', width: 20, height: 10 },
  { mark: 'bar', x: 'word', aggregate: { op: 'sum', column: 'cents' } },
  { mark: 'value', aggregate: { op: 'mean', column: 'cents' } },
  { mark: 'rows', columns: ['text', 'int16'], sort: [{ column: 'cents' }], limit: 7 },
];

interface Spied {
  pool: Pool;
  /** The filters that were run to be kept, a batch at a time, by what they test. */
  filled: string[];
  /** Tasks that wait, where `hold` is set. */
  held: (() => void)[];
  hold: boolean;
  holdScans: boolean;
  fail: boolean;
  tasks: FillBitsTask[];
  /** How many turns of the event loop a task waits for a thread. */
  turns: () => number;
}

function spied(): Spied {
  const inner = inlinePool();
  const spy: Spied = {
    pool: inner,
    filled: [],
    held: [],
    tasks: [],
    hold: false,
    holdScans: false,
    fail: false,
    turns: () => 0,
  };
  spy.pool = {
    ...inner,
    run: (async (name: 'fillBits', task: FillBitsTask, options: undefined) => {
      if (name === 'fillBits') {
        spy.tasks.push(task);
        for (const { batch } of task.into) spy.filled.push(`${task.predicate.test} ${batch}`);
        if (spy.hold) await new Promise<void>((resolve) => spy.held.push(resolve));
        if (spy.fail) throw new Error('A thread has ended.');
      }
      if ((name as string) === 'scan' && spy.holdScans)
        await new Promise<void>((resolve) => spy.held.push(resolve));
      // As among threads, others go on between a task's coming and its run.
      for (let turns = spy.turns(); turns > 0; turns--)
        await new Promise((resolve) => setImmediate(resolve));
      return inner.run(name, task, options);
    }) as Pool['run'],
  };
  return spy;
}

function stage(
  isWorthKeeping: IsWorthKeeping = () => true,
  budgetBytes?: number,
  leastZonedRows = Infinity,
) {
  const { snapshot, store, table } = memorySnapshot(columns, BATCH);
  const spy = spied();
  const derived = derivedBeside(table.slabs as SharedArrayBuffer[], budgetBytes);
  const engine = createEngine({
    store: { ...store, derived },
    pool: spy.pool,
    isWorthKeeping,
    leastZonedRows,
  });
  const plain = createEngine({
    store: { lease: (...asked) => store.lease(...asked) },
    pool: inlinePool(),
  });
  const frame = (filters: readonly Filter[], mark = 0, signal?: AbortSignal) =>
    engine.frame(snapshot, { dataset: 'test', ...MARKS[mark]!, filters: [...filters] }, signal);
  const expected = async (filters: readonly Filter[], mark = 0) =>
    (await plain.frame(snapshot, { dataset: 'test', ...MARKS[mark]!, filters: [...filters] }))
      .bytes;
  return { spy, engine, snapshot, frame, expected };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('filters that are kept', () => {
  test('are run once, and where one of three changes, one is run', async () => {
    const { spy, frame, expected } = stage();
    const [range, other, words, , contains] = FILTERS;
    const first = await frame([range!, words!, contains!]);
    expect(first.bytes).toEqual(await expected([range!, words!, contains!]));
    expect(spy.filled.splice(0).sort()).toEqual(
      ['bytes', 'contains', 'range'].flatMap((test) => [0, 1, 2].map((b) => `${test} ${b}`)),
    );
    const second = await frame([contains!, other!, words!], 1);
    expect(second.bytes).toEqual(await expected([contains!, other!, words!], 1));
    expect(spy.filled.splice(0)).toEqual(['range 0', 'range 1', 'range 2']);
    // The same filter in other words, of a query that reads its columns in another order.
    const again = await frame([
      { op: 'in', column: 'word', values: [null, 'ATL', 'a', 'ATL'] },
      { op: 'range', column: 'int16', min: '100' },
    ]);
    expect(again.bytes).toEqual(await expected([words!, other!]));
    expect(spy.filled.length).toBeLessThanOrEqual(3);
  });

  test('are held once where a query names them twice', async () => {
    const { spy, frame, expected } = stage(() => true, 24 * 65_536);
    const twice = [FILTERS[0]!, FILTERS[0]!, { ...FILTERS[0]!, minExclusive: false } as Filter];
    for (const mark of [0, 1]) {
      const { bytes } = await frame(twice, mark);
      expect(bytes).toEqual(await expected(twice, mark));
    }
    expect(spy.filled).toEqual(['range 0', 'range 1', 'range 2']);
    // Their memory is given back whole: what comes next finds room, and is right.
    for (const filter of FILTERS)
      expect((await frame([filter, filter])).bytes).toEqual(await expected([filter]));
  });

  test('are run once for those who ask at the same time', async () => {
    const { spy, frame, expected } = stage();
    const filters = [FILTERS[7]!];
    const frames = await Promise.all(MARKS.map((_, mark) => frame(filters, mark)));
    expect(spy.filled.sort()).toEqual(['polygon 0', 'polygon 1', 'polygon 2']);
    for (const [mark, { bytes }] of frames.entries())
      expect(bytes).toEqual(await expected(filters, mark));
  });

  test('are run to their end while one still waits for them', async () => {
    const { spy, frame, expected } = stage();
    spy.hold = true;
    const filters = [FILTERS[7]!];
    const gone = new AbortController();
    const first = frame(filters, 0, gone.signal);
    first.catch(() => undefined);
    await soon();
    const second = frame(filters, 1);
    await soon();
    gone.abort();
    for (const { cancel } of spy.tasks) expect(cancel!.words[cancel!.index]).toBe(0);
    for (const go of spy.held) go();
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await second).bytes).toEqual(await expected(filters, 1));
    expect(spy.filled.sort()).toEqual(['polygon 0', 'polygon 1', 'polygon 2']);
  });

  test('are asked to stop when the last has gone, and seen by nobody then', async () => {
    const { spy, frame, expected } = stage();
    spy.hold = true;
    const filters = [FILTERS[7]!];
    const gone = [new AbortController(), new AbortController()];
    const asked = gone.map(({ signal }) => frame(filters, 0, signal));
    for (const one of asked) one.catch(() => undefined);
    await soon();
    const word = ({ cancel }: FillBitsTask) => cancel!.words[cancel!.index];
    gone[0]!.abort();
    expect(spy.tasks.map(word)).toEqual([0, 0]);
    gone[1]!.abort();
    expect(spy.tasks.map(word)).toEqual([1, 1]);
    // Who comes now neither waits for them for ever nor takes what there is of them.
    const late = frame(filters);
    await soon();
    spy.hold = false;
    for (const go of spy.held) go();
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await late).bytes).toEqual(await expected(filters));
    expect((await frame(filters)).bytes).toEqual(await expected(filters));
    expect(spy.filled.length).toBe(6);
  });

  test('are given to nobody else while a scan reads them', async () => {
    // Room for the bits of one filter.
    const { spy, frame, expected } = stage(() => true, 24 * 65_536);
    spy.holdScans = true;
    const [first, ...others] = [FILTERS[7]!, FILTERS[0]!, FILTERS[4]!, FILTERS[5]!];
    const reading = frame([first], 3);
    await soon();
    spy.holdScans = false;
    for (const filter of others)
      expect((await frame([filter], 3)).bytes).toEqual(await expected([filter], 3));
    expect(spy.filled.length).toBe(12);
    for (const go of spy.held) go();
    expect((await reading).bytes).toEqual(await expected([first], 3));
  });

  test('that cannot be made are run by the scan', async () => {
    const { spy, frame, expected } = stage();
    spy.fail = true;
    const filters = [FILTERS[0]!, FILTERS[7]!];
    expect((await frame(filters)).bytes).toEqual(await expected(filters));
    spy.fail = false;
    expect((await frame(filters)).bytes).toEqual(await expected(filters));
  });

  test('are kept by the second who meets them where that is the rule', async () => {
    const { spy, frame } = stage((_predicate, { uses }) => uses > 1);
    await frame([FILTERS[0]!]);
    expect(spy.filled).toEqual([]);
    await frame([FILTERS[0]!], 1);
    expect(spy.filled.length).toBe(3);
  });

  test('tell which blocks need not be looked at', async () => {
    const { frame } = stage();
    const nowhere: Filter = {
      op: 'polygon',
      x: 'cents',
      y: 'int16',
      // Between two of the values that there are.
      points: [
        [50.001, 0],
        [50.004, 0],
        [50.004, 10],
      ],
    };
    const { plan, metadata } = await frame([nowhere]);
    expect(metadata.rows).toMatchObject({ total: ROWS, matched: 0 });
    expect(plan).toEqual({
      tier: 'scan',
      reason: '2 scans of the rows; 5 of 5 blocks cannot match; 1 of 1 filter from its bits',
      rowsTouched: 0,
      bytesTouched: 0,
    });
    const { plan: some } = await frame([FILTERS[0]!, FILTERS[7]!], 3);
    expect(some.reason).toBe('one scan of the rows; 2 of 2 filters from their bits');
    expect(some.rowsTouched).toBe(ROWS);
  });

  test('count for dropdowns too', async () => {
    const { spy, engine, snapshot } = stage();
    const filters = [FILTERS[7]!];
    const { values } = await engine.values(snapshot, { column: 'word', limit: 100, filters });
    await engine.values(snapshot, { column: 'flag', limit: 100, filters });
    expect(spy.filled.length).toBe(3);
    const { store } = memorySnapshot(columns, BATCH);
    const plain = createEngine({
      store: { lease: (...asked) => store.lease(...asked) },
      pool: inlinePool(),
    });
    const expected = await plain.values(snapshot, { column: 'word', limit: 100, filters });
    expect(values).toEqual(expected.values);
  });
});

// One page for what is derived; a few; all of it.
test.each([8 * 65_536, 48 * 65_536, 2 ** 26])(
  'random queries get the same frames with kept filters and without, %i bytes of memory',
  async (budgetBytes) => {
    const random = randomNumbers(budgetBytes);
    const isWorthKeeping = () => random() % 4 > 0;
    const { spy, frame, expected } = stage(isWorthKeeping, budgetBytes, 0);
    spy.turns = () => random() % 4;
    for (let round = 0; round < 12; round++) {
      const asked = Array.from({ length: 1 + (random() % 6) }, () => ({
        filters: FILTERS.filter(() => random() % 5 === 0),
        mark: random() % MARKS.length,
        withdraw: random() % 8 === 0,
      }));
      await Promise.all(
        asked.map(async ({ filters, mark, withdraw }) => {
          const gone = new AbortController();
          const answer = frame(filters, mark, gone.signal);
          answer.catch(() => undefined);
          if (withdraw) {
            const turns = random() % 6;
            for (let turn = 0; turn < turns; turn++)
              await new Promise((resolve) => setImmediate(resolve));
            gone.abort();
            await answer.catch(() => undefined);
          } else {
            const { bytes } = await answer;
            expect(Buffer.compare(bytes, await expected(filters, mark))).toBe(0);
          }
        }),
      );
    }
  },
);
