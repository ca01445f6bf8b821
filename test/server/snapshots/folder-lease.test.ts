import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createFolderLease,
  isAbandoned,
  type FolderLease,
} from '../../../server/snapshots/folder-lease.js';
import { ownHolder } from '../../../server/snapshots/lease-holder.js';

const MODULE = new URL('../../../dist/server/snapshots/folder-lease.js', import.meta.url).href;

let dir: string;
const taken: FolderLease[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'halftone-lease-'));
});
afterEach(() => {
  for (const lease of taken.splice(0)) lease.release();
  rmSync(dir, { recursive: true, force: true });
});

const leases = (): string[] => readdirSync(dir).filter((name) => name.startsWith('lease'));

function create(): FolderLease {
  const lease = createFolderLease(dir);
  taken.push(lease);
  return lease;
}

/** Leaves the lease of someone else, last heard of `ageMs` ago. */
function leaveLease(holder: object | string, ageMs = 0): void {
  const path = join(dir, 'lease-7.json');
  writeFileSync(path, typeof holder === 'string' ? holder : JSON.stringify(holder));
  const heard = new Date(Date.now() - ageMs);
  utimesSync(path, heard, heard);
}

describe('the lease of a folder', () => {
  test('is held by one at a time, and free after its release', () => {
    const [first, second] = [create(), create()];
    expect([first.hold(), second.hold(), first.hold()]).toEqual([true, false, true]);
    first.release();
    expect([second.hold(), first.hold()]).toEqual([true, false]);
    first.release();
    expect(second.hold()).toBe(true);
    expect(leases()).toEqual(['lease-2.json']);
  });

  test.each([
    ['a process that is gone', { pid: 2 ** 22 + 1 }],
    ['a process whose number another has got since', { started: '1' }],
  ])('is taken over from %s', (_name, change) => {
    leaveLease({ ...ownHolder(), ...change });
    expect(create().hold()).toBe(true);
    expect(leases()).toEqual(['lease-8.json']);
  });

  test.each(['', 'rubbish', 'null', '{}', '{"pid":"x"}'])(
    'is taken over from nobody: %j',
    (text) => {
      leaveLease(text);
      expect(create().hold()).toBe(true);
    },
  );

  test('of another machine or container is respected while it gives signs of life, and no longer', () => {
    const elsewhere = { ...ownHolder(), machine: 'elsewhere' };
    const lease = create();
    leaveLease(elsewhere, 50_000);
    expect(lease.hold()).toBe(false);
    leaveLease(elsewhere, 61_000);
    expect(lease.hold()).toBe(true);
  });

  test('gives signs of life', () => {
    vi.useFakeTimers();
    try {
      expect(create().hold()).toBe(true);
      const path = join(dir, 'lease-1.json');
      const text = readFileSync(path, 'utf8');
      utimesSync(path, 1, 1);
      vi.advanceTimersByTime(15_000);
      expect(statSync(path).mtimeMs).toBeGreaterThan(2_000);
      expect(readFileSync(path, 'utf8')).toBe(text);
    } finally {
      vi.useRealTimers();
    }
  });

  test('is lost with the folder, and taken again unless somebody else was faster', () => {
    const [first, second] = [create(), create()];
    expect(first.hold()).toBe(true);
    rmSync(dir, { recursive: true });
    expect(first.hold()).toBe(true);
    rmSync(dir, { recursive: true });
    expect(second.hold()).toBe(true);
    expect(first.hold()).toBe(false);
    first.release();
    expect(second.hold()).toBe(true);
  });

  test('is abandoned where nobody alive holds it', () => {
    expect(isAbandoned(dir)).toBe(false);
    const lease = create();
    lease.hold();
    expect(isAbandoned(dir)).toBe(false);
    lease.release();
    expect(isAbandoned(dir)).toBe(true);
    expect(leases()).toEqual(['lease-1.json']);
  });

  test('goes to exactly one of many processes that find it stale at once', async () => {
    // Each waits for the word, tries, and ends only when all have tried, or the lease would be free again.
    const script = `
      const { createFolderLease } = await import(${JSON.stringify(MODULE)});
      const lease = createFolderLease(process.argv[1]);
      process.stdin.once('data', () => console.log(lease.hold() ? 'writes' : 'reads'));
      process.stdin.once('end', () => process.exit());
      console.log('ready');`;
    for (let round = 0; round < 3; round++) {
      writeFileSync(join(dir, `lease-${round + 20}.json`), JSON.stringify({ pid: 2 ** 22 + 1 }));
      const children = Array.from({ length: 6 }, () =>
        spawn(process.execPath, ['--input-type=module', '-e', script, dir]),
      );
      const said = () => Promise.all(children.map(async ({ stdout }) => nextLine(stdout)));
      await said();
      const answers = said();
      for (const { stdin } of children) stdin.write('try\n');
      expect((await answers).sort()).toEqual([
        ...Array.from({ length: 5 }, () => 'reads'),
        'writes',
      ]);
      const gone = children.map((child) => once(child, 'exit'));
      for (const { stdin } of children) stdin.end();
      await Promise.all(gone);
    }
  });
});

async function nextLine(stream: Readable): Promise<string> {
  const [text] = (await once(stream, 'data')) as [Buffer];
  return String(text).trim();
}
