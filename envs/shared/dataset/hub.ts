/** Data sets by name from the Hugging Face hub: finds the Parquet files that it keeps of every data set, and fetches one. */
import { createHash } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GymError } from "dojang/protocol";

export interface HubSource {
  /** "owner/name" */
  readonly hub: string;
  /** Configuration, such as "main"; empty: the only one, or the one called "default". */
  readonly config: string;
  /** Split, such as "train". */
  readonly split: string;
  /** Where the hub answers. */
  readonly url: string;
  /** Folder that fetched files are kept in. */
  readonly folder: string;
}

const MAX_BYTES = 512 * 2 ** 20;
const MAX_LIST_BYTES = 2 ** 20;
const TIMEOUT_MS = 60_000;

/** A data set's Parquet files by configuration and split. */
type Listing = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * Paths of the split's files, fetched where they are not in the folder yet. A file is moved to its place only once it is whole.
 * A token in HF_TOKEN is sent to the hub itself and to no other host.
 * @throws {GymError} BAD_PARAM when the hub has no such data set, configuration or split; VERIFIER_UNAVAILABLE when it cannot be reached
 */
export async function fetchHub(source: HubSource, where: string): Promise<string[]> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(source.hub) || source.hub.includes(".."))
    throw new GymError("BAD_PARAM", `${where}: param hub`, { expected: "owner/name", received: source.hub });
  const files = chooseSplit(await list(source, where), source, where);
  const folder = join(source.folder, ".hub");
  mkdirSync(folder, { recursive: true });
  const paths: string[] = [];
  for (const url of files) paths.push(await fetchFile(new URL(url, source.url), folder, source, where));
  return paths;
}

async function list({ hub, url }: HubSource, where: string): Promise<Listing> {
  const response = await ask(new URL(`/api/datasets/${hub}/parquet`, url), url, where);
  if (!response.ok)
    throw refused(`${where}: param hub`, `a data set that ${url} has`, `${hub} (status ${response.status})`);
  const text = await readText(response);
  try {
    return JSON.parse(text) as Listing;
  } catch {
    throw refused(`${where}: param hub`, "a list of Parquet files", text.slice(0, 80));
  }
}

function chooseSplit(listing: Listing, { hub, config, split }: HubSource, where: string): readonly string[] {
  const configs = Object.keys(listing);
  const chosen = config !== "" ? config : configs.length === 1 ? configs[0] : "default";
  const splits = listing[chosen ?? ""];
  if (splits === undefined)
    throw refused(`${where}: param hubConfig`, `one of ${configs.join(", ")} of ${hub}`, config);
  const files = splits[split];
  if (Array.isArray(files) && files.every((file) => typeof file === "string")) return files;
  throw refused(`${where}: param hubSplit`, `one of ${Object.keys(splits).join(", ")} of ${hub}`, split);
}

async function fetchFile(file: URL, folder: string, { url }: HubSource, where: string): Promise<string> {
  const path = join(folder, `${createHash("sha256").update(file.href).digest("hex").slice(0, 32)}.parquet`);
  if (existsSync(path)) return path;
  const response = await ask(file, url, where);
  if (!response.ok || response.body === null)
    throw refused(`${where}: param hub`, "a file that can be fetched", `${file.pathname} (status ${response.status})`);
  const part = `${path}.${process.pid}.part`;
  try {
    await pipeline(Readable.fromWeb(response.body), bounded(MAX_BYTES), createWriteStream(part));
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error instanceof GymError ? error : unreachable(where, error);
  }
  return path;
}

async function ask(what: URL, hub: string, where: string): Promise<Response> {
  const token = process.env["HF_TOKEN"];
  const own = what.origin === new URL(hub).origin;
  try {
    return await fetch(what, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: token !== undefined && own ? { authorization: `Bearer ${token}` } : {},
    });
  } catch (error) {
    throw unreachable(where, error);
  }
}

async function readText(response: Response): Promise<string> {
  const text = await response.text();
  return text.length <= MAX_LIST_BYTES ? text : text.slice(0, MAX_LIST_BYTES);
}

function bounded(most: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      seen += chunk.length;
      if (seen > most) done(refused("hub", `a file of at most ${most} bytes`, "more"));
      else done(null, chunk);
    },
  });
}

const refused = (where: string, expected: string, received: string): GymError =>
  new GymError("BAD_PARAM", where, { expected, received });

const unreachable = (where: string, error: unknown): GymError =>
  new GymError("VERIFIER_UNAVAILABLE", `${where}: param hub`, {
    expected: "a hub that answers",
    received: error instanceof Error ? error.message : String(error),
    hint: "Fetch the file by hand and name it with `file`.",
  });
