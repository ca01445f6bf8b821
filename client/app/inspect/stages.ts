/** Where a part of the time went. */
export interface Stage {
  name: 'queue' | 'compute' | 'encode' | 'transfer' | 'decode' | 'draw';
  ms: number;
  note: string;
}

/**
 * The stages between a question and its picture. The server tells its own; what is left of the round trip is the transfer, and
 * what is left of the whole is the drawing, together with the wait for other answers of the same picture.
 */
export function stagesOf(timing: Readonly<Record<string, number>>, elapsedMs: number): Stage[] {
  const of = (name: string): number => Math.max(0, timing[name] ?? 0);
  const fetched = of('fetch');
  const server = of('total') || of('queue') + of('compute') + of('encode');
  const decode = of('decode');
  return [
    { name: 'queue', ms: of('queue'), note: 'waiting for a thread' },
    { name: 'compute', ms: of('compute'), note: 'reading, filtering, counting' },
    { name: 'encode', ms: of('encode'), note: 'writing Arrow' },
    {
      name: 'transfer',
      ms: Math.max(0, fetched - server - decode),
      note: 'the network, and the browser’s own work',
    },
    { name: 'decode', ms: decode, note: 'reading Arrow' },
    { name: 'draw', ms: Math.max(0, elapsedMs - fetched), note: 'marks and axes' },
  ];
}
