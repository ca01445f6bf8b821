import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { formatNoun } from '../format.js';
import { Failure } from '../start/failure.js';
import { hasFailed } from '../state/has-failed.js';
import { useStore } from '../store.js';
import { JobCard } from './job-card.js';
import { inOrder } from './job-order.js';
import { useJobs } from './use-jobs.js';
import '../../styles/jobs.css';
import '../../styles/start.css';

/** How often "in 12 s" is told anew. */
const TICK_MS = 1000;

/** Every dataset with its last and its next run: failures first. */
export function JobsPage(): JSX.Element {
  const { datasets, navigation } = useStore();
  const { jobs, error, ask } = useJobs();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    document.title = 'Jobs · Halftone';
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const failing = datasets.list.value?.filter(hasFailed).length ?? 0;
  const scheduled = jobs?.filter(({ refresh }) => refresh !== null).length ?? 0;
  const home = (event: MouseEvent): void => {
    event.preventDefault();
    navigation.commit(null);
  };
  return (
    <main id="main" class="jobs" tabIndex={-1}>
      <div class="jobs-inner">
        <header>
          <h1>Jobs</h1>
          {jobs !== null && jobs.length > 0 && (
            <p class="muted">
              {formatNoun(jobs.length, 'dataset')}, {scheduled} with a schedule
              {failing > 0 && <b class="danger-text">, {failing} failing</b>}
            </p>
          )}
        </header>
        {error && <Failure error={error} />}
        {jobs !== null && jobs.length === 0 && (
          <div class="card">
            <h2>There is nothing to load yet</h2>
            <p class="muted">
              Open a file on the{' '}
              <a href="./" onClick={home}>
                start page
              </a>
              , or give a dataset in <code>halftone.yaml</code> a schedule:{' '}
              <code>{'refresh: { every: 30s }'}</code>.
            </p>
          </div>
        )}
        {jobs !== null && jobs.length > 0 && (
          <ul class="job-list">
            {inOrder(jobs).map((job) => (
              <JobCard
                key={job.dataset}
                job={job}
                dataset={datasets.list.value?.find(({ name }) => name === job.dataset)}
                now={now}
                onChange={ask}
              />
            ))}
          </ul>
        )}
      </div>
    </main>
  );
}
