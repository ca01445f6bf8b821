import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Garbage that is worth collecting. With it V8 throws away the code that it has compiled for what tasks did last: the
 * first frames after a rest then take ten times as long, which those of a picture that needs little memory need not.
 */
const WORTH_BYTES = 24 * 2 ** 20;

let collectGarbage: (() => void) | undefined;
let keptBytes = 0;

/**
 * Lets go of what the last tasks have left behind. A thread that waits for work never comes to collecting by itself,
 * and its heap is so small that arrays of hundreds of megabytes beside it would stay for ever.
 */
export function rest(): void {
  if (bytesInUse() - keptBytes < WORTH_BYTES) return;
  if (collectGarbage === undefined) {
    // Flags are of the whole process: taken back here, another thread that is just at this line would find no function.
    setFlagsFromString('--expose-gc');
    collectGarbage = runInNewContext('gc') as () => void;
  }
  collectGarbage();
  keptBytes = bytesInUse();
}

/** Of this thread's heap and the arrays beside it; what is shared belongs to no thread. */
function bytesInUse(): number {
  const { used_heap_size: heap, external_memory: arrays } = getHeapStatistics();
  return heap + arrays;
}
