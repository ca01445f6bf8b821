// `npm start`: installs what is missing, builds what is stale, serves. Arguments go to `halftone serve`;
// without any, the samples are served.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, ensureBuilt, ensureInstalled } from './prepare.mjs';

ensureInstalled();
ensureBuilt();

const args = process.argv.slice(2);
process.argv = [process.argv[0], join(ROOT, 'dist', 'server', 'main.js'), ...args];
if (args.length === 0) process.argv.push('serve', '--samples');
await import(pathToFileURL(process.argv[1]).href);
