/** Something that a chart shows over its picture. */
export interface ChartPart<W> {
  /** Puts it where it belongs; without a place it is hidden. */
  place(where: W | undefined): void;
  destroy(): void;
}

/** Stands for a part whose script is loaded where a chart first has it: few do. */
export interface LatePart<W> extends ChartPart<W> {
  /** Resolves when it stands where it was placed last. */
  loaded(): Promise<void> | undefined;
}

export function createLatePart<W>(load: () => Promise<ChartPart<W>>): LatePart<W> {
  let part: ChartPart<W> | undefined;
  let where: W | undefined;
  let isWanted = true;
  let loading: Promise<void> | undefined;

  async function begin(): Promise<void> {
    const made = await load();
    if (!isWanted) {
      made.destroy();
      return;
    }
    part = made;
    part.place(where);
  }

  return {
    place(next) {
      if (!isWanted) return;
      where = next;
      if (where !== undefined) {
        loading ??= begin().catch(() => {
          // Its script cannot be had: the next picture tries again.
          loading = undefined;
        });
      }
      part?.place(where);
    },
    loaded: () => loading,
    destroy() {
      isWanted = false;
      part?.destroy();
    },
  };
}
