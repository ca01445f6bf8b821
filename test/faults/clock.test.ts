import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JobInfo } from '../../protocol/job.js';
import type { Run } from '../../protocol/run.js';
import { fakeClock, type FakeClock } from '../helpers/fake-clock.js';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { ensureKernel } from '../server/loader/csv/helpers/load.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** One run at half past two, and one every half hour. */
const NIGHT = {
  nightly: '{ cron: "30 2 * * *", timeZone: Europe/Berlin }',
  half: '{ cron: "*/30 * * * *", timeZone: Europe/Berlin }',
};

let folder: string;
beforeEach(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone clock ü '));
  writeFileSync(join(folder, 'table.csv'), 'x\n1\n2\n3\n');
});
afterEach(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a server whose clock shows `time`, with a dataset for each schedule. */
async function startAt(
  clock: FakeClock,
  time: string,
  schedules: Record<string, string>,
): Promise<Halftone> {
  const datasets = Object.entries(schedules).map(
    ([name, refresh]) => `  ${name}: { files: table.csv, refresh: ${refresh} }\n`,
  );
  writeFileSync(join(folder, 'halftone.yaml'), `version: 1\ndatasets:\n${datasets.join('')}`);
  clock.set(time);
  const args = ['--config', 'halftone.yaml', '--port', '0', '--cache-dir', 'cache'];
  const server = halftone(args, { cwd: folder, through: clock.through });
  for (const name of Object.keys(schedules)) {
    await server.settled(name);
    await vi.waitFor(
      async () => expect((await jobOf(server, name)).refresh!.nextRun).not.toBeNull(),
      WAIT,
    );
  }
  return server;
}

async function jobOf(server: Halftone, dataset: string): Promise<JobInfo> {
  const answer = await fetch(`${await server.address()}/api/v1/jobs`);
  const { jobs } = (await answer.json()) as { jobs: JobInfo[] };
  return jobs.find((job) => job.dataset === dataset)!;
}

/** The runs of a schedule, the oldest first. */
async function runsOf(server: Halftone, dataset: string): Promise<Run[]> {
  const { runs } = await jobOf(server, dataset);
  return runs.filter(({ trigger }) => trigger === 'schedule').reverse();
}

const timesOf = async (server: Halftone, dataset: string): Promise<string[]> =>
  (await runsOf(server, dataset)).map(({ plannedAt }) => plannedAt.slice(5, 16));

/** Waits until the newest run of the schedule is that of `time` and has ended well. */
async function ran(server: Halftone, dataset: string, time: string): Promise<void> {
  await vi.waitFor(async () => {
    const newest = (await runsOf(server, dataset)).at(-1);
    expect(newest?.plannedAt.slice(5, 16)).toBe(time);
    expect(newest?.state).toBe('done');
  }, WAIT);
}

const nextOf = async (server: Halftone, dataset: string): Promise<string> =>
  (await jobOf(server, dataset)).refresh!.nextRun!.slice(5, 16);

describe('a server whose clock', () => {
  test('goes forward by an hour at night runs what was to be then once, as soon as the hour is over', async (context) => {
    const clock = fakeClock(folder);
    if (clock === undefined) return context.skip('There is no libfaketime.');
    const server = await startAt(clock, '2026-03-29T00:20:00Z', NIGHT);
    clock.set('2026-03-29T00:30:00Z');
    await ran(server, 'half', '03-29T00:30');
    expect(await nextOf(server, 'nightly')).toBe('03-29T01:00');
    // 03:00 in summer time, which comes after 01:59.
    clock.set('2026-03-29T00:59:58Z');
    await ran(server, 'half', '03-29T01:00');
    await ran(server, 'nightly', '03-29T01:00');
    expect(await nextOf(server, 'nightly')).toBe('03-30T00:30');
    for (const half of ['01:30', '02:00']) {
      clock.set(`2026-03-29T${half}:00Z`);
      await ran(server, 'half', `03-29T${half}`);
    }
    expect(await timesOf(server, 'nightly')).toEqual(['03-29T01:00']);
    expect(await timesOf(server, 'half')).toEqual(
      ['00:30', '01:00', '01:30', '02:00'].map((time) => `03-29T${time}`),
    );
    expect(await server.stop()).toBe(0);
  });

  test('goes back by an hour at night runs what is to be then once, and every half hour in both', async (context) => {
    const clock = fakeClock(folder);
    if (clock === undefined) return context.skip('There is no libfaketime.');
    const server = await startAt(clock, '2026-10-25T00:20:00Z', NIGHT);
    clock.set('2026-10-25T00:30:00Z');
    await ran(server, 'half', '10-25T00:30');
    await ran(server, 'nightly', '10-25T00:30');
    expect(await nextOf(server, 'nightly')).toBe('10-26T01:30');
    // 02:00 and 02:30 once more, in winter time.
    for (const half of ['01:00', '01:30', '02:00']) {
      clock.set(`2026-10-25T${half}:00Z`);
      await ran(server, 'half', `10-25T${half}`);
    }
    expect(await timesOf(server, 'nightly')).toEqual(['10-25T00:30']);
    expect(await timesOf(server, 'half')).toEqual(
      ['00:30', '01:00', '01:30', '02:00'].map((time) => `10-25T${time}`),
    );
    expect(await server.stop()).toBe(0);
  });

  test('is set back repeats no run of a cron line, stops no pace, and lists all in the order in which they were', async (context) => {
    const clock = fakeClock(folder);
    if (clock === undefined) return context.skip('There is no libfaketime.');
    const schedules = { ...NIGHT, pace: '{ every: 10m }' };
    const server = await startAt(clock, '2026-06-01T00:25:00Z', schedules);
    clock.set('2026-06-01T00:30:00Z');
    for (const name of ['nightly', 'half', 'pace']) await ran(server, name, '06-01T00:30');
    clock.set('2026-06-01T00:05:00Z');
    await vi.waitFor(async () => expect(await nextOf(server, 'pace')).toBe('06-01T00:10'), WAIT);
    clock.set('2026-06-01T00:10:00Z');
    await ran(server, 'pace', '06-01T00:10');
    // The time that was run already comes again.
    clock.set('2026-06-01T00:30:00Z');
    await ran(server, 'pace', '06-01T00:30');
    clock.set('2026-06-01T01:00:00Z');
    for (const name of ['half', 'pace']) await ran(server, name, '06-01T01:00');
    expect(await timesOf(server, 'nightly')).toEqual(['06-01T00:30']);
    expect(await timesOf(server, 'half')).toEqual(['06-01T00:30', '06-01T01:00']);
    expect(await timesOf(server, 'pace')).toEqual(
      ['00:30', '00:10', '00:30', '01:00'].map((time) => `06-01T${time}`),
    );

    // A clock that was wrong by years starts every schedule anew, after a restart as well.
    expect(await server.stop()).toBe(0);
    const again = await startAt(clock, '2020-06-01T00:25:00Z', schedules);
    for (const name of ['nightly', 'half', 'pace'])
      await vi.waitFor(async () => expect(await nextOf(again, name)).toBe('06-01T00:30'), WAIT);
    clock.set('2020-06-01T00:30:00Z');
    for (const name of ['nightly', 'half', 'pace']) await ran(again, name, '06-01T00:30');
    const newest = (await runsOf(again, 'nightly')).at(-1)!;
    expect(newest.plannedAt).toBe('2020-06-01T00:30:00.000Z');
    expect(await again.stop()).toBe(0);
  });
});
