// Runs a file of the bundle with the bytecode that the build has kept beside it: V8 then neither parses nor compiles what
// the start needs, a third of its time. Bytecode of another version of Node or of another file is refused by V8 itself, and
// the file is compiled as any other. CommonJS, as bytecode of ES modules can be kept from Node 22 on only.
'use strict';
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { Script } = require('node:vm');

const PARAMETERS = 'exports, require, module, __filename, __dirname';

/** Where the bytecode of a file lies, for this Node on this kind of machine. */
function bytecodeOf(file) {
  return `${file}.${process.version}-${process.platform}-${process.arch}.bytecode`;
}

/** Runs a CommonJS file. Gives what it exports, and its script, whose bytecode can be kept. */
function runCached(file) {
  // On one line with the first of the source, so that line numbers stay.
  const source = `(function (${PARAMETERS}) {${readFileSync(file, 'utf8')}\n})`;
  const script = new Script(source, {
    filename: file,
    cachedData: readIfThere(bytecodeOf(file)),
  });
  const module = { exports: {} };
  const run = script.runInThisContext();
  run.call(module.exports, module.exports, createRequire(file), module, file, path.dirname(file));
  return { exports: module.exports, script };
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

module.exports = { bytecodeOf, runCached };
