import { useEffect, useState } from 'preact/hooks';
import type { ComponentType, JSX } from 'preact';
import { Failure } from '../start/failure.js';

/** The page of jobs, whose code comes with the first visit: those who look at charts do not wait for it. */
export function LazyJobsPage(): JSX.Element {
  const [page, setPage] = useState<{ Page: ComponentType }>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    import('./jobs-page.js').then(({ JobsPage }) => setPage({ Page: JobsPage }), setError);
  }, []);
  if (page) return <page.Page />;
  return (
    <main id="main" class="jobs" tabIndex={-1} aria-busy={!error}>
      {error && <Failure error={error} />}
    </main>
  );
}
