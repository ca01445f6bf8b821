import { Type, type DataType } from 'apache-arrow';
import { ArrowFault } from './arrow-fault.js';
import { widthOf, type ArrowVector } from './vector.js';

/** How the numbers of a vector are read one by one: of integers, floats, decimals and times, in their stored units. */
export function numberAt({ type, data }: ArrowVector): (row: number) => number | bigint {
  const { buffer, byteOffset } = data as Uint8Array<ArrayBuffer>;
  const view = new DataView(buffer, byteOffset, data.length);
  const width = widthOf(type);
  if (type.typeId === Type.Float) {
    if (width === 8) return (row) => view.getFloat64(row * 8, true);
    if (width === 4) return (row) => view.getFloat32(row * 4, true);
    return (row) => halfOf(view.getUint16(row * 2, true));
  }
  const isSigned = type.typeId !== Type.Int || (type as DataType & { isSigned: boolean }).isSigned;
  switch (width) {
    case 1:
      return isSigned ? (row) => view.getInt8(row) : (row) => view.getUint8(row);
    case 2:
      return isSigned
        ? (row) => view.getInt16(row * 2, true)
        : (row) => view.getUint16(row * 2, true);
    case 4:
      return isSigned
        ? (row) => view.getInt32(row * 4, true)
        : (row) => view.getUint32(row * 4, true);
    case 8:
      return isSigned
        ? (row) => view.getBigInt64(row * 8, true)
        : (row) => view.getBigUint64(row * 8, true);
    case 16:
    case 32:
      return (row) => {
        const at = row * width;
        let value = view.getBigInt64(at + width - 8, true);
        for (let word = width - 16; word >= 0; word -= 8) {
          value = (value << 64n) | view.getBigUint64(at + word, true);
        }
        return value;
      };
    default:
      throw new ArrowFault(`numbers of ${width} bytes are not known`);
  }
}

/** A number of 16 bits: a sign, 5 bits of exponent, 10 of fraction. */
function halfOf(bits: number): number {
  const sign = bits >>> 15 === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
