import type { NowLine } from './now-line.js';

/** The line at the present, whose script is loaded where a chart first has it: few do. */
export function createLateNowLine(element: HTMLElement): NowLine {
  let line: NowLine | undefined;
  let where: Parameters<NowLine['place']>[0];
  let isWanted = true;
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    const { createNowLine } = await import('./now-line.js');
    if (!isWanted) return;
    line = createNowLine(element);
    line.place(where);
  }

  return {
    place(next) {
      where = next;
      if (where !== undefined) {
        loading ??= load().catch(() => {
          // Its script cannot be had: the next picture tries again.
          loading = undefined;
        });
      }
      line?.place(where);
    },
    destroy() {
      isWanted = false;
      line?.destroy();
    },
  };
}
