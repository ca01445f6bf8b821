// `npm run dev`: the compiler, the server and the page, each rebuilt as its sources change.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, ensureBuilt, ensureInstalled } from './prepare.mjs';

ensureInstalled();
ensureBuilt();

const inPackage = (entry) => join(ROOT, 'node_modules', ...entry.split('/'));
const children = [
  [
    inPackage('typescript/bin/tsc'),
    '-b',
    '-w',
    '--preserveWatchOutput',
    'protocol',
    'workers',
    'server',
  ],
  [
    '--watch',
    '--enable-source-maps',
    join(ROOT, 'dist/server/command-line.js'),
    'serve',
    '--samples',
    '--port',
    '8642',
  ],
  [inPackage('vite/bin/vite.js')],
].map((args) => spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }));

const stop = () => {
  for (const child of children) child.kill();
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children) child.on('exit', stop);
