import type { JSX } from 'preact';
import { Icon } from '../icon.js';

/** A number between two ends that follows from the data until somebody moves it. */
export function Slider({
  id,
  label,
  value,
  ends,
  isLog = false,
  onChoose,
}: {
  id: string;
  label: string;
  value: number | undefined;
  ends: readonly [number, number];
  /** Equal steps are equal factors. */
  isLog?: boolean;
  /** `isFinal` when the person has let go. */
  onChoose: (value: number | undefined, isFinal: boolean) => void;
}): JSX.Element {
  const [to, from] = isLog ? [Math.log10, (at: number) => 10 ** at] : [Number, Number];
  const [low, high] = [to(ends[0]), to(ends[1])];
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
        value={value === undefined ? (low + high) / 2 : to(value)}
        class={value === undefined ? 'auto' : ''}
        aria-valuetext={value === undefined ? 'fits the rows' : String(value)}
        onInput={(event) => take(event.currentTarget, false)}
        onChange={(event) => take(event.currentTarget, true)}
      />
      <output for={id}>{value ?? 'auto'}</output>
      {value !== undefined && (
        <button
          type="button"
          class="button quiet icon"
          title="Fit the rows"
          aria-label={`${label}: fit the rows`}
          onClick={() => onChoose(undefined, true)}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
