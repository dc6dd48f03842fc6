/** How many of something each client address holds: what one address may take is bounded. */

export class PerAddress {
  readonly #held = new Map<string, number>();
  readonly #limit: number;

  /** @param limit most that one address may hold */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes one for this address; undefined when it holds all it may. The function gives it back, once. */
  take(address: string | undefined): (() => void) | undefined {
    const key = addressKey(address ?? "");
    const held = this.#held.get(key) ?? 0;
    if (held >= this.#limit) return undefined;
    this.#held.set(key, held + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const left = (this.#held.get(key) ?? 1) - 1;
      if (left === 0) this.#held.delete(key);
      else this.#held.set(key, left);
    };
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
