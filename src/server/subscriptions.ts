/** The subscriptions of one session. */
import type { Handle } from "./handle.ts";
import type { Subscription } from "./subscription.ts";

export class Subscriptions {
  /** Made for the first one: most sessions never have any. */
  #held: Map<number, { readonly subscription: Subscription; readonly handle: Handle }> | undefined;
  #next = 1;

  get size(): number {
    return this.#held?.size ?? 0;
  }

  add(make: (id: number) => Subscription, handle: Handle): Subscription {
    const subscription = make(this.#next++);
    this.#held ??= new Map();
    this.#held.set(subscription.id, { subscription, handle });
    handle.watch(subscription);
    return subscription;
  }

  /** False when there is none of this number. */
  end(id: number): boolean {
    const held = this.#held?.get(id);
    if (held === undefined) return false;
    this.#held?.delete(id);
    held.handle.unwatch(held.subscription);
    held.subscription.end();
    return true;
  }

  endAll(): void {
    for (const id of [...(this.#held?.keys() ?? [])]) this.end(id);
  }
}
