// Overwrites a CSV file in place every two seconds, piece by piece: argv is the file, how many versions, how many rows before the first.
// Version v has v in every row and v rows more. Sends each when it is complete, with the longest time in milliseconds that the file
// was left half written.
import { ftruncateSync, openSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [path, versions, rows] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const EVERY_MS = 2000;
const PIECES = 16;
/** Numbers of one width: any mix of two versions is a table that can be read. */
const FIRST = 1_000_000;

const file = openSync(path, 'r+');
for (let version = 1; version <= versions; version++) {
  const until = performance.now() + EVERY_MS;
  const lines = Array.from({ length: rows + version }, (_, i) => `${FIRST + version},${FIRST + i}`);
  const bytes = Buffer.from(`version,row\n${lines.join('\n')}\n`);
  const piece = Math.ceil(bytes.length / PIECES);
  let longestMs = 0;
  let writtenAt = performance.now();
  for (let at = 0; at < bytes.length; at += piece) {
    writeSync(file, bytes, at, Math.min(piece, bytes.length - at), at);
    longestMs = Math.max(longestMs, performance.now() - writtenAt);
    writtenAt = performance.now();
    await pause(20);
  }
  ftruncateSync(file, bytes.length);
  process.send({ version, longestMs });
  await pause(Math.max(0, until - performance.now()));
}
process.disconnect();
