import type { JSX } from 'preact';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { ParameterForm } from '../parameters/parameter-form.js';
import { useInstance } from '../parameters/use-instance.js';
import { Failure } from '../start/failure.js';
import { useStore } from '../store.js';
import { datasetOf, tidy, withCombination, type DashboardState } from './dashboard-state.js';

/** The parameters of the datasets of a dashboard, each with the charts that show it. */
export function ParameterBar({ state }: { state: DashboardState }): JSX.Element | null {
  const { datasets } = useStore();
  const known = state.datasets.flatMap((name) => {
    const info = datasets.list.value?.find((each) => each.name === name);
    return info?.parameters === undefined ? [] : [info];
  });
  if (known.length === 0) return null;
  return (
    <div class="parameter-bar">
      {known.map((info) => (
        <Combination key={info.name} state={state} base={info} />
      ))}
    </div>
  );
}

function Combination({ state, base }: { state: DashboardState; base: DatasetInfo }): JSX.Element {
  const { datasets, navigation } = useStore();
  const name = datasetOf(state.dashboard, state.view.value, base.name);
  const error = useInstance(name, (other) =>
    navigation.replace({
      page: 'dashboard',
      view: tidy(withCombination(state.dashboard, state.view.value, base.name, other)),
    }),
  );
  return (
    <>
      <ParameterForm
        base={base.name}
        parameters={base.parameters!}
        name={name}
        info={datasets.list.value?.find((each) => each.name === name)}
        onRun={(next) =>
          state.change((view) => withCombination(state.dashboard, view, base.name, next))
        }
      />
      {error && <Failure error={error} />}
    </>
  );
}
