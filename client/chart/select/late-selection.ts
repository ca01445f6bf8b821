import type { Filter } from '../../../protocol/query.js';
import type { ChartOptions, Tool } from '../types.js';
import type { SelectionGround } from './ground.js';
import type { RowSelection } from './select-rows.js';

/**
 * Selects rows once there is a picture to select in: its script comes behind the first one, and none comes where nobody
 * listens and nothing is marked.
 */
export function createLateSelection(
  element: HTMLElement,
  ground: () => SelectionGround | undefined,
  onSelect: ChartOptions['onSelect'],
): RowSelection {
  let rows: RowSelection | undefined;
  let tool: Tool = 'move';
  let given: readonly Filter[] | null = null;
  let isWanted = true;
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    const { selectRows } = await import('./select-rows.js');
    if (!isWanted) return;
    rows = selectRows(element, ground, onSelect);
    rows.setTool(tool);
    if (given !== null) rows.set(given);
  }

  function begin(): void {
    if (onSelect === undefined && given === null) return;
    loading ??= load().catch(() => {
      // Its script cannot be had: the next picture tries again.
      loading = undefined;
    });
  }

  return {
    setTool(next) {
      tool = next;
      rows?.setTool(next);
    },
    set(filters) {
      given = filters;
      if (rows) rows.set(filters);
      else if (ground() !== undefined) begin();
    },
    clear() {
      if (rows) rows.clear();
      else if (given !== null) {
        given = null;
        onSelect?.(null, 'final', undefined);
      }
    },
    key: (event) => rows?.key(event) ?? false,
    takesClicks: () => rows?.takesClicks() ?? false,
    draw() {
      if (rows) rows.draw();
      else if (ground() !== undefined) begin();
    },
    destroy() {
      isWanted = false;
      rows?.destroy();
    },
  };
}
