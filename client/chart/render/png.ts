/** Writes an image as a PNG, uncompressed: for who has no canvas to ask for one. */
export function writePng({ width, height, data }: ImageData): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Eight bits each for red, green, blue and opacity.
  header.set([8, 6, 0, 0, 0], 8);
  const stride = width * 4;
  const lines = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    // The byte before each line says that it is not filtered.
    lines.set(data.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  }
  const parts = [chunk('IHDR', header), chunk('IDAT', stored(lines)), chunk('IEND')];
  const png = new Uint8Array(SIGNATURE.length + parts.reduce((sum, part) => sum + part.length, 0));
  png.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const part of parts) {
    png.set(part, at);
    at += part.length;
  }
  return png;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** The most bytes of a stored block of zlib. */
const BLOCK = 65_535;

// Length, name, bytes, and the checksum of name and bytes.
function chunk(name: string, bytes: Uint8Array = new Uint8Array(0)): Uint8Array {
  const made = new Uint8Array(12 + bytes.length);
  const view = new DataView(made.buffer);
  view.setUint32(0, bytes.length);
  for (let i = 0; i < 4; i++) made[4 + i] = name.charCodeAt(i);
  made.set(bytes, 8);
  view.setUint32(8 + bytes.length, crc(made.subarray(4, 8 + bytes.length)));
  return made;
}

// The zlib format: two bytes of header, stored blocks, the checksum of what is in them.
function stored(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / BLOCK));
  const made = new Uint8Array(6 + 5 * blocks + bytes.length);
  const view = new DataView(made.buffer);
  made.set([0x78, 0x01]);
  let at = 2;
  for (let block = 0; block < blocks; block++) {
    const part = bytes.subarray(block * BLOCK, (block + 1) * BLOCK);
    made[at] = block === blocks - 1 ? 1 : 0;
    view.setUint16(at + 1, part.length, true);
    view.setUint16(at + 3, part.length ^ 0xffff, true);
    made.set(part, at + 5);
    at += 5 + part.length;
  }
  view.setUint32(at, adler(bytes));
  return made;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) sum = TABLE[(sum ^ bytes[i]!) & 255]! ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

function adler(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (let i = 0; i < bytes.length; i++) {
    low += bytes[i]!;
    if (low >= 65_521) low -= 65_521;
    high += low;
    if (high >= 65_521) high -= 65_521;
  }
  return high * 65_536 + low;
}
