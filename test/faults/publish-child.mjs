// Publishes a snapshot with one fault at the n-th write to the disk. Run by publish.test.ts, against the built product:
//   node publish-child.mjs CACHE SOURCE die-before|die-after N
//   node publish-child.mjs CACHE SOURCE ENOSPC|EIO N
// The process dies, or the call throws; then what a load does after a failure is done, and it is tried once more.
// The last line of stdout tells: { step, steps, published, code, message, left, retried }.
import { readdirSync } from 'node:fs';
import { Faults } from './faulty-disk.mjs';

const [cache, source, kind, nth] = process.argv.slice(2);
const faults = new Faults(kind, Number(nth));

const { openStore } = await import('../../dist/server/snapshots/store.js');
const { explainDiskError } = await import('../../dist/server/snapshots/disk-error.js');
const { CACHE_FORMAT } = await import('../../dist/server/snapshots/manifest.js');
const { SegmentWriter } = await import('../../dist/server/snapshots/segment-writer.js');

const dataset = {
  name: 'numbers',
  kind: 'csv',
  files: [source],
  united: false,
  csv: {},
  strict: false,
};
const columns = [
  { name: 'n', type: 'INTEGER', logical: { kind: 'integer', bits: 32, signed: true } },
  { name: 'word', type: 'VARCHAR', logical: { kind: 'text' } },
];
const words = {
  size: 2,
  offsets: Int32Array.of(0, 3, 6),
  bytes: new TextEncoder().encode('onetwo'),
};

/** Three batches of 1,000 rows; the old snapshot has two. */
function fill({ dir, id, sequence, createdAt, fingerprint }) {
  const writer = new SegmentWriter({
    dir,
    columns,
    dictionary: (i) => (i === 1 ? words : undefined),
  });
  try {
    for (let batch = 0; batch < 3; batch++) {
      const n = Int32Array.from({ length: 1000 }, (_, i) => batch * 1000 + i);
      writer.append(1000, [
        { storage: 'int32', nulls: 0, data: new Uint8Array(n.buffer), min: 0, max: 2999 },
        { storage: 'dict8', nulls: 0, data: Uint8Array.from(n, (value) => value % 2) },
      ]);
    }
    return {
      format: CACHE_FORMAT,
      id,
      dataset: 'numbers',
      sequence,
      createdAt,
      rows: 3000,
      source: fingerprint,
      columns: columns.map(({ name, type, logical }) => ({
        logical,
        info: { name, type, kind: logical.kind === 'text' ? 'text' : 'number', nulls: 0 },
      })),
      segments: writer.finish(),
      report: {
        lines: 1,
        rows: 1,
        setAside: 0,
        nulled: 0,
        warnings: [],
        findings: [],
        elapsedMs: 1,
      },
    };
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

async function publish(store) {
  const draft = await store.begin(dataset);
  try {
    return await draft.publish(fill(draft));
  } catch (error) {
    await draft.discard();
    throw explainDiskError(error, cache);
  }
}

faults.arm();
const result = { published: false };
const store = await openStore({ dir: cache, now: () => new Date() });
try {
  await publish(store);
  result.published = true;
} catch (error) {
  result.code = error.code;
  result.message = error.message;
}
faults.disarm();
if (!result.published) {
  const [newest] = await store.snapshots(dataset);
  const names = readdirSync(cache, { recursive: true });
  result.left = {
    rows: newest.manifest.rows,
    partials: names.filter((name) => name.includes('partial')),
  };
  await publish(store);
  result.retried = true;
}
store.close();
console.log(JSON.stringify({ ...result, step: faults.step, steps: faults.steps }));
