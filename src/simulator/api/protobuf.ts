// Protocol buffers' wire format: the little of it that newer and older kubectls insist on.

export type Part = { field: number; value: Buffer | number };

/** A message with the parts in order: text, bytes and messages are length-delimited, numbers are varints. */
export function message(...parts: readonly [field: number, value: string | Buffer | number][]): Buffer {
  return Buffer.concat(
    parts.map(([field, value]) => {
      if (typeof value === 'number') return Buffer.concat([varint(field << 3), varint(value)]);
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
    }),
  );
}

/** The parts of a message. Throws RangeError for what is none. */
export function partsOf(bytes: Buffer): Part[] {
  const parts: Part[] = [];
  let at = 0;
  const readVarint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) throw new RangeError('cut off in a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  const take = (length: number) => {
    if (length < 0 || at + length > bytes.length) throw new RangeError('cut off in a field');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const field = tag >>> 3;
    switch (tag & 7) {
      case 0:
        parts.push({ field, value: readVarint() });
        break;
      case 1:
        parts.push({ field, value: take(8) });
        break;
      case 2:
        parts.push({ field, value: take(readVarint()) });
        break;
      case 5:
        parts.push({ field, value: take(4) });
        break;
      default:
        throw new RangeError('a wire type nobody uses');
    }
  }
  return parts;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
