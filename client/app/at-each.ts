/**
 * Calls `run` at each whole `paceMs` of the clock: all who keep the same pace are called together, so that the browser draws
 * the page once for them. Returns what ends it.
 */
export function atEach(paceMs: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    timer = setTimeout(
      () => {
        wait();
        run();
      },
      paceMs - (Date.now() % paceMs),
    );
  };
  wait();
  return () => clearTimeout(timer);
}
