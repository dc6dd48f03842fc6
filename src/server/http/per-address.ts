/** How many of something each client address holds: what one address may take is bounded. */

/** What an address holds; all who hold something for it share this one. */
export interface Held {
  readonly key: string;
  count: number;
}

export class PerAddress {
  readonly #held = new Map<string, Held>();
  readonly #limit: number;

  /** @param limit most that one address may hold */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes one for this address; undefined when it holds all it may. */
  take(address: string | undefined): Held | undefined {
    const key = addressKey(address ?? "");
    const held = this.#held.get(key) ?? { key, count: 0 };
    if (held.count >= this.#limit) return undefined;
    if (held.count++ === 0) this.#held.set(key, held);
    return held;
  }

  /** Gives one back, once for each that was taken. */
  give(held: Held): void {
    if (--held.count === 0) this.#held.delete(held.key);
  }

  get size(): number {
    return this.#held.size;
  }
}

/** IPv4 as it is, also where it comes mapped into IPv6; of IPv6 the network of 64 bits, for a host can give itself any address in it. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...back];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
