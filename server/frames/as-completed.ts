/**
 * Does `work` for every item and gives the results as they are ready, whatever the order. At most `atOnce` items are
 * begun whose results nobody has taken yet: a reader that takes nothing stops the work. `work` must not reject.
 */
export async function* asCompleted<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<R>,
): AsyncGenerator<R, void> {
  const underway = new Map<number, Promise<[number, R]>>();
  let next = 0;
  const begin = (): void => {
    const index = next++;
    underway.set(
      index,
      work(items[index]!, index).then((result) => [index, result]),
    );
  };
  while (next < Math.min(atOnce, items.length)) begin();
  while (underway.size > 0) {
    const [index, result] = await Promise.race(underway.values());
    underway.delete(index);
    yield result;
    if (next < items.length) begin();
  }
}
