import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepFeed, type Heard, type Source } from '../../../../client/data/events/feed.js';
import { shareFeed } from '../../../../client/data/events/share-feed.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stream as the browser gives one, of which a test is the server. */
class FakeSource extends EventTarget {
  isClosed = false;
  close(): void {
    this.isClosed = true;
  }
  tell(name: string, data: string): void {
    this.dispatchEvent(Object.assign(new Event(name), { data }));
  }
}

function keep() {
  const sources: FakeSource[] = [];
  const heard: Heard[] = [];
  const stop = keepFeed(
    () => {
      const source = new FakeSource();
      sources.push(source);
      return source as unknown as Source;
    },
    (one) => heard.push(one),
  );
  return { sources, heard, stop };
}

test('hands on what a stream tells, and begins anew where one ends', async () => {
  const { sources, heard, stop } = keep();
  sources[0]!.tell('open', '');
  sources[0]!.tell('snapshot', '{}');
  sources[0]!.tell('error', '');
  expect(heard.map(({ kind }) => kind)).toEqual(['open', 'event', 'lost']);
  expect(sources[0]!.isClosed).toBe(true);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sources).toHaveLength(2);
  sources[1]!.tell('open', '');
  expect(heard.at(-1)).toEqual({ kind: 'open' });
  stop();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sources).toHaveLength(2);
  expect(sources[1]!.isClosed).toBe(true);
});

test('one feed is heard by every page that joined, and by none that left', () => {
  const shared = shareFeed();
  const page = () => {
    const heard: Heard[] = [];
    return { heard, hear: (one: Heard) => void heard.push(one) };
  };
  const [early, late] = [page(), page()];
  shared.join(early.hear);
  expect(early.heard).toEqual([]);
  shared.hear({ kind: 'open' });
  shared.join(late.hear);
  expect(late.heard).toEqual([{ kind: 'open' }]);
  const event: Heard = { kind: 'event', name: 'snapshot', data: '{}' };
  shared.hear(event);
  expect([early.heard.at(-1), late.heard.at(-1)]).toEqual([event, event]);
  shared.leave(early.hear);
  shared.hear({ kind: 'lost' });
  expect(early.heard).toHaveLength(2);
  expect(late.heard.at(-1)).toEqual({ kind: 'lost' });
  const newcomer = page();
  shared.join(newcomer.hear);
  expect(newcomer.heard).toEqual([]);
});
