import { useRef } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';

export interface RadioOption<T extends string> {
  value: T;
  /** What is shown and read aloud. */
  content: ComponentChildren;
  title?: string;
}

/** One choice of a few that are all in sight (WAI-ARIA radio group): one stop of Tab, arrow keys choose. */
export function RadioGroup<T extends string>({
  label,
  look,
  value,
  options,
  onChoose,
}: {
  label: string;
  look: 'marks' | 'segmented';
  value: T;
  options: readonly RadioOption<T>[];
  onChoose: (value: T) => void;
}): JSX.Element {
  const group = useRef<HTMLDivElement>(null);
  const at = options.findIndex((option) => option.value === value);
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowDown: 1,
      ArrowLeft: -1,
      ArrowUp: -1,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (at + step + options.length) % options.length;
    onChoose(options[next]!.value);
    group.current?.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
  };
  return (
    <div ref={group} class={look} role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {options.map((option, index) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={index === at}
          tabIndex={index === Math.max(0, at) ? 0 : -1}
          title={option.title}
          onClick={() => onChoose(option.value)}
        >
          {option.content}
        </button>
      ))}
    </div>
  );
}
