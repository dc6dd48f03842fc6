/** Someone who watches the frames of an env: a viewer gets the latest and a count of what it missed, a learner gets every one and slows the env instead. */
import { encodeReply } from "../../protocol/codec.ts";
import type { FrameFields } from "../../protocol/messages.ts";
import type { Session } from "./session.ts";
import { withoutSeeds } from "./told.ts";

export interface SubscriptionOptions {
  readonly id: number;
  /** Handle that is watched, as its own session numbers it. */
  readonly env: number;
  /** Keep only the newest frame while the watcher's socket is busy. */
  readonly latest: boolean;
  /** False: receipts and capsules stay here, whatever the owner of the env may know. */
  readonly seeds: boolean;
  /** Deliveries that may be sent before more credit is granted; for `latest` unlimited. */
  readonly credit: number;
}

export class Subscription {
  readonly id: number;
  readonly env: number;
  readonly session: Session;
  readonly #latest: boolean;
  readonly #seeds: boolean;
  #credit: number;
  #number = 0;
  #dropped = 0;
  /** A latest-only delivery is on its way; `#held` is the newest frame since. */
  #busy = false;
  #held: Uint8Array | undefined;
  /** Bytes of lossless deliveries that have not left. */
  #unsent = 0;
  /** A lossless delivery waits for credit, or for the socket. */
  #wait: PromiseWithResolvers<undefined> | undefined;
  #ended = false;

  constructor(session: Session, { id, env, latest, credit, seeds }: SubscriptionOptions) {
    this.#seeds = seeds;
    this.session = session;
    this.id = id;
    this.env = env;
    this.#latest = latest;
    this.#credit = credit;
  }

  /** Frames this watcher did not get. */
  get dropped(): number {
    return this.#dropped;
  }

  grant(credit: number): void {
    this.#credit += credit;
    this.#wake();
  }

  /** Delivers a frame. A promise asks the env to wait: a lossless watcher is out of credit. */
  offer(fields: FrameFields): void | Promise<void> {
    if (this.#ended) return undefined;
    if (this.#latest) {
      this.#offerLatest(fields);
      return undefined;
    }
    const bytes = this.#encode(fields);
    if (this.#blocked) return this.#sendLater(bytes);
    this.#deliver(bytes);
    return undefined;
  }

  /** Delivers nothing more and holds nobody up. */
  end(): void {
    this.#ended = true;
    this.#held = undefined;
    this.#wake();
  }

  #offerLatest(fields: FrameFields): void {
    if (this.#busy && this.#held !== undefined) {
      this.#dropped++;
      this.session.context.metrics.dropped("slow-viewer");
    }
    const bytes = this.#encode(fields);
    if (this.#busy) this.#held = bytes;
    else this.#send(bytes);
  }

  #send(bytes: Uint8Array): void {
    this.#busy = true;
    this.session.sendBytes(bytes, () => {
      this.#busy = false;
      const held = this.#held;
      this.#held = undefined;
      if (held !== undefined && !this.#ended) this.#send(held);
    });
  }

  async #sendLater(bytes: Uint8Array): Promise<void> {
    while (this.#blocked && !this.#ended) {
      this.#wait ??= Promise.withResolvers<undefined>();
      await this.#wait.promise;
    }
    if (!this.#ended) this.#deliver(bytes);
  }

  /** Out of credit, or with as much on its way as a socket may hold: credit is no promise to read. */
  get #blocked(): boolean {
    return this.#credit === 0 || this.#unsent > this.session.context.limits.maxBuffered;
  }

  #deliver(bytes: Uint8Array): void {
    this.#credit--;
    this.#unsent += bytes.length;
    this.session.sendBytes(bytes, () => {
      this.#unsent -= bytes.length;
      this.#wake();
    });
  }

  #wake(): void {
    this.#wait?.resolve(undefined);
    this.#wait = undefined;
  }

  #encode(fields: FrameFields): Uint8Array {
    const dropped = this.#dropped;
    const known = this.#seeds ? fields : withoutSeeds(fields);
    return encodeReply({ op: "delivery", id: 0, env: this.env, ...known, number: ++this.#number, subscription: this.id, dropped }); // prettier-ignore
  }
}
