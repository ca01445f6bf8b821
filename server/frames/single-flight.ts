/** Work that is under way, and how many wait for it. */
interface Flight<T> {
  promise: Promise<T>;
  askers: number;
  controller: AbortController;
}

/** Makes equal requests share one piece of work. */
export interface SingleFlight<T> {
  /**
   * Runs `work`, or joins the run of the same key. An asker whose signal fires leaves with an AbortError; when the
   * last one has gone, the work's own signal fires, and the next asker begins anew.
   */
  run(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): { promise: Promise<T>; joined: boolean };
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();

  function start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight: Flight<T> = { controller, askers: 0, promise: work(controller.signal) };
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    flight.promise.then(land, land);
    flights.set(key, flight);
    return flight;
  }

  return {
    run(key, work, signal) {
      const underway = flights.get(key);
      const flight = underway ?? start(key, work);
      flight.askers++;
      const leave = () => {
        if (--flight.askers > 0) return;
        if (flights.get(key) === flight) flights.delete(key);
        flight.controller.abort();
      };
      return { joined: underway !== undefined, promise: untilGone(flight.promise, leave, signal) };
    },
  };
}

function untilGone<T>(promise: Promise<T>, leave: () => void, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => {
      leave();
      reject(new DOMException('The request was withdrawn.', 'AbortError'));
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settle = () => signal.removeEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(settle);
  });
}
