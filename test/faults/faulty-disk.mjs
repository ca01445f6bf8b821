// Puts a fault into the n-th call that writes to the disk, by standing in for Node's own functions: the product
// knows nothing of it. Import it, and make a `Faults`, before anything that imports node:fs by name.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

/** Calls that only read are not counted. */
const isReading = (flags) => flags === undefined || flags === 'r';

export class Faults {
  /** The names of the steps so far. */
  steps = [];
  /** The name of the step that failed. */
  step;
  #kind;
  #nth;
  #armed = false;
  // Node's functions call one another: only the outermost counts.
  #depth = 0;
  #paths = new Map();

  /** `kind` is `die-before`, `die-after`, or the code of an error that is thrown; nothing fails where `nth` is 0. */
  constructor(kind, nth) {
    this.#kind = kind;
    this.#nth = nth;
    for (const name of ['writeFileSync', 'renameSync', 'linkSync', 'mkdirSync', 'rmSync']) {
      this.#wrapSync(name, (args) => name === 'mkdirSync' && fs.existsSync(args[0]));
    }
    this.#wrapSync('openSync', (args) => isReading(args[1]));
    this.#wrapSync('writevSync', undefined, (args) => {
      const [fd, parts, position] = args;
      const [first] = parts;
      return [fd, [first.subarray(0, first.length >> 1)], position];
    });
    this.#wrapSync('fsyncSync');
    for (const name of ['rename', 'mkdir', 'rm', 'rmdir']) {
      this.#wrap(fs.promises, name, (args) => basename(String(args[0])));
    }
    this.#wrapOpen();
    syncBuiltinESMExports();
  }

  arm() {
    this.#armed = true;
  }

  disarm() {
    this.#armed = false;
  }

  /** True where this call is the one that fails. */
  #isDue(name) {
    this.steps.push(name);
    if (this.steps.length !== this.#nth) return false;
    this.step = name;
    return true;
  }

  #die() {
    process.stdout.write(`${this.step}\n`);
    process.kill(process.pid, 'SIGKILL');
    // Nothing may happen until the signal is there.
    for (;;);
  }

  #wrapSync(name, isFree = () => false, half) {
    const original = fs[name];
    fs[name] = (...args) => {
      if (!this.#armed || this.#depth > 0 || isFree(args)) return original(...args);
      const target = typeof args[0] === 'number' ? this.#paths.get(args[0]) : String(args[0]);
      const due = this.#isDue(`${name} ${basename(target ?? '')}`);
      this.#depth++;
      try {
        if (due && this.#kind === 'die-before') {
          // A write that was torn is worse than one that never began.
          if (half !== undefined) original(...half(args));
          this.#die();
        }
        if (due && this.#kind !== 'die-after') throw this.#error();
        const result = original(...args);
        if (name === 'openSync') this.#paths.set(result, args[0]);
        if (due) this.#die();
        return result;
      } finally {
        this.#depth--;
      }
    };
  }

  #wrap(owner, name, nameOf) {
    const original = owner[name];
    const faults = this;
    owner[name] = async function (...args) {
      if (!faults.#armed) return original.apply(this, args);
      const due = faults.#isDue(`${name} ${nameOf.call(this, args)}`);
      if (due && faults.#kind === 'die-before') {
        if (name === 'writeFile') await original.call(this, args[0].slice(0, args[0].length >> 1));
        faults.#die();
      }
      if (due && faults.#kind !== 'die-after') throw faults.#error();
      try {
        return await original.apply(this, args);
      } finally {
        // Also after a call that failed by itself, as making a folder does that is there.
        if (due) faults.#die();
      }
    };
  }

  #wrapOpen() {
    const original = fs.promises.open;
    fs.promises.open = async (...args) => {
      const [path, flags] = args;
      if (this.#armed && !isReading(flags)) {
        const due = this.#isDue(`open ${basename(String(path))}`);
        if (due && this.#kind === 'die-before') this.#die();
        if (due && this.#kind !== 'die-after') throw this.#error();
        const handle = await original(...args);
        if (due) this.#die();
        return this.#watch(handle, path);
      }
      return this.#watch(await original(...args), path);
    };
  }

  #watch(handle, path) {
    this.#wrap(handle, 'sync', () => basename(String(path)));
    this.#wrap(handle, 'writeFile', () => basename(String(path)));
    return handle;
  }

  #error() {
    return Object.assign(new Error(`${this.#kind}: a fault at ${this.step}`), { code: this.#kind });
  }
}
