#!/usr/bin/env node
import { statSync } from 'node:fs';

// `npm run build` puts the server and all that it imports into one file, with its bytecode: it starts in a quarter of the time
// that some six hundred files take. Where the compiler alone has run since then, it is out of date.
const bundle = new URL('../bundle/command-line.js', import.meta.url);
const bundledAt = changedAt(bundle);
const compiled = ['protocol', 'workers', 'server'].map(
  (folder) => new URL(`../${folder}/tsconfig.tsbuildinfo`, import.meta.url),
);
const isCurrent = bundledAt > 0 && compiled.every((info) => changedAt(info) <= bundledAt);
await import((isCurrent ? bundle : new URL('./command-line.js', import.meta.url)).href);

/** When a file was last written; 0 where there is none. */
function changedAt(file: URL): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
