import { cpus, totalmem } from 'node:os';

const PROBE_BYTES = 2 ** 28;
const PROBES = 5;

/** Words for the machine that figures come from, with how fast one thread of it reads memory now. */
export function describeMachine() {
  const gib = Math.round(totalmem() / 2 ** 30);
  const readGbs = readBandwidth();
  const words = `${cpus().length} × ${cpus()[0].model.trim()}, ${gib} GiB, memory read at ${readGbs.toFixed(1)} GB/s by one thread, Node ${process.version}`;
  return { words, readGbs };
}

/** Bytes of memory that one thread reads in a nanosecond, at best: a search for what is not there looks at every byte. */
function readBandwidth() {
  const bytes = Buffer.alloc(PROBE_BYTES, 1);
  let least = Infinity;
  for (let probe = 0; probe < PROBES; probe++) {
    const started = performance.now();
    if (bytes.indexOf(2) >= 0) throw new Error('Found what is not there.');
    least = Math.min(least, performance.now() - started);
  }
  return PROBE_BYTES / 1e6 / least;
}
