/** Frames that came unasked, until somebody receives them; receivers that came first wait. */
import type { GymError } from "../../protocol/errors.ts";
import type { Frame } from "../../protocol/frames.ts";

export class Mailbox {
  readonly #frames: Frame[] = [];
  readonly #waiting: PromiseWithResolvers<Frame>[] = [];
  #ended: GymError | undefined;

  put(frame: Frame): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#frames.push(frame);
    else waiting.resolve(frame);
  }

  /** The next frame. Rejects when none will come any more. */
  take(): Promise<Frame> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const waiting = Promise.withResolvers<Frame>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  end(error: GymError): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
