// Part of the build: runs an entry of the bundle and keeps the bytecode of all that was compiled meanwhile.
//   node keep-bytecode.cjs ENTRY            an entry that does nothing until it is asked
//   node keep-bytecode.cjs ENTRY ARGUMENTS  the command line: a server, until its first dataset and frame are there
'use strict';
const { writeFileSync } = require('node:fs');
const path = require('node:path');
const { setTimeout: wait } = require('node:timers/promises');
const { bytecodeOf, runCached } = require('./run-cached.cjs');

const [name, ...args] = process.argv.slice(2);
const file = path.join(__dirname, `${name}.cjs`);
process.argv.splice(1, Infinity, file, ...args);

const isListening = new Promise((resolve) => {
  process.stdout.write = (text) => {
    const [, url] = /listening on (\S+)/u.exec(String(text)) ?? [];
    if (url !== undefined) resolve(url);
    return true;
  };
});

const { script } = runCached(file);
if (args.length === 0) keep();
else void isListening.then(useOnce).then(keep);

async function useOnce(url) {
  const get = async (path, query) => {
    const asked = query && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(query),
    };
    return (await fetch(`${url}/api/v1/${path}`, asked)).json();
  };
  for (;;) {
    const [{ name: dataset, status, columns }] = (await get('datasets')).datasets;
    if (status === 'loading') await wait(50);
    else return get('frame.json', { dataset, mark: 'histogram', x: columns[0].name });
  }
}

function keep() {
  writeFileSync(bytecodeOf(file), script.createCachedData());
  process.exit();
}
