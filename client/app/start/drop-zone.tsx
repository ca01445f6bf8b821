import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { formatBytes, formatPercent } from '../format.js';
import { Icon } from '../icon.js';
import { isAbort } from '../state/http.js';
import { upload as uploadFile } from '../state/upload.js';

interface Upload {
  name: string;
  sent: number;
  total: number;
  controller: AbortController;
}

/** Takes a dropped or picked file and streams it to the server, with progress and a way to stop. */
export function DropZone({
  onDone,
}: {
  onDone: (answer: Promise<{ datasets: DatasetInfo[] }>) => void;
}): JSX.Element {
  const [upload, setUpload] = useState<Upload>();
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);

  const send = async (file: File | undefined): Promise<void> => {
    if (!file || upload) return;
    const controller = new AbortController();
    const started = { name: file.name, sent: 0, total: file.size, controller };
    setUpload(started);
    try {
      const answer = await uploadFile(
        file,
        (sent) => setUpload({ ...started, sent }),
        controller.signal,
      );
      onDone(Promise.resolve(answer));
    } catch (error) {
      if (!isAbort(error)) onDone(Promise.reject(error));
    } finally {
      setUpload(undefined);
    }
  };

  // A file that misses the zone would otherwise replace the page.
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      void send(event.dataTransfer?.files[0]);
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
    };
  });

  if (upload) {
    const share = upload.total > 0 ? upload.sent / upload.total : 1;
    return (
      <div class="drop busy">
        <div class="load-line">
          <b>{upload.name}</b>
          <span class="muted number">
            {formatBytes(upload.sent)} of {formatBytes(upload.total)}, {formatPercent(share)}
          </span>
          <button type="button" class="button small" onClick={() => upload.controller.abort()}>
            Cancel
          </button>
        </div>
        <div
          class="progress"
          role="progressbar"
          aria-label={`Sending ${upload.name}`}
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <div style={{ width: `${share * 100}%` }} />
        </div>
      </div>
    );
  }
  return (
    <div class={`drop${over ? ' over' : ''}`}>
      <Icon name="upload" size={20} />
      <span>
        Drop a file here, or{' '}
        <button type="button" class="link" onClick={() => picker.current?.click()}>
          choose one
        </button>
      </span>
      <input
        ref={picker}
        type="file"
        class="sr-only"
        tabIndex={-1}
        aria-label="Choose a file"
        accept=".csv,.tsv,.txt,.gz,.parquet,.pq,.arrow,.arrows,.feather,.ipc,.json,.jsonl,.ndjson"
        onChange={(event) => {
          void send(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
