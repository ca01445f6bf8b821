// Readers of a stream of events, in a process of their own: argv is the port, how many read, and how many of them stall.
// Sends `ready` when all have heard the present state; then, for each event whose data have a `round`, the time at which the last
// reader heard it.
import { connect } from 'node:net';

const [port, readers, stalled] = process.argv.slice(2).map(Number);
let open = 0;
const heard = new Map();

for (let i = 0; i < readers; i++) {
  const stalls = i < stalled;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  let text = '';
  let isOpen = false;
  socket.setEncoding('utf8').once('data', (piece) => {
    if (!piece.startsWith('HTTP/1.1 200 OK\r\n')) throw new Error(piece);
  });
  socket.on('data', (piece) => {
    text += piece;
    if (!isOpen && text.includes('event: dataset')) {
      isOpen = true;
      if (stalls) socket.pause();
      if (++open === readers) process.send('ready');
    }
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const round = /"round":(\d+)/u.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (round === undefined || stalls) continue;
      const count = (heard.get(round) ?? 0) + 1;
      heard.set(round, count);
      if (count === readers - stalled) {
        process.send({ round: Number(round), at: performance.timeOrigin + performance.now() });
      }
    }
  });
}
process.on('disconnect', () => process.exit());
