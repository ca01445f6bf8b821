import { useEffect } from 'preact/hooks';
import { splitName } from '../../../protocol/parameter-names.js';
import { api } from '../state/api.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';

/**
 * Has the server compute a combination of parameters that it does not have: to ask for one is to begin it. Gives what is wrong
 * with the values. `onOther` hears where the combination goes by another name: in another order, or without a default.
 */
export function useInstance(name: string, onOther: (name: string) => void): Error | undefined {
  const { datasets } = useStore();
  const isMissing =
    splitName(name) !== undefined &&
    datasets.list.value !== null &&
    datasets.find(name) === undefined;
  const { error, value } = useAnswer(isMissing ? name : null, (signal) =>
    api.dataset(name, signal),
  );
  useEffect(() => {
    if (value === undefined) return;
    if (isMissing && value.name !== name) onOther(value.name);
    void datasets.refresh();
  }, [value]);
  return isMissing ? error : undefined;
}
