import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.js';

/** What a list leaves free at the edge of the window, in CSS pixels. */
const EDGE = 8;

/** A button that opens a list of links and buttons; Escape, a click elsewhere and the focus that goes away close it. */
export function Menu({
  icon,
  label,
  text,
  class: extra = '',
  disabled = false,
  children,
}: {
  icon?: IconName;
  label: string;
  /** What the button says, where it is no icon alone. */
  text?: ComponentChildren;
  class?: string;
  disabled?: boolean;
  children: (close: () => void) => ComponentChildren;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return undefined;
    const close = (event: PointerEvent): void => {
      if (!host.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, [open]);
  // At the right edge of the window it keeps inside; of a chart at the lower one its end would not be seen.
  useLayoutEffect(() => {
    if (!open) return;
    const list = host.current?.lastElementChild as HTMLElement;
    const beyond = list.getBoundingClientRect().right + EDGE - innerWidth;
    if (beyond > 0) list.style.translate = `${-beyond}px`;
    list.scrollIntoView({ block: 'nearest' });
  }, [open]);
  const close = (): void => {
    setOpen(false);
    host.current?.querySelector('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    event.preventDefault();
    close();
  };
  const onFocusOut = (event: FocusEvent): void => {
    const to = event.relatedTarget as Node | null;
    if (to && !host.current?.contains(to)) setOpen(false);
  };
  return (
    <div ref={host} class={`menu ${extra}`} onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button
        type="button"
        class={text === undefined ? 'button quiet icon' : 'button'}
        aria-label={text === undefined ? label : undefined}
        title={text === undefined ? label : undefined}
        aria-expanded={open}
        aria-controls={id}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {icon && <Icon name={icon} />}
        {text}
      </button>
      {open && (
        <div id={id} class="menu-list" role="group" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
