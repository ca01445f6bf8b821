import type { JSX } from 'preact';
import { ThemeChoice } from './theme-tool.js';
import { Toggle } from './toggle.js';
import { Dialog } from './dialog.js';
import { useStore } from './store.js';

const KEYS: readonly [string, string][] = [
  ['wheel', 'zoom in and out'],
  ['drag', 'move the picture'],
  ['Shift drag', 'select rows'],
  ['click', 'select a bar, bin or cell, or take it back'],
  ['s', 'select a box or bin by keys: arrows move it, Shift sizes, Enter takes it, Esc clears'],
  ['double-click', 'fit, where a click selects nothing'],
  ['click a point', 'pin its row'],
  ['+  −  arrows', 'zoom and move, with the picture focused'],
  ['0', 'fit, on a dashboard the chart that is focused'],
  ['Ctrl Z, Ctrl Shift Z', 'undo, redo'],
  ['p', 'pause updates, and resume them'],
  ['f', 'go to the filters'],
  ['t', 'go to the table'],
  ['Ctrl C', 'copy the selected cells of the table'],
  ['?', 'this help'],
];

/** How to move around, and what the words mean. */
export function HelpDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { shortcuts } = useStore().preferences;
  return (
    <Dialog title="Help" onClose={onClose}>
      <p>
        Halftone draws every row of a table. Choose what is on the axes and filter by any column:
        changes apply at once, and Back takes them back. The address of the page holds the whole
        view, so a link shows others what you see.
      </p>
      <dl class="keys">
        {KEYS.map(([keys, meaning]) => (
          <>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
      <div class="control-row">
        <span class="control-label">Theme</span>
        <ThemeChoice />
      </div>
      <Toggle
        label="Single-key shortcuts"
        checked={shortcuts.value}
        onChange={(on) => (shortcuts.value = on)}
      />
    </Dialog>
  );
}
