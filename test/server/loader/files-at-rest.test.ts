import { appendFileSync, renameSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesAtRest, REST_MS } from '../../../server/loader/files-at-rest.js';
import { temporaryFolder } from './load-file.js';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.dir, 'a.csv');
  writeFileSync(path, 'n\n1\n2\n3\n');
});
afterEach(() => folder.remove());

const NOON = 1_780_000_000_000;
const touch = (ageMs: number): void => utimesSync(path, NOON / 1000, (NOON - ageMs) / 1000);

/** Looks at the file with a clock that stands at noon; `meanwhile` happens before each look. */
async function look(meanwhile: () => void = () => {}): Promise<{ looks: number; size: number }> {
  let looks = 0;
  const clock = (): number => {
    looks++;
    meanwhile();
    return NOON;
  };
  const [found] = await filesAtRest([path], { clock });
  return { looks, size: found!.size };
}

test('a file that nobody has written to for a moment is taken as it is, as is one from another clock', async () => {
  for (const ageMs of [REST_MS, 86_400_000, -5000]) {
    touch(ageMs);
    expect(await look()).toEqual({ looks: 1, size: 8 });
  }
});

test('a file that is being overwritten in place is waited for', async () => {
  touch(0);
  let left = 3;
  const { looks } = await look(() => {
    left--;
    touch(left > 0 ? left : REST_MS);
  });
  expect(looks).toBe(4);
});

test('one that never comes to rest is refused, be it overwritten, made anew or cut', async () => {
  let step = 0;
  const writers = [
    () => touch(step++ % REST_MS),
    () => {
      writeFileSync(`${path}.new`, 'n\n1\n2\n3\n'.repeat(++step));
      renameSync(`${path}.new`, path);
      touch(0);
    },
    () => {
      if (step++ % 2 === 0) appendFileSync(path, '1\n2\n');
      else truncateSync(path, 4);
      touch(step % REST_MS);
    },
  ];
  for (const write of writers) {
    step = 0;
    touch(0);
    await expect(look(write)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: 'a.csv is being written to all the time.',
    });
  }
});

test('a log that only grows is read as it is in the end', async () => {
  let step = 0;
  touch(0);
  const { looks, size } = await look(() => {
    appendFileSync(path, '4\n');
    touch(REST_MS - ++step);
  });
  expect(looks).toBeGreaterThan(5);
  expect(size).toBeGreaterThan(8);
});

test('a wait ends with its load', async () => {
  touch(0);
  const stop = new AbortController();
  const waiting = filesAtRest([path], {
    clock: () => {
      setImmediate(() => stop.abort());
      return NOON;
    },
    signal: stop.signal,
  });
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});
