import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { RunBench } from './result.js';
import { quantile } from './statistics.js';

const READERS = 1000;
const STALLED = 100;
const ROUNDS = 100;
/** Enough of what fills the connections of those who do not read. */
const MOST_FLOOD_ROUNDS = 1000;
/** As long as the description of a dataset with a problem. */
const PAD = 2000;
const FLOOD = 16 * 1024;

interface Published {
  round: number;
  startedAt: number;
  readers: number;
  most: number;
}

/** An event to a thousand readers, of whom a hundred do not read. */
export const fanOut: RunBench = async (report) => {
  const server = fork(join(import.meta.dirname, 'event-server.mjs'), {
    execArgv: ['--expose-gc'],
  });
  const { port, idle } = await next<{ port: number; idle: number }>(server, () => true);
  const args = [port, READERS, STALLED].map(String);
  const readers = fork(join(import.meta.dirname, 'event-readers.mjs'), args);
  try {
    await next(readers, (message) => message === 'ready');
    const times: number[] = [];
    let left = READERS;
    let most = 0;
    for (let round = 0; left > READERS - STALLED || round < ROUNDS; round++) {
      if (round === ROUNDS + MOST_FLOOD_ROUNDS) throw new Error(`${left} readers are left.`);
      const isOf = (message: unknown): boolean => (message as Published).round === round;
      const heard = next<{ at: number }>(readers, isOf);
      const published = next<Published>(server, isOf);
      server.send({ round, pad: round < ROUNDS ? PAD : FLOOD });
      const { startedAt, ...told } = await published;
      ({ readers: left, most } = told);
      const { at } = await heard;
      if (round < ROUNDS) times.push(at - startedAt);
    }
    if (left !== READERS - STALLED) throw new Error(`${left} readers are left.`);
    const gate = `all ${READERS - STALLED} heard every event, the ${STALLED} were let go`;
    const against = `${READERS} readers, ${STALLED} stalled`;
    report({
      name: 'event until the last reader heard it',
      against,
      value: quantile(times, 0.99),
      unit: 'ms',
      bar: 500,
      want: 'at most',
      gate,
      detail: `the 99th percentile of ${times.length} events of 2 kB, median ${quantile(times, 0.5).toFixed(0)} ms; server and readers share the cores`,
    });
    report({
      name: 'memory over idle while events are sent',
      against,
      value: (most - idle) / 1e6,
      unit: 'MB',
      bar: 40,
      want: 'at most',
      gate,
      detail: `the most at any time, with the connections and the events that are remembered: ${ROUNDS} of 2 kB, then of 16 kB until the stalled were let go`,
    });
  } finally {
    readers.disconnect();
    server.disconnect();
  }
};

/** The next message of a child for which `isIt` holds. */
function next<T>(child: ChildProcess, isIt: (message: unknown) => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`A child ended with ${code}.`));
    const onMessage = (message: unknown): void => {
      if (!isIt(message)) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(message as T);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
