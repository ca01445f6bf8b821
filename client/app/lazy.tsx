import { useEffect, useState } from 'preact/hooks';
import type { ComponentType, JSX } from 'preact';

/** A component whose code is fetched apart: the page begins without it. */
export interface Lazy<P extends object> {
  (props: P): JSX.Element | null;
  /** Fetches the code ahead; what is shown after that is there at once. */
  preload(): Promise<void>;
}

/** A component that is fetched when it is first shown, or ahead where `preload` is called. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): Lazy<P> {
  let loaded: ComponentType<P> | undefined;
  const preload = async (): Promise<void> => {
    loaded ??= await load();
  };
  function Lazy(props: P): JSX.Element | null {
    const [failure, setFailure] = useState<Error>();
    const [, setIsThere] = useState(loaded !== undefined);
    useEffect(() => {
      if (loaded === undefined) preload().then(() => setIsThere(true), setFailure);
    }, []);
    if (failure) {
      return (
        <div class="note danger" role="alert">
          This part of the page could not be fetched: {failure.message}
        </div>
      );
    }
    const Component = loaded;
    return Component ? <Component {...props} /> : null;
  }
  return Object.assign(Lazy, { preload });
}
