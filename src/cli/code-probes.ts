/** What `dojang doctor` says of the code runner: which driver runs a language here, and what it does not protect against. */
import { DRIVER_KINDS, type DriverKind, type Language, type Probe } from "../verify/code/index.ts";

/** A sandbox for a language, or why there is none. */
export interface Sandbox {
  readonly ok: boolean;
  readonly found: string;
  readonly means?: string;
}

/** Tries the kinds in the order in which the code runner does, up to the first that holds. */
export async function sandboxFor(
  language: Language,
  kinds: readonly DriverKind[] = DRIVER_KINDS,
  probe: (kind: DriverKind) => Promise<Probe> = probeOnce,
): Promise<Sandbox> {
  const refused: string[] = [];
  for (const kind of kinds.filter(({ languages }) => languages.includes(language))) {
    const result = await probe(kind);
    if (result.ok) return { ok: true, found: describe(kind, result, refused) };
    refused.push(`${kind.name} is not used: ${result.reason}`);
  }
  return {
    ok: false,
    found: `no safe sandbox. ${refused.join(". ")}`,
    means: `The code runner refuses ${language}: nothing is run without a sandbox.`,
  };
}

function describe({ name }: DriverKind, { found, gaps }: Probe & { ok: true }, refused: readonly string[]): string {
  const parts = [`${name} (${found})`, ...refused.map((reason) => reason.replace(/\.$/, ""))];
  return `${parts.join(". ")}. Not protected against: ${gaps.join(" ")}`;
}

const probes = new Map<DriverKind, Promise<Probe>>();

/** One kind runs several languages, and trying it takes a while. */
function probeOnce(kind: DriverKind): Promise<Probe> {
  const tried = probes.get(kind) ?? kind.probe();
  probes.set(kind, tried);
  return tried;
}
