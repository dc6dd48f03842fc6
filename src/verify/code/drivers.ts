/** Which driver runs which language on this machine: the first of its kinds whose start-up probe succeeds. */
import { GymError } from "../../../protocol/errors.ts";
import type { Driver, DriverKind, Probe } from "./driver.ts";
import type { Language } from "./types.ts";

export class Drivers {
  readonly #kinds: readonly DriverKind[];
  readonly #boxes: number;
  readonly #probes = new Map<DriverKind, Promise<Probe>>();
  readonly #made = new Map<DriverKind, Promise<Driver>>();

  #closed = false;

  /** @param kinds the safest and fastest of each language first */
  constructor(kinds: readonly DriverKind[], boxes: number) {
    this.#kinds = kinds;
    this.#boxes = boxes;
  }

  /** @throws {GymError} UNSUPPORTED where nothing safe works, with every reason: nothing is ever run without a sandbox */
  async for(language: Language): Promise<Driver> {
    const reasons: string[] = [];
    for (const kind of this.#kinds.filter(({ languages }) => languages.includes(language))) {
      const probe = await this.#probe(kind);
      // Made now, it would outlive everything: nobody closes it any more.
      if (this.#closed) throw new GymError("SHUTTING_DOWN", "code runner: it was closed");
      if (probe.ok) {
        const driver = await this.#make(kind);
        if (driver.languages.includes(language)) return driver;
      }
      reasons.push(`${kind.name}: ${probe.ok ? `no interpreter for ${language}` : probe.reason}`);
    }
    throw new GymError("UNSUPPORTED", `code runner: no safe sandbox for ${language}`, {
      hint: `${reasons.join("; ")}. "dojang doctor" says more.`,
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#probes.values());
    const made = await Promise.allSettled(this.#made.values());
    await Promise.all(made.flatMap((driver) => (driver.status === "fulfilled" ? [driver.value.close()] : [])));
  }

  #probe(kind: DriverKind): Promise<Probe> {
    return getOr(this.#probes, kind, () => probeTwice(kind));
  }

  #make(kind: DriverKind): Promise<Driver> {
    return getOr(this.#made, kind, () => kind.create({ boxes: this.#boxes }));
  }
}

/** What fails once may have been an accident (a full process table, a killed child); what fails twice is the machine. */
async function probeTwice(kind: DriverKind): Promise<Probe> {
  const first = await kind.probe();
  return first.ok ? first : kind.probe();
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
