// A live table, as a script that somebody already has: the orders of the last hour, ten a second, as CSV on stdout. `minute` is
// empty while that minute is not over: half of one would look like a fall.
// An order is the same at every pull: it follows from its number alone.
const PER_SECOND = 10;
const SECONDS = 3600;
const REGIONS = ['North', 'East', 'South', 'West'];
const PRODUCTS = ['chair', 'desk', 'lamp', 'shelf', 'sofa', 'stool'];

/** A number in [0, 1) for an order and a purpose (splitmix32). */
function random(order, purpose) {
  let x = (order * 8 + purpose) | 0;
  x = Math.imul((x ^ (x >>> 16)) + 0x9e3779b9, 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}

const isoOf = (order) => new Date((order / PER_SECOND) * 1000).toISOString();

const last = Math.floor((Date.now() / 1000) * PER_SECOND);
const MINUTE = 60 * PER_SECOND;
const unfinished = last - (last % MINUTE);
const first = unfinished - PER_SECOND * SECONDS;
const lines = ['at,minute,region,product,quantity,amount,delay'];
for (let order = first; order < last; order++) {
  const seconds = order / PER_SECOND;
  const region = REGIONS[Math.floor(random(order, 1) ** 1.5 * REGIONS.length)];
  const product = PRODUCTS[Math.floor(random(order, 2) * PRODUCTS.length)];
  const quantity = 1 + Math.floor(random(order, 3) ** 3 * 9);
  const amount = quantity * (20 + 180 * random(order, 4)) * (1 + 0.3 * Math.sin(seconds / 400));
  const delay = 40 + 30 * Math.sin(seconds / 240) - 60 * Math.log(1 - random(order, 5));
  const at = isoOf(order);
  const minute = order < unfinished ? isoOf(order - (order % MINUTE)) : '';
  lines.push(
    [at, minute, region, product, quantity, amount.toFixed(2), delay.toFixed(1)].join(','),
  );
}
process.stdout.write(`${lines.join('\n')}\n`);
