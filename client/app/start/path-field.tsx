import { useId, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { formatBytes } from '../format.js';
import { Icon } from '../icon.js';
import { ProblemError } from '../../data/ask.js';
import { api } from '../state/api.js';
import { useAnswer } from '../use-answer.js';

const TYPING_MS = 100;

/** A path of the server's machine, completed while it is typed; absent for visitors from other machines. */
export function PathField({ onOpen }: { onOpen: (path: string) => void }): JSX.Element | null {
  const id = useId();
  const [path, setPath] = useState('');
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const { value: entries = [], error } = useAnswer(
    path,
    (signal) => api.files(path, signal),
    TYPING_MS,
  );
  if (error instanceof ProblemError) return null;
  const shown = open ? entries : [];
  const take = (index: number): void => {
    const entry = shown[index];
    if (!entry) return;
    setPath(entry.path);
    setActive(-1);
    setOpen(entry.kind === 'folder');
    if (entry.kind === 'file') onOpen(entry.path);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') {
      setOpen(true);
      setActive(Math.min(shown.length - 1, active + 1));
    } else if (event.key === 'ArrowUp') setActive(Math.max(-1, active - 1));
    else if (event.key === 'Escape' && open) setOpen(false);
    else if (event.key === 'Enter' && active >= 0) take(active);
    else if (event.key === 'Tab' && !event.shiftKey && open && shown.length > 0 && path !== '') {
      // As in a terminal: Tab takes the first way to go on.
      const next = shown[Math.max(0, active)]!;
      if (next.path === path) return;
      setPath(next.path);
      setActive(-1);
    } else return;
    event.preventDefault();
  };
  return (
    <form
      class="path"
      onSubmit={(event) => {
        event.preventDefault();
        setOpen(false);
        if (path.trim() !== '') onOpen(path.trim());
      }}
    >
      <label for={id}>Path of a file or folder on this machine</label>
      <div class="path-row">
        <div class="path-box">
          <input
            id={id}
            class="field large"
            type="text"
            role="combobox"
            aria-expanded={shown.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            placeholder="/data/trips.parquet"
            value={path}
            onInput={(event) => {
              setPath(event.currentTarget.value);
              setActive(-1);
              setOpen(true);
            }}
            onKeyDown={onKeyDown}
            onFocus={() => setOpen(path !== '')}
            onBlur={() => setOpen(false)}
          />
          <ul
            id={`${id}-list`}
            class="completions"
            role="listbox"
            aria-label="Ways to go on"
            hidden={shown.length === 0}
          >
            {shown.map((entry, index) => (
              <li
                key={entry.path}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === active}
                onMouseDown={(event) => {
                  event.preventDefault();
                  take(index);
                }}
              >
                <Icon name={entry.kind} />
                <span class="label">{entry.path}</span>
                {entry.bytes !== null && <span class="count">{formatBytes(entry.bytes)}</span>}
              </li>
            ))}
          </ul>
        </div>
        <button type="submit" class="button primary large" disabled={path.trim() === ''}>
          Open
        </button>
      </div>
    </form>
  );
}
