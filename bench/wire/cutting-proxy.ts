/** A TCP proxy that cuts WebSocket connections after a random number of bytes of one direction, inside frames and between them. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Rng } from "../../src/env/rng.ts";
import { FrameEdges } from "./frame-edges.ts";

export interface ProxyOptions {
  readonly seed: number;
  /** Cuts to make; afterwards everything passes. */
  readonly cuts: number;
  /** Most bytes of one direction before a cut, drawn anew for each connection. */
  readonly within: number;
}

export class CuttingProxy implements AsyncDisposable {
  readonly url: string;
  /** Cuts made. */
  cuts = 0;
  /** Of these, cuts that let a part of a frame through. */
  inside = 0;
  /** Of all, cuts of what the client sent. */
  upwards = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #draws: Rng;
  readonly #options: ProxyOptions;
  readonly #target: { readonly host: string; readonly port: number };

  private constructor(server: Server, target: URL, options: ProxyOptions) {
    this.#server = server;
    this.#options = options;
    this.#draws = new Rng(options.seed);
    this.#target = { host: target.hostname, port: Number(target.port) };
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("connection", (client) => this.#join(client));
  }

  /** @param url the server behind it */
  static async start(url: string, options: ProxyOptions): Promise<CuttingProxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new CuttingProxy(server, new URL(url), options);
  }

  #join(client: Socket): void {
    const upstream = connect(this.#target);
    const pair = [client, upstream];
    const end = (): void => {
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) {
      this.#sockets.add(socket);
      socket.on("error", end).on("close", () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    const up = this.#draws.int(2) === 0;
    const [cutter, other] = up ? [client, upstream] : [upstream, client];
    other.on("data", (chunk: Buffer) => cutter.write(chunk));
    this.#cutAfter(200 + this.#draws.int(this.#options.within), { from: cutter, to: other, up, end });
  }

  #cutAfter(bytes: number, { from, to, up, end }: { from: Socket; to: Socket; up: boolean; end: () => void }): void {
    const edges = new FrameEdges();
    let left = this.cuts < this.#options.cuts ? bytes : Infinity;
    // A third of the cuts wait for the end of a frame: what was sent last has arrived whole, and its answer will not.
    const atEdge = this.#draws.int(3) === 0;
    from.on("data", (chunk: Buffer) => {
      const passing = atEdge ? chunk : chunk.subarray(0, Math.min(chunk.length, left));
      edges.pass(passing);
      left -= chunk.length;
      if (left > 0 || (atEdge && edges.inside)) {
        to.write(chunk);
        return;
      }
      this.cuts++;
      if (up) this.upwards++;
      if (edges.inside) this.inside++;
      from.pause();
      // What was let through arrives before the connection breaks.
      to.write(passing, end);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
