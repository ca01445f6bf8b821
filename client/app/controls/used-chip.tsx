import type { ComponentChildren, JSX } from 'preact';

/** What a chip says: struck out where it filters nothing, for the reason `unused`. */
export function UsedChip({
  unused,
  children,
}: {
  unused: string | undefined;
  children: ComponentChildren;
}): JSX.Element {
  return unused === undefined ? (
    <span>{children}</span>
  ) : (
    <span title={`Not used: ${unused}`}>
      <s>{children}</s>
      <span class="sr-only">, not used: {unused}</span>
    </span>
  );
}
