// A writer that overwrites its file in place, as editors and exports do: argv is the file, how many versions, how many rows
// before the first. Version v has a million and v in every row and v rows more. Sends each version when it is complete, with the longest
// time in milliseconds that the file was left half written.
import { once } from 'node:events';
import { ftruncateSync, openSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [path, versions, rows] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const PIECE = 64 * 1024;
const FIRST = 1_000_000;
const HEADER = 'version,row\n';

const file = openSync(path, 'r+');
for (let version = 1; version <= versions; version++) {
  // All lines have one width: any mix of two versions is a table that can be read.
  const line = `${FIRST + version},7\n`;
  const bytes = Buffer.from(HEADER + line.repeat(rows + version));
  let longestMs = 0;
  let writtenAt;
  for (let at = 0; at < bytes.length; at += PIECE) {
    if (writtenAt !== undefined) await pause(120);
    writeSync(file, bytes, at, Math.min(PIECE, bytes.length - at), at);
    const now = performance.now();
    longestMs = Math.max(longestMs, now - (writtenAt ?? now));
    writtenAt = now;
  }
  ftruncateSync(file, bytes.length);
  process.send({ version, longestMs });
  // One in three is overwritten at once, while it is being read; the others when a message says that they were.
  if (version % 3 !== 0) await once(process, 'message');
}
process.disconnect();
