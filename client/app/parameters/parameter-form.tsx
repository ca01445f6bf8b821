import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { instanceName } from '../../../protocol/parameter-names.js';
import type { Parameters, ParameterValue } from '../../../protocol/parameters.js';
import { Failure } from '../start/failure.js';
import { api } from '../state/api.js';
import { ParameterField } from './parameter-field.js';
import { valuesOfName } from './values-of-name.js';

/**
 * The parameters of a computed dataset, and Run, which turns into Cancel while the combination is computed; then it says how
 * long that took.
 */
export function ParameterForm({
  base,
  parameters,
  name,
  info,
  onRun,
}: {
  base: string;
  parameters: Parameters;
  /** The combination that is shown. */
  name: string;
  /** What the server says of it; undefined while it has not begun. */
  info: DatasetInfo | undefined;
  onRun: (name: string) => void;
}): JSX.Element {
  const [chosen, setChosen] = useState<Readonly<Record<string, ParameterValue>>>({});
  const [error, setError] = useState<Error>();
  const shown = valuesOfName(name, parameters);
  useEffect(() => {
    setChosen({});
    setError(undefined);
  }, [name]);
  const values = { ...shown, ...chosen };
  const next = instanceName(base, parameters, values);
  const isRunning = info === undefined || info.status === 'loading';
  const hasFailed = info?.status === 'failed';
  const run = (): void => {
    if (next !== name) onRun(next);
    else void api.reload(name, {}).catch(setError);
  };
  return (
    <form
      class="parameters"
      aria-label={`Parameters of ${base}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRunning || next !== name) run();
      }}
    >
      {Object.entries(parameters).map(([key, parameter]) => (
        <label key={key} class="parameter">
          <span class="control-label">{key}</span>
          <ParameterField
            id={`parameter ${base} ${key}`}
            parameter={parameter}
            value={values[key]!}
            onChoose={(value) => setChosen((now) => ({ ...now, [key]: value }))}
          />
        </label>
      ))}
      {isRunning && next === name ? (
        <button
          type="button"
          class="button"
          onClick={() => void api.cancelLoad(name).catch(setError)}
        >
          Cancel
        </button>
      ) : (
        <button type="submit" class="button primary" disabled={next === name && !hasFailed}>
          Run
        </button>
      )}
      <output class="muted number" aria-live="polite">
        {isRunning ? (
          <Elapsed key={name} />
        ) : hasFailed ? (
          (info.problem?.detail ?? 'It failed.')
        ) : (
          info?.report && `computed in ${seconds(info.report.elapsedMs)}`
        )}
      </output>
      {error && <Failure error={error} />}
    </form>
  );
}

const TICK_MS = 100;

/** The time since it is there. */
function Elapsed(): JSX.Element {
  const [start] = useState(() => performance.now());
  const [now, setNow] = useState(start);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return <span aria-hidden="true">{seconds(now - start)}</span>;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
