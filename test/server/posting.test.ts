import { expect, test } from 'vitest';
import { asPosted } from '../../server/posting.js';
import type { ColumnBatch, ColumnView, Span, TableView } from '../../workers/columns.js';
import { received, type Posted } from '../../workers/posted.js';

const span = (k: number): Span => ({ slab: 0, offset: 64 * k, length: 64 });

function columnsOf(batches: number): ColumnView[] {
  const batch = (_: unknown, k: number): ColumnBatch => ({
    storage: 'int64',
    nulls: k,
    data: span(k),
    min: -(2n ** 63n),
    max: 2n ** 63n - 1n,
  });
  return ['t', 'y'].map((name) => ({
    name,
    type: 'BIGINT',
    logical: { kind: 'integer' } as ColumnView['logical'],
    batches: Array.from({ length: batches }, batch),
  }));
}

function taskOf(columns: ColumnView[], more: object = {}) {
  const batches = columns[0]!.batches.length;
  const table: TableView = {
    rows: batches,
    batchRows: Array.from({ length: batches }, () => 1),
    columns,
    slabs: [new SharedArrayBuffer(64)],
  };
  return { table, plan: { kind: 'line' }, ...more };
}

const postedColumns = (task: object): Posted =>
  (task as { table: { columns: unknown } }).table.columns as Posted;

test('a task is the same after it was posted', () => {
  const pyramids = [[...Array.from({ length: 20 }, (_, k) => span(k)), undefined]];
  const task = taskOf(columnsOf(20), { pyramids, orders: pyramids[0] });
  const posted = asPosted(task);
  expect(postedColumns(posted).bytes).toBeInstanceOf(SharedArrayBuffer);
  expect(received(posted)).toEqual(task);
});

test('columns that were posted are read once, and slabs with every task', () => {
  const columns = columnsOf(20);
  const [one, other] = [taskOf(columns), taskOf(columns)].map(
    (task) => received(asPosted(task)) as typeof task,
  );
  expect(other!.table.columns).toBe(one!.table.columns);
  expect(other!.table.slabs).not.toBe(one!.table.slabs);
});

test('other columns are never taken for those that were posted before', () => {
  const [one, other] = [columnsOf(20), columnsOf(21)].map((columns) => asPosted(taskOf(columns)));
  expect(postedColumns(one!).posted).not.toBe(postedColumns(other!).posted);
  expect((received(other!) as TaskOf).table.columns).toEqual(columnsOf(21));
  expect((received(one!) as TaskOf).table.columns).toEqual(columnsOf(20));
});

test('what was posted long ago is read again', () => {
  const task = taskOf(columnsOf(20));
  const first = received(asPosted(task)) as TaskOf;
  for (let k = 0; k < 40; k++) received(asPosted(taskOf(columnsOf(8 + k))));
  const again = received(asPosted(task)) as TaskOf;
  expect(again).toEqual(first);
  expect(again.table.columns).not.toBe(first.table.columns);
});

test('few batches, and tasks without a table, go as they are', () => {
  const task = taskOf(columnsOf(2), { pyramids: [[span(1), span(2)]] });
  expect(asPosted(task)).toEqual(task);
  expect(received(task)).toEqual(task);
  expect(received(asPosted({ bytes: new Uint8Array(3) }))).toEqual({ bytes: new Uint8Array(3) });
});

type TaskOf = ReturnType<typeof taskOf>;
