/** Which numbered replies of an env have arrived without a gap: that far the server may forget. */
export class Acks {
  #ack = 0;
  readonly #ahead = new Set<number>();

  /** The highest number up to which every reply has arrived. */
  get ack(): number {
    return this.#ack;
  }

  arrived(seq: number): void {
    if (seq === this.#ack + 1 && this.#ahead.size === 0) {
      this.#ack = seq;
      return;
    }
    if (seq > this.#ack) this.#ahead.add(seq);
    while (this.#ahead.delete(this.#ack + 1)) this.#ack++;
  }
}
