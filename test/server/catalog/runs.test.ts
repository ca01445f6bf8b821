import { expect, test } from 'vitest';
import { createCatalog } from '../../../server/catalog/catalog.js';
import type { CatalogParts, LoadOptions } from '../../../server/catalog/parts.js';
import { HalftoneError } from '../../../server/errors.js';
import { createEventHub } from '../../../server/events/hub.js';
import { createRuns } from '../../../server/jobs/runs.js';
import type { DatasetSource } from '../../../server/loader/source.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import { fakeFingerprint, fakeParts, fakeSnapshot, fakeSource } from '../helpers.js';

const corrupt = new HalftoneError('SOURCE_CORRUPT', 'a.csv is damaged.');
const pulled: DatasetSource = {
  ...fakeSource('a'),
  kind: 'command',
  files: [],
  command: { argv: ['true'], cwd: '/' },
};

function make(parts: Partial<CatalogParts> = {}) {
  const events = createEventHub({ epoch: 't' });
  const runs = createRuns({ events, clock: Date.now });
  const catalog = createCatalog({ parts: fakeParts(parts), events, runs, now: () => 0 });
  const told = () => runs.list().map(({ trigger, state }) => `${trigger} ${state}`);
  return { catalog, runs, told };
}

/** A source whose loads end when the test says so. */
function manual() {
  const loads: { options: LoadOptions; end: (snapshot?: Snapshot) => void }[] = [];
  const load: CatalogParts['load'] = (_source, options) =>
    new Promise((resolve, reject) => {
      const end = (snapshot = fakeSnapshot('a', { id: `snap-${loads.length}` })): void =>
        resolve(snapshot);
      options.signal.addEventListener('abort', () =>
        reject(new HalftoneError('LOAD_CANCELLED', 'x')),
      );
      loads.push({ options, end });
    });
  const begun = (count: number) => expect.poll(() => loads.length).toBe(count);
  return { loads, load, begun };
}

test('the first load of a server, that of a changed file and that of new options are runs', async () => {
  let mtimeNs = '1';
  const { catalog, told } = make({
    fingerprint: async ({ name }) => fakeFingerprint(name, mtimeNs),
    load: async ({ name }) => fakeSnapshot(name, { mtimeNs, id: `snap-${mtimeNs}` }),
  });
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  await catalog.checkSources();
  await catalog.idle();
  expect(told()).toEqual(['start done']);
  mtimeNs = '2';
  await catalog.checkSources();
  await catalog.idle();
  catalog.reload('a', { strict: true });
  await catalog.idle();
  mtimeNs = '3';
  catalog.replace({ ...fakeSource('a'), strict: false });
  await catalog.idle();
  expect(told()).toEqual(['config done', 'manual done', 'change done', 'start done']);
});

test('what is on disk and current answers without a run', async () => {
  const { catalog, told } = make({ reopen: async ({ name }) => fakeSnapshot(name) });
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  expect(told()).toEqual([]);
});

test('a failure is recorded with its sentence, also where the source could not be looked at', async () => {
  let isGone = false;
  const missing = new HalftoneError('SOURCE_MISSING', 'The file "a.csv" does not exist.');
  const { catalog, runs } = make({
    reopen: async ({ name }) => (isGone ? fakeSnapshot(name) : undefined),
    fingerprint: async ({ name }) => {
      if (isGone) throw missing;
      return fakeFingerprint(name);
    },
    load: async () => {
      throw corrupt;
    },
  });
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  expect(runs.list()).toMatchObject([
    { state: 'failed', problem: { detail: 'a.csv is damaged.' } },
  ]);
  isGone = true;
  catalog.add([fakeSource('b')]);
  await catalog.idle();
  expect(runs.list('b')).toMatchObject([{ state: 'failed', problem: { code: 'SOURCE_MISSING' } }]);
});

test('a run that is asked for joins the one that is under way', async () => {
  const { load, loads, begun } = manual();
  const { catalog, told } = make({ load });
  catalog.add([pulled]);
  await begun(1);
  const first = catalog.refresh('a', { trigger: 'manual' });
  expect(first).toMatchObject({ trigger: 'start', state: 'running' });
  expect(catalog.refresh('a', { trigger: 'manual' }).id).toBe(first.id);
  loads[0]!.end();
  await catalog.idle();
  expect(told()).toEqual(['start done']);
});

test('files that have not changed are not read again, and the run says so', async () => {
  let loads = 0;
  const { catalog, runs } = make({
    reopen: async ({ name }) => (loads > 0 ? fakeSnapshot(name) : undefined),
    load: async ({ name }) => (loads++, fakeSnapshot(name)),
  });
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  catalog.refresh('a', { trigger: 'manual' });
  await catalog.idle();
  expect(loads).toBe(1);
  expect(runs.list()[0]).toMatchObject({ trigger: 'manual', state: 'done', snapshot: 'snap-1' });
  catalog.refresh('a', { trigger: 'manual', force: true });
  await catalog.idle();
  expect(loads).toBe(2);
});

test('a planned run is skipped, waits, or takes the place of the one under way, as it says', async () => {
  const { load, loads, begun } = manual();
  const { catalog, told } = make({ load });
  catalog.add([pulled]);
  await begun(1);
  catalog.refresh('a', { trigger: 'schedule', overlap: 'skip' });
  expect(told()).toEqual(['schedule skipped', 'start running']);
  const queued = catalog.refresh('a', { trigger: 'schedule', overlap: 'queue' });
  expect(queued.state).toBe('planned');
  // One may wait.
  expect(catalog.refresh('a', { trigger: 'schedule', overlap: 'queue' }).state).toBe('skipped');
  loads[0]!.end();
  await begun(2);
  catalog.refresh('a', { trigger: 'schedule', overlap: 'replace' });
  await begun(3);
  loads[2]!.end();
  await catalog.idle();
  expect(told()).toEqual([
    'schedule done',
    'schedule skipped',
    'schedule cancelled',
    'schedule skipped',
    'start done',
  ]);
  expect(catalog.get('a')).toMatchObject({ status: 'ready', snapshot: 'snap-3' });
});

test('a run is cancelled while it runs, and while it waits', async () => {
  const { load, loads, begun } = manual();
  const { catalog, runs, told } = make({ load });
  catalog.add([pulled]);
  await begun(1);
  const waiting = catalog.refresh('a', { trigger: 'schedule', overlap: 'queue' });
  await catalog.cancelRun(waiting.id);
  expect(runs.get(waiting.id).state).toBe('cancelled');
  const [, running] = runs.list();
  await catalog.cancelRun(running!.id);
  expect(runs.get(running!.id)).toMatchObject({
    state: 'cancelled',
    problem: { code: 'LOAD_CANCELLED' },
  });
  await catalog.cancelRun(running!.id);
  expect(told()).toEqual(['schedule cancelled', 'start cancelled']);
  expect(loads).toHaveLength(1);
});

test('a run that ends because the server does was interrupted', async () => {
  const { load, begun } = manual();
  const { catalog, runs } = make({ load });
  catalog.add([pulled]);
  await begun(1);
  await catalog.close();
  expect(runs.list()).toMatchObject([{ state: 'failed', problem: { code: 'RUN_INTERRUPTED' } }]);
});

test('the lines that a command writes are its log, and what differs from before is told', async () => {
  const { load, loads, begun } = manual();
  const { catalog, runs } = make({ load });
  catalog.add([pulled]);
  await begun(1);
  loads[0]!.options.onLog!('connected');
  loads[0]!.end(fakeSnapshot('a', { rows: 10 }));
  await catalog.idle();
  const { id } = catalog.refresh('a', { trigger: 'manual' });
  await begun(2);
  loads[1]!.end(fakeSnapshot('a', { rows: 12, id: 'snap-2' }));
  await catalog.idle();
  expect(runs.get(id).changes).toMatchObject({ rowsBefore: 10, rowsAfter: 12, columnsAdded: [] });
  const [, first] = runs.list();
  expect(first).not.toHaveProperty('changes');
  expect(runs.get(first!.id).log).toEqual(['connected']);
});
