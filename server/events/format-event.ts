import type { ServerEvent } from './server-event.js';

/** An event in the form of `text/event-stream`. JSON holds no line break, so its data is one line. */
export function formatEvent(id: string, { name, data }: ServerEvent): Buffer {
  return Buffer.from(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
