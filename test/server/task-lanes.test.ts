import { queueOptionsSymbol } from 'piscina';
import { expect, test } from 'vitest';
import { BULK, TaskLanes } from '../../server/task-lanes.js';

const task = (name: string) =>
  ({ name, [queueOptionsSymbol]: name.startsWith('bulk') ? BULK : null }) as never;

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
