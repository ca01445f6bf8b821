import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'client');

/** The scripts and styles that stand between the built page and its first chart: its own, the chart's, and what those import. */
export function shellFiles(): Map<string, Buffer> {
  const page = readFileSync(join(FOLDER, 'index.html'), 'utf8');
  const assets = readdirSync(join(FOLDER, 'assets'));
  const entries = [...page.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.(?:js|css))"/gu)]
    .map(([, name]) => name!)
    .filter((name) => !name.startsWith('plotly'));
  const waiting = [...entries, ...assets.filter((name) => /^chart-[^.]+\.js$/u.test(name))];
  const files = new Map<string, Buffer>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (files.has(name)) continue;
    const bytes = readFileSync(join(FOLDER, 'assets', name));
    files.set(name, bytes);
    // `import{a}from"./b.js"` and `import"./b.js"`, not `import("./b.js")`.
    for (const [, next] of bytes.toString().matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/gu)) {
      waiting.push(next!);
    }
  }
  return files;
}
