import type { DatasetInfo } from '../../../protocol/dataset.js';
import { API } from '../../../protocol/media.js';
import { parseJson, problemOf } from './http.js';

/** Streams a file into the cache. `XMLHttpRequest`, because `fetch` does not tell how much was sent. */
export function upload(
  file: File,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<{ datasets: DatasetInfo[] }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `${API}/uploads/${encodeURIComponent(file.name)}`);
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded));
    request.addEventListener('load', () => {
      const body = parseJson(request.responseText);
      if (request.status < 400) resolve(body as { datasets: DatasetInfo[] });
      else reject(problemOf(body, request.status));
    });
    request.addEventListener('error', () => reject(new TypeError('The upload was cut off.')));
    request.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
