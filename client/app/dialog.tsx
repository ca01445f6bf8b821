import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { Icon } from './icon.js';
import '../styles/dialog.css';

/** A modal dialog on the browser's own element, which holds the focus and gives it back. */
export function Dialog({
  title,
  wide = false,
  children,
  onClose,
}: {
  title: string;
  wide?: boolean;
  children: ComponentChildren;
  onClose: () => void;
}): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  // In the same task: a key that comes between would go to the page.
  useLayoutEffect(() => element.current?.showModal(), []);
  return (
    <dialog
      ref={element}
      class={`dialog${wide ? ' wide' : ''}`}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
    >
      <div class="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            class="button quiet icon"
            aria-label="Close"
            onClick={() => element.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
