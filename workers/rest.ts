import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collectGarbage: (() => void) | undefined;

/**
 * Lets go of what the last tasks have left behind. A thread that waits for work never comes to collecting by itself,
 * and its heap is so small that arrays of hundreds of megabytes beside it would stay for ever.
 */
export function rest(): void {
  if (collectGarbage === undefined) {
    // Flags are of the whole process: taken back here, another thread that is just at this line would find no function.
    setFlagsFromString('--expose-gc');
    collectGarbage = runInNewContext('gc') as () => void;
  }
  collectGarbage();
}
