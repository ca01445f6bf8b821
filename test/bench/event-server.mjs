// The built stream of events alone, in a process of its own, so that its memory can be told: sends its port and what it takes while idle. A
// message `{ round, pad }` publishes an event; its answer says when, how many readers there are, and the most memory so far.
import { memoryUsage } from 'node:process';
import Fastify from 'fastify';
import { createEventHub } from '../../dist/server/events/hub.js';
import { eventRoutes } from '../../dist/server/routes/events.js';

const app = Fastify();
const events = createEventHub({ epoch: 'bench' });
const catalog = { list: () => [{ name: 'a', status: 'ready' }] };
await app.register(
  (api, _options, done) => {
    eventRoutes(api, { catalog, events, isClosing: () => false });
    done();
  },
  { prefix: '/api/v1' },
);
await app.listen({ port: 0, host: '127.0.0.1' });
globalThis.gc?.();
process.send({ port: app.server.address().port, idle: memoryUsage.rss() });
let most = 0;
process.on('message', ({ round, pad }) => {
  const startedAt = performance.timeOrigin + performance.now();
  events.publish({ name: 'dataset', data: { dataset: 'a', round, pad: 'x'.repeat(pad) } });
  most = Math.max(most, memoryUsage.rss());
  process.send({ round, startedAt, readers: events.readers, most });
});
process.on('disconnect', () => process.exit());
