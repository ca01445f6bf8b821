// The rows that pass, side by side.

/** For each byte of bits the places of those that are set, as eight 16-bit numbers. */
const PLACES: usize = memory.data(4096, 16);

fillPlaces();

function fillPlaces(): void {
  for (let bits = 0; bits < 256; bits++) {
    let at = PLACES + (<usize>bits << 4);
    for (let place = 0; place < 8; place++) {
      if (((bits >> place) & 1) == 0) continue;
      store<u16>(at, <u16>place);
      at += 2;
    }
  }
}

/** Writes where the mask is 1, ascending. */
export function pack(mask: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 8, mask += 8) {
    let bytes = load<u64>(mask);
    if (rows - i < 8) bytes &= (<u64>1 << (<u64>(rows - i) << 3)) - 1;
    if (bytes == 0) continue;
    // The lowest bits of eight bytes, gathered into the highest byte of a product.
    const bits = <usize>((bytes * 0x0102_0408_1020_4080) >> 56);
    v128.store(out, i16x8.add(v128.load(PLACES + (bits << 4)), i16x8.splat(<i16>i)));
    out += <usize>popcnt<u64>(bytes) << 1;
  }
}

export function gather64(values: usize, places: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, places += 2, out += 8) {
    store<u64>(out, load<u64>(values + (<usize>load<u16>(places) << 3)));
  }
}

export function gather32(values: usize, places: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, places += 2, out += 4) {
    store<u32>(out, load<u32>(values + (<usize>load<u16>(places) << 2)));
  }
}

export function gather8(values: usize, places: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, places += 2, out++) {
    store<u8>(out, load<u8>(values + <usize>load<u16>(places)));
  }
}
