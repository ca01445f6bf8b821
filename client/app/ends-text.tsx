import type { JSX } from 'preact';

/** Names this long, in letters, may find no room; so many of the last ones always stay. */
const LONG = 12;
const TAIL = 8;

/**
 * A name on one line. Where there is no room for it, its middle is left out: names of files and columns often differ in their
 * last letters alone.
 */
export function EndsText({ text, class: name }: { text: string; class: string }): JSX.Element {
  const letters = Array.from(text);
  if (letters.length < LONG) return <span class={name}>{text}</span>;
  return (
    <span class={`${name} ends`}>
      <span class="sr-only">{text}</span>
      <span aria-hidden="true">{letters.slice(0, -TAIL).join('')}</span>
      <span aria-hidden="true">{letters.slice(-TAIL).join('')}</span>
    </span>
  );
}
