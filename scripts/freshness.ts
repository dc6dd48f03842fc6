/** `npm run freshness`: compares every direct dependency with the newest version on the registry. On demand only: it needs the network. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** Packages that stay behind the newest version on purpose: the dist-tag or range to compare with, and why. */
const HELD_BACK: Readonly<Record<string, { readonly range: string; readonly why: string }>> = {
  typescript: { range: "<6.1", why: "typescript-eslint supports TypeScript below 6.1" },
  node: { range: "^24", why: "the LTS line that the repository runs on" },
  "@types/node": { range: "^24", why: "the types of that same line" },
};

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = join(dirname(import.meta.dirname), "package.json");
const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };

const old: string[] = [];
for (const [name, version] of Object.entries(wanted)) {
  const held = HELD_BACK[name];
  const newest = await newestOf(name, held?.range);
  const note = held === undefined ? "" : ` (held at ${held.range}: ${held.why})`;
  if (newest !== version) old.push(`${name} ${version}, newest is ${newest}${note}`);
}

for (const line of old) console.error(line);
console.log(
  `${Object.keys(wanted).length - old.length} of ${Object.keys(wanted).length} direct dependencies are the newest`,
);
process.exitCode = old.length === 0 ? 0 : 1;

/** npm answers for a range with every version in it, in no order to rely on; without one with the tag `latest`. */
async function newestOf(name: string, range = "latest"): Promise<string> {
  const { stdout } = await promisify(execFile)("npm", ["view", `${name}@${range}`, "version", "--json"]);
  const found = JSON.parse(stdout) as string | string[];
  const newest = [found].flat().sort(compareVersions).at(-1);
  if (newest === undefined) throw new Error(`the registry has no ${name}@${range}`);
  return newest;
}

/** Orders releases "1.10.0" after "1.9.3"; a range matches no pre-releases, so none come here. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : left[at]! - right[at]!;
}
