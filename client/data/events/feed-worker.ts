/// The shared worker of all pages of one server in one browser: a browser has six connections to a server of HTTP/1.1,
/// and a stream of events takes one for as long as a page is open. Its name is the address of the stream.
import { keepFeed, type Heard } from './feed.js';
import { shareFeed } from './share-feed.js';

const scope = globalThis as unknown as {
  name: string;
  addEventListener: (type: 'connect', listener: (event: MessageEvent) => void) => void;
};
const shared = shareFeed();

scope.addEventListener('connect', ({ ports }) => {
  const port = ports[0]!;
  const tell = (heard: Heard): void => port.postMessage(heard);
  // A page that is gone says so, as no port does; one that the browser brings back joins again.
  port.addEventListener('message', ({ data }: MessageEvent<'join' | 'leave'>) =>
    shared[data](tell),
  );
  port.start();
});

keepFeed(
  () => new EventSource(scope.name),
  (heard) => shared.hear(heard),
);
