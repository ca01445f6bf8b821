import type { JSX } from 'preact';
import { Icon } from '../icon.js';
import { hasFailed } from '../state/has-failed.js';
import { useStore } from '../store.js';

/** The way to the jobs, with the number of datasets whose last load did not go well. */
export function JobsLink(): JSX.Element {
  const { navigation, datasets } = useStore();
  const failing = datasets.list.value?.filter(hasFailed).length ?? 0;
  const label = failing === 0 ? 'Jobs' : `Jobs, ${failing} failing`;
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigation.go({ page: 'jobs' });
  };
  return (
    <a
      class="button quiet icon jobs-link"
      href="jobs"
      aria-label={label}
      aria-current={navigation.place.value.page === 'jobs' ? 'page' : undefined}
      title={label}
      onClick={go}
    >
      <Icon name="time" />
      {failing > 0 && <span class="count">{failing}</span>}
    </a>
  );
}
