import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, createGzip } from 'node:zlib';
import type { FaultAction } from './intercept.ts';

/** Where an answer's bytes leave: the one place that counts them, slows them down and breaks them off. */
export type Outlet = {
  readonly bytes: number;
  readonly closed: boolean;
  /** Waits while the client does not read; false once it is gone. */
  write(chunk: string | Buffer): Promise<boolean>;
  head(status: number, headers: Record<string, string>): void;
  end(): Promise<void>;
  /** Cuts the connection with a TCP reset. */
  reset(): void;
};

export function createOutlet(response: ServerResponse, faults: readonly FaultAction[]): Outlet {
  const slow = faults.find((fault) => fault.kind === 'slow')?.bytesPerSecond;
  const cutAfter = faults.find((fault) => fault.kind === 'reset')?.afterBytes;
  const lose = faults.some((fault) => fault.kind === 'lose-answer');
  const ahead = faults.find((fault) => fault.kind === 'clock')?.aheadMs ?? 0;
  let bytes = 0;

  const { socket } = response.req as { socket: Socket & { _parent?: Socket } };
  // A client that asks again the moment it has its answer may come before that answer has been seen off: until then the
  // next one has no socket, and waits for it.
  const hadSocket = response.socket !== null;
  const gone = () =>
    response.destroyed || response.writableEnded || socket.destroyed || (hadSocket && response.socket === null);
  // Only the TCP socket beneath TLS can be reset; Node has no public name for it.
  const reset = () => void (socket._parent ?? socket).resetAndDestroy();

  const send = async (chunk: Buffer | string): Promise<boolean> => {
    if (gone()) return false;
    if (response.write(chunk)) return true;
    const either = new AbortController();
    const waits = ['drain', 'close'].map((event) => once(response, event, { signal: either.signal }));
    await Promise.race(waits).catch(() => undefined);
    // Whichever did not come must not go on listening.
    either.abort();
    await Promise.allSettled(waits);
    return !gone();
  };

  const drip = async (body: Buffer, bytesPerSecond: number): Promise<boolean> => {
    const step = Math.max(1, Math.round(bytesPerSecond / 10));
    for (let at = 0; at < body.length; at += step) {
      if (!(await send(body.subarray(at, at + step)))) return false;
      await sleep((1000 * step) / bytesPerSecond);
    }
    return true;
  };

  return {
    get bytes() {
      return bytes;
    },
    get closed() {
      return gone();
    },
    head(status, headers) {
      if (lose) {
        reset();
        return;
      }
      response.writeHead(
        status,
        ahead === 0 ? headers : { ...headers, date: new Date(Date.now() + ahead).toUTCString() },
      );
      // A stream's head leaves at once, so that the client knows it stands before anything happens.
      if (headers['content-length'] === undefined) response.flushHeaders();
    },
    async write(chunk) {
      if (gone()) return false;
      const length = Buffer.byteLength(chunk);
      if (cutAfter !== undefined && bytes + length > cutAfter) {
        const rest = Buffer.from(chunk as string).subarray(0, Math.max(0, cutAfter - bytes));
        bytes += rest.length;
        // The bytes must be on their way before the reset overtakes them.
        await new Promise<void>((resolve) => response.write(rest, () => resolve()));
        await sleep(20);
        reset();
        return false;
      }
      bytes += length;
      return slow === undefined ? send(chunk) : drip(Buffer.from(chunk as string), slow);
    },
    async end() {
      if (!gone()) await new Promise<void>((resolve) => response.end(resolve));
    },
    reset,
  };
}

/** Writes the chunks as one gzip stream; a server does so for large lists when the client asks. */
export async function writeGzip(outlet: Outlet, chunks: AsyncIterable<string>): Promise<void> {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  let taken = true;
  const feed = async () => {
    try {
      for await (const chunk of chunks) {
        if (!taken || outlet.closed) break;
        if (!gzip.write(chunk)) await once(gzip, 'drain');
      }
    } finally {
      gzip.end();
    }
  };
  // Read to its end also when the client has left: what is packed by then goes nowhere, and nobody waits for room in it.
  const send = async () => {
    for await (const piece of gzip) taken &&= await outlet.write(piece as Buffer);
  };
  await Promise.all([feed(), send()]);
}
