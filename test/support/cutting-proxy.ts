/** A TCP proxy that cuts connections after so many bytes, in either direction, in the middle of whatever is passing. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";

import { Rng } from "../../src/env/rng.ts";

export interface ProxyOptions {
  readonly seed: number;
  /** Cuts to make; afterwards everything passes. */
  readonly cuts: number;
  /** Most bytes of one direction before a cut, drawn anew for each connection. */
  readonly within: number;
}

export class CuttingProxy {
  readonly port: number;
  /** Cuts made, and how many of them fell after a part of what was passing. */
  cuts = 0;
  inside = 0;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(target: number, { seed, cuts, within }: ProxyOptions): Promise<CuttingProxy> {
    const draws = new Rng(seed);
    const sockets = new Set<Socket>();
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const proxy = new CuttingProxy((server.address() as AddressInfo).port);
    server.on("connection", (client) => {
      const upstream = connect(target, "127.0.0.1");
      const pair = [client, upstream];
      const end = (): void => { for (const socket of pair) socket.destroy(); }; // prettier-ignore
      for (const socket of pair) {
        sockets.add(socket);
        socket.on("error", end).on("close", () => { sockets.delete(socket); end(); }); // prettier-ignore
      }
      const [cutter, other] = draws.int(2) === 0 ? [client, upstream] : [upstream, client];
      let left = proxy.cuts < cuts ? 200 + draws.int(within) : Infinity;
      other.on("data", (chunk: Buffer) => cutter.write(chunk));
      cutter.on("data", (chunk: Buffer) => {
        left -= chunk.length;
        if (left > 0) {
          other.write(chunk);
          return;
        }
        const passing = chunk.subarray(0, chunk.length + left);
        proxy.cuts++;
        if (passing.length > 0 && passing.length < chunk.length) proxy.inside++;
        cutter.pause();
        // What was let through arrives before the connection breaks.
        other.write(passing, end);
      });
    });
    onTestFinished(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    });
    return proxy;
  }
}
