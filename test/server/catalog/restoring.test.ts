import { expect, test } from 'vitest';
import { createCatalog } from '../../../server/catalog/catalog.js';
import type { CatalogParts } from '../../../server/catalog/parts.js';
import { HalftoneError } from '../../../server/errors.js';
import { createEventHub } from '../../../server/events/hub.js';
import { createRuns } from '../../../server/jobs/runs.js';
import { fakeParts, fakeSnapshot, fakeSource } from '../helpers.js';

const source = {
  ...fakeSource('a'),
  kind: 'command' as const,
  files: [],
  command: { argv: ['true'], cwd: '/' },
};
const copy = { path: '/a/data.parquet', crc32: 1, pulledAt: '2026-01-01T00:00:00.000Z' };

/** A catalog over a disk with a copy of lost rows; `copied` and `pulled` tell how reading it and pulling go. */
function make({ copied = async () => {}, pulled = async () => {} } = {}) {
  const events = createEventHub({ epoch: 't' });
  const runs = createRuns({ events, clock: Date.now });
  let onDisk = fakeSnapshot('a', { id: 'none' });
  const isLost = () => onDisk.manifest.id === 'none';
  const load: CatalogParts['load'] = async (_source, options) => {
    await (options.copy === undefined ? pulled() : copied());
    options.signal.throwIfAborted();
    const id = options.copy === undefined ? 'pulled' : 'copied';
    return (onDisk = { ...onDisk, manifest: { ...onDisk.manifest, id } });
  };
  const parts = fakeParts({
    load,
    lostCopy: async () => (isLost() ? copy : undefined),
    reopen: async () => (isLost() ? undefined : onDisk),
    fingerprint: async () => onDisk.manifest.source,
  });
  const catalog = createCatalog({ parts, events, runs, now: () => 0 });
  return {
    catalog,
    told: () => runs.list().map(({ trigger, state }) => `${trigger} ${state}`),
    answers: () => catalog.snapshot('a').manifest.id,
  };
}

test('lost rows come back from their copy, and nothing is pulled', async () => {
  const { catalog, told, answers } = make();
  catalog.add([source]);
  await catalog.idle();
  expect(answers()).toBe('copied');
  expect(told()).toEqual(['start done']);
});

test('a run that was asked for meanwhile pulls after that; where it fails, the rows of the copy answer', async () => {
  for (const [pulled, id, state] of [
    [async () => {}, 'pulled', 'done'],
    [() => Promise.reject(new HalftoneError('SOURCE_UNREADABLE', 'Down.')), 'copied', 'failed'],
  ] as const) {
    const { catalog, told, answers } = make({ pulled });
    catalog.add([source]);
    catalog.refresh('a', { trigger: 'manual' });
    await catalog.idle();
    expect(answers()).toBe(id);
    expect(told().toSorted()).toEqual([`manual ${state}`, 'start done']);
    expect(catalog.get('a').stale).toBe(state === 'failed' ? true : undefined);
  }
});

test('a copy that cannot be read is on record, and the source is pulled', async () => {
  const { catalog, told, answers } = make({
    copied: () => Promise.reject(new HalftoneError('CACHE_DAMAGED', 'The copy is damaged.')),
  });
  catalog.add([source]);
  await catalog.idle();
  expect(answers()).toBe('pulled');
  expect(told()).toEqual(['start done', 'start failed']);
});

test('a stop while the copy is read is told once, and nothing is pulled after it', async () => {
  let reading = () => {};
  const isReading = new Promise<void>((resolve) => (reading = resolve));
  let end = () => {};
  const copied = () => (reading(), new Promise<void>((resolve) => (end = resolve)));
  const { catalog, told } = make({ copied });
  catalog.add([source]);
  await isReading;
  expect(catalog.get('a').progress).toBeDefined();
  expect(catalog.cancel('a')).toBe(true);
  end();
  await catalog.idle();
  expect(catalog.get('a')).toMatchObject({ status: 'failed', problem: { code: 'LOAD_CANCELLED' } });
  expect(told()).toEqual(['start cancelled']);
});
