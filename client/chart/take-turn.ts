/** Lets the browser answer a person between two pieces of work that each take long; `who` does them. Undefined: it may begin at once. */
export type TakeTurn = (who: object) => Promise<void> | undefined;

/** Runs its argument in a task of its own, as soon as there is time. */
export type PostTask = (run: () => void) => void;

/**
 * Deals out turns: the first who asks in a task has it at once, until the task ends. Whoever else asks then has a later task,
 * in the order in which they came. `post` begins a task.
 */
export function createTurns(post: PostTask): TakeTurn {
  const waiting: { who: object; begin: () => void }[] = [];
  let holder: object | undefined;
  function next(): void {
    const first = waiting.shift();
    holder = first?.who;
    if (first === undefined) return;
    post(next);
    first.begin();
  }
  return (who) => {
    if (holder === who) return undefined;
    if (holder !== undefined) {
      return new Promise((begin) => {
        waiting.push({ who, begin });
      });
    }
    holder = who;
    post(next);
    return undefined;
  };
}

// A message begins a task without the four milliseconds that a timer may wait.
const { port1, port2 } = new MessageChannel();
const posted: (() => void)[] = [];
port1.addEventListener('message', () => posted.shift()?.());
port1.start();

/** The turns of this page: all charts share them, as they share its one thread. */
export const takeTurn = createTurns((run) => {
  posted.push(run);
  port2.postMessage(null);
});
