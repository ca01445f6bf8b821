import { expect, test } from 'vitest';
import type { Guards } from '../../../protocol/schedule.js';
import type { HalftoneError } from '../../../server/errors.js';
import { checkGuards } from '../../../server/jobs/guards.js';
import type { Manifest } from '../../../server/snapshots/manifest.js';
import { fakeSnapshot } from '../helpers.js';

function manifestOf(rows: number, columns: Record<string, string>): Manifest {
  const { manifest } = fakeSnapshot('a', { rows });
  const [column] = manifest.columns;
  return {
    ...manifest,
    columns: Object.entries(columns).map(([name, type]) => ({
      ...column!,
      info: { ...column!.info, name, type },
    })),
  };
}

const before = manifestOf(1000, { x: 'BIGINT', y: 'DOUBLE' });
const same = { x: 'BIGINT', y: 'DOUBLE' };

/** What is said against a version of so many rows and these columns; undefined where nothing is. */
function refusal(
  guards: Partial<Guards>,
  rows: number,
  columns: Record<string, string> = same,
  old: Manifest | null = before,
): string | undefined {
  const all: Guards = { minRows: 1, maxDrop: 0.8, schema: 'additive', ...guards };
  try {
    checkGuards(all, old ?? undefined, manifestOf(rows, columns));
    return undefined;
  } catch (error) {
    expect((error as HalftoneError).code).toBe('REFRESH_REFUSED');
    return (error as HalftoneError).message;
  }
}

test('a version like the one before passes', () => {
  expect(refusal({}, 1000)).toBeUndefined();
  expect(refusal({ schema: 'same', maxDrop: 0 }, 1000)).toBeUndefined();
});

test('too few rows are refused, also of a first version', () => {
  const says = 'The new version of "a" has 0 rows, and 1 are the least.';
  expect(refusal({}, 0)).toBe(says);
  expect(refusal({}, 0, same, null)).toBe(says);
  expect(refusal({ minRows: 0 }, 0, same, null)).toBeUndefined();
  expect(refusal({ minRows: 1001 }, 1000)).toContain('1001 are the least');
});

test('the largest drop is one that passes', () => {
  expect(refusal({}, 200)).toBeUndefined();
  expect(refusal({}, 199)).toBe(
    'The new version of "a" has 199 rows in place of 1000: 80 % are gone.',
  );
  expect(refusal({ maxDrop: 0 }, 999)).toContain('in place of 1000');
  expect(refusal({ maxDrop: 1, minRows: 0 }, 0)).toBeUndefined();
});

test('the policies for columns differ in what they let through', () => {
  const less = { x: 'BIGINT' };
  const more = { ...same, z: 'DATE' };
  const other = { ...same, y: 'VARCHAR' };
  expect(refusal({ schema: 'additive' }, 1000, less)).toBe(
    'The new version of "a" lacks the column "y".',
  );
  expect(refusal({ schema: 'additive' }, 1000, other)).toBe(
    'The new version of "a" has the column "y" as VARCHAR, which was DOUBLE.',
  );
  expect(refusal({ schema: 'additive' }, 1000, more)).toBeUndefined();
  expect(refusal({ schema: 'same' }, 1000, more)).toContain('has the column "z" beside');
  for (const columns of [less, more, other])
    expect(refusal({ schema: 'accept' }, 1000, columns)).toBeUndefined();
});
