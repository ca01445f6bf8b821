/** Values by key, of which those that were used last are kept. */
export interface Recent<T> {
  /** The value of `key` if it is kept; it then counts as used. */
  get(key: string): T | undefined;
  set(key: string, value: T): void;
}

/** Keeps values up to `maxSize` in all, each as large as `sizeOf` says; one that is larger than that is not kept. */
export function keepRecent<T>(maxSize: number, sizeOf: (value: T) => number = () => 1): Recent<T> {
  // A map lists its keys as they were put in, so the first is the one whose use is longest ago.
  const kept = new Map<string, T>();
  let size = 0;
  function remove(key: string): void {
    const value = kept.get(key);
    if (value !== undefined && kept.delete(key)) size -= sizeOf(value);
  }
  return {
    get(key) {
      const value = kept.get(key);
      if (value === undefined) return undefined;
      kept.delete(key);
      kept.set(key, value);
      return value;
    },
    set(key, value) {
      remove(key);
      if (sizeOf(value) > maxSize) return;
      kept.set(key, value);
      size += sizeOf(value);
      for (const oldest of kept.keys()) {
        if (size <= maxSize) return;
        remove(oldest);
      }
    },
  };
}
