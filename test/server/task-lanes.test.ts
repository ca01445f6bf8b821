import { queueOptionsSymbol } from 'piscina';
import { expect, test } from 'vitest';
import { BULK, FINISH, TaskLanes } from '../../server/task-lanes.js';

const task = (name: string) =>
  ({
    name,
    [queueOptionsSymbol]: name.startsWith('bulk') ? BULK : name.startsWith('end') ? FINISH : null,
  }) as never;

function drain(lanes: TaskLanes): string[] {
  const names: string[] = [];
  while (lanes.size > 0) names.push((lanes.shift() as unknown as { name: string }).name);
  return names;
}

test('what somebody waits for goes before bulk work, each in its order', () => {
  const lanes = new TaskLanes();
  for (const name of ['bulk 1', 'a', 'bulk 2', 'b']) lanes.push(task(name));
  expect(lanes.size).toBe(4);
  expect(drain(lanes)).toEqual(['a', 'b', 'bulk 1', 'bulk 2']);
  expect(lanes.shift()).toBeNull();
});

test('bulk work comes to its turn however much is asked', () => {
  const lanes = new TaskLanes();
  for (let i = 0; i < 30; i++) lanes.push(task(`${i}`));
  for (let i = 0; i < 3; i++) lanes.push(task(`bulk ${i}`));
  const order = drain(lanes);
  expect(order.filter((name) => name.startsWith('bulk'))).toEqual(['bulk 0', 'bulk 1', 'bulk 2']);
  expect(order.indexOf('bulk 0')).toBe(8);
  expect(order.indexOf('bulk 2')).toBeLessThan(30);
});

test('a task that is withdrawn leaves its lane', () => {
  const lanes = new TaskLanes();
  const [bulk, prompt] = [task('bulk'), task('a')];
  lanes.push(bulk);
  lanes.push(prompt);
  lanes.remove(bulk);
  expect(drain(lanes)).toEqual(['a']);
});

test('what ends begun work goes before what has not begun, and leaves bulk work its turn', () => {
  const lanes = new TaskLanes();
  for (const name of ['a', 'bulk', 'b', 'end a', 'end b']) lanes.push(task(name));
  expect(drain(lanes)).toEqual(['end a', 'end b', 'a', 'b', 'bulk']);
  for (let i = 0; i < 20; i++) lanes.push(task(`end ${i}`));
  lanes.push(task('bulk'));
  expect(drain(lanes).indexOf('bulk')).toBe(8);
});
