import type { JSX } from 'preact';
import { Icon } from '../icon.js';

/** A number between two ends that follows from the data, or is `usual`, until somebody moves it. */
export function Slider({
  id,
  label,
  value,
  ends,
  usual,
  isLog = false,
  onChoose,
}: {
  id: string;
  label: string;
  value: number | undefined;
  ends: readonly [number, number];
  usual?: number;
  /** Equal steps are equal factors. */
  isLog?: boolean;
  /** `isFinal` when the person has let go. */
  onChoose: (value: number | undefined, isFinal: boolean) => void;
}): JSX.Element {
  const [to, from] = isLog ? [Math.log10, (at: number) => 10 ** at] : [Number, Number];
  const [low, high] = [to(ends[0]), to(ends[1])];
  const shown = value ?? usual;
  const reset = usual === undefined ? 'Fit the rows' : `As usual: ${usual}`;
  const take = (input: HTMLInputElement, isFinal: boolean): void =>
    onChoose(Number(from(input.valueAsNumber).toPrecision(2)), isFinal);
  return (
    <div class="slider">
      <input
        id={id}
        type="range"
        min={low}
        max={high}
        step={isLog ? 0.05 : 0.5}
        value={shown === undefined ? (low + high) / 2 : to(shown)}
        class={shown === undefined ? 'auto' : ''}
        aria-valuetext={shown === undefined ? 'fits the rows' : String(shown)}
        onInput={(event) => take(event.currentTarget, false)}
        onChange={(event) => take(event.currentTarget, true)}
      />
      <output for={id}>{shown ?? 'auto'}</output>
      {value !== undefined && (
        <button
          type="button"
          class="button quiet icon"
          title={reset}
          aria-label={`${label}: ${reset.toLowerCase()}`}
          onClick={() => onChoose(undefined, true)}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
