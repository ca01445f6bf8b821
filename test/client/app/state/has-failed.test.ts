import { expect, test } from 'vitest';
import { hasFailed } from '../../../../client/app/state/has-failed.js';

const problemOf = (code: string) => ({ problem: { code, title: 't', detail: 'd', status: 500 } });

test('a dataset has failed where there is a problem that nobody chose', () => {
  expect(hasFailed({})).toBe(false);
  expect(hasFailed(problemOf('SOURCE_UNREADABLE') as never)).toBe(true);
  expect(hasFailed(problemOf('LOAD_CANCELLED') as never)).toBe(false);
});
