import type { ComponentChildren, JSX } from 'preact';

/** A line of the panel: what is chosen at the left, its control at the right. */
export function Row({
  label,
  for: id,
  children,
}: {
  label: string;
  for?: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="control-row">
      {id === undefined ? (
        <span class="control-label">{label}</span>
      ) : (
        <label class="control-label" for={id}>
          {label}
        </label>
      )}
      {children}
    </div>
  );
}
