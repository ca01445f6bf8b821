import { beforeEach, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../server/catalog/dataset.js';
import { createInstances, type Instances } from '../../../server/catalog/instances.js';
import { fakeSnapshot, fakeSource } from '../helpers.js';

const BYTES = 1000;
let datasets: Map<string, Dataset>;
let instances: Instances;
let started: string[];
let discarded: string[];
let removed: string[];
let clock: number;

/** A dataset of one parameter; what is started is loaded at once, unless `isSlow`. */
function setUp({ maxBytes = 3 * BYTES, isSlow = false } = {}): void {
  [started, discarded, removed, clock] = [[], [], [], 0];
  const source = fakeSource('sales');
  const parameters = { n: { type: 'integer', default: 0 } } as const;
  const base: Dataset = {
    source: { ...source, kind: 'sql', sql: { query: 'SELECT $n', inputs: [], parameters } },
    snapshots: [],
  };
  datasets = new Map([
    ['sales', base],
    ['plain', { source: fakeSource('plain'), snapshots: [] }],
  ]);
  instances = createInstances({
    datasets,
    maxBytes,
    now: () => clock,
    start: (dataset) => {
      started.push(dataset.source.name);
      if (isSlow) {
        const load = {
          controller: new AbortController(),
          settled: Promise.resolve(),
          isReading: true,
        };
        dataset.load = { ...load, progress: {} as never };
        return;
      }
      const snapshot = fakeSnapshot(dataset.source.name);
      snapshot.manifest.segments = [{ bytes: BYTES } as never];
      dataset.snapshots = [snapshot];
    },
    discard: async ({ manifest }) => void discarded.push(manifest.dataset),
    onRemoved: (name) => void removed.push(name),
  });
}
beforeEach(() => setUp());

describe('combinations of parameters', () => {
  test('are computed when they are asked for first, each once', () => {
    const first = instances.find('sales?n=1');
    expect(first!.source).toMatchObject({ name: 'sales?n=1', sql: { values: { n: 1 } } });
    expect(instances.find('sales?n=1')).toBe(first);
    expect(instances.find('sales?n=%31')).toBe(first);
    expect(started).toEqual(['sales?n=1']);
    expect(instances.find('sales?n=0')).toBe(datasets.get('sales'));
  });

  test('are of datasets that have parameters', () => {
    expect(
      ['sales', 'plain', 'plain?n=1', 'nothing?n=1', '?', ''].map((name) => instances.find(name)),
    ).toEqual(Array.from({ length: 6 }, () => undefined));
    expect(() => instances.find('sales?m=1')).toThrow('no parameter "m"');
  });

  test('go, the longest unused first, where they take more than their bytes', () => {
    for (const n of [1, 2, 3, 4]) {
      clock += 100_000;
      instances.find(`sales?n=${n}`);
    }
    expect(removed).toEqual([]);
    clock += 100_000;
    instances.find('sales?n=1');
    instances.find('sales?n=5');
    expect(removed).toEqual(['sales?n=2']);
    expect(discarded).toEqual(['sales?n=2']);
    expect([...datasets.keys()]).toContain('sales?n=1');
  });

  test('stay while somebody has asked for them lately', () => {
    for (const n of [1, 2, 3, 4, 5, 6]) instances.find(`sales?n=${n}`);
    expect(removed).toEqual([]);
  });

  test('go with what they are computed from', () => {
    for (const n of [1, 2]) instances.find(`sales?n=${n}`);
    instances.drop('sales');
    expect(removed).toEqual(['sales?n=1', 'sales?n=2']);
    expect([...datasets.keys()]).toEqual(['sales', 'plain']);
  });

  test('are refused where too many are being computed', () => {
    setUp({ isSlow: true });
    for (let n = 1; n <= 16; n++) instances.find(`sales?n=${n}`);
    expect(() => instances.find('sales?n=17')).toThrow('16 combinations');
  });
});
