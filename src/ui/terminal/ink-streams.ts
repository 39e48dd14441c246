import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import type { Size } from '../device.ts';

/**
 * What Ink takes for the terminal. With `debug: true` each of its writes is one whole frame and nothing else; our own
 * control sequences never come this way, so the two cannot be mistaken for each other.
 */
export function inkStdout(size: () => Size, frame: (text: string) => void): NodeJS.WriteStream {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const text = chunk.toString();
      // Ink ends with an empty write, to learn when all is written.
      if (text !== '') frame(text);
      done();
    },
  });
  Object.defineProperties(stream, {
    isTTY: { value: true },
    columns: { get: () => size().width },
    rows: { get: () => size().height },
  });
  return stream as unknown as NodeJS.WriteStream;
}

/** Ink reads no keys: what it is given never says anything. */
export function inkStdin(): NodeJS.ReadStream {
  const inert = {
    isTTY: true,
    setRawMode: () => inert,
    setEncoding() {},
    ref() {},
    unref() {},
    read: () => null,
    resume() {},
    pause() {},
  };
  return Object.assign(new EventEmitter(), inert) as unknown as NodeJS.ReadStream;
}
