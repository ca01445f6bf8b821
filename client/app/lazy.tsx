import { useEffect, useState } from 'preact/hooks';
import type { ComponentType, JSX } from 'preact';

/** A component that is fetched when it is first shown: the page begins without it. */
export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
): (props: P) => JSX.Element | null {
  let loaded: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [failure, setFailure] = useState<Error>();
    const [, setIsThere] = useState(loaded !== undefined);
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then((component) => {
        loaded = component;
        setIsThere(true);
      }, setFailure);
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
  };
}
