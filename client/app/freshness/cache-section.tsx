import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { formatBytes, formatNoun } from '../format.js';
import { api } from '../state/api.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';

/** What the server keeps of a dataset, and a button that has it forgotten. */
export function CacheSection({ dataset }: { dataset: string }): JSX.Element {
  const { message } = useStore();
  const [cleared, setCleared] = useState(0);
  const { value, error } = useAnswer(`${dataset} ${cleared}`, (signal) => api.cache(signal));
  const frames = value?.memory.frames.entries.filter((entry) => entry.dataset === dataset) ?? [];
  const kept = frames.reduce((sum, { bytes }) => sum + bytes, 0);
  const clear = async (): Promise<void> => {
    try {
      const { cleared: count, bytes } = await api.clearCache(dataset);
      message.value = `${formatNoun(count, 'answer')} forgotten, ${formatBytes(bytes)} freed`;
      setCleared((times) => times + 1);
    } catch (failure) {
      message.value = (failure as Error).message;
    }
  };
  return (
    <section class="freshness-cache" aria-label="Cache">
      <span class="muted small">
        {error
          ? error.message
          : value === undefined
            ? 'Looking at the cache…'
            : `${formatNoun(frames.length, 'answer')} in memory, ${formatBytes(kept)}; on disk, of all data, ${formatBytes(value.disk.frames.bytes)}`}
      </span>
      <button type="button" class="button small" disabled={!value} onClick={() => void clear()}>
        Clear
      </button>
    </section>
  );
}
