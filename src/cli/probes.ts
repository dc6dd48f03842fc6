/** What `dojang doctor` tries. Each probe does the thing itself and reports what it saw. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { availableParallelism, freemem, platform, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { sandboxFor } from "./code-probes.ts";
import { oneLine } from "./errors.ts";
import { version } from "../server/version.ts";
import type { Language } from "../verify/code/index.ts";

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** Nothing works without it. */
  readonly needed: boolean;
  /** What was seen. */
  readonly found: string;
  /** What its absence means. */
  readonly means?: string;
}

type Probe = () => Promise<Omit<Finding, "name">>;

const run = promisify(execFile);
const PROBE_MS = 5_000;
const GIB = 2 ** 30;

/** The oldest Node that runs dojang; bin.ts stops before this on older ones. */
const OLDEST = [22, 18] as const;

const node: Probe = () => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return found(
    true,
    ok,
    `${process.versions.node} (V8 ${process.versions.v8}, ${process.arch})`,
    `Needs ${OLDEST.join(".")} or newer.`,
  );
};

const machine: Probe = () =>
  found(
    false,
    true,
    `${platform()} ${release()}, ${availableParallelism()} cores, ${(freemem() / GIB).toFixed(1)} of ${(totalmem() / GIB).toFixed(1)} GiB memory free`,
  );

/** Recordings are compressed by Node's own zstd. */
const zstd: Probe = () => {
  const bytes = Buffer.alloc(4_096, "dojang");
  const ok =
    typeof zlib.zstdCompressSync === "function" && zlib.zstdDecompressSync(zlib.zstdCompressSync(bytes)).equals(bytes);
  return found(true, ok, ok ? "compresses and restores 4 KiB" : "not in this Node", "Recordings cannot be written.");
};

const loopback: Probe = async () => {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
    return await found(true, true, "127.0.0.1 can be listened on");
  } catch (error) {
    return await found(true, false, messageOf(error), "No server can be started.");
  } finally {
    server.close();
  }
};

const temporary: Probe = async () => {
  try {
    const folder = await mkdtemp(join(tmpdir(), "dojang-doctor-"));
    await writeFile(join(folder, "probe"), "x");
    const { bavail, bsize } = await statfs(folder);
    await rm(folder, { recursive: true });
    return await found(false, true, `${tmpdir()} takes files, ${((bavail * bsize) / GIB).toFixed(1)} GiB free`);
  } catch (error) {
    return await found(false, false, messageOf(error), "Set TMPDIR to a folder that can be written.");
  }
};

/** ws uses it to mask and unmask frames when it is there and WS_NO_BUFFER_UTIL is not set. */
const bufferutil: Probe = async () => {
  if (process.env["WS_NO_BUFFER_UTIL"] !== undefined)
    return await found(false, false, "switched off by WS_NO_BUFFER_UTIL");
  try {
    // Optional: the name is a variable so that its absence is no error of the build.
    const name: string = "bufferutil";
    const module = (await import(name)) as { default?: { unmask?: unknown } };
    return await found(false, typeof module.default?.unmask === "function", "loads");
  } catch {
    return await found(false, false, "not installed", "Large frames are slower to receive: npm install bufferutil.");
  }
};

/** Limits memory and CPU time of processes. */
const prlimit: Probe = () =>
  tries("prlimit", ["--nofile=64", "true"], "Child processes cannot be given memory limits.");

/** Namespaces without root: bubblewrap must not only be installed but be allowed to unshare. */
const bubblewrap: Probe = () =>
  tries(
    "bwrap",
    ["--ro-bind", "/", "/", "--unshare-all", "--die-with-parent", "true"],
    "Child processes cannot be cut off from network and files.",
  );

/** Which sandbox the code runner puts programs of a language into. */
const code = (language: Language) => async (): Promise<Omit<Finding, "name">> => {
  const { ok, found: text, means } = await sandboxFor(language);
  return found(false, ok, oneLine(text), means);
};

export const PROBES: Readonly<Record<string, Probe>> = {
  dojang: () => found(false, true, version),
  node,
  machine,
  zstd,
  loopback,
  "temporary files": temporary,
  bufferutil,
  prlimit,
  bubblewrap,
  "code in JavaScript": code("javascript"),
  "code in TypeScript": code("typescript"),
  "code in Python": code("python"),
};

async function tries(command: string, args: readonly string[], means: string): Promise<Omit<Finding, "name">> {
  try {
    await run(command, args, { timeout: PROBE_MS });
    return await found(false, true, `${command} ${args[0] ?? ""} works`);
  } catch (error) {
    const { code, stderr } = error as { code?: string | number; stderr?: string };
    const text =
      code === "ENOENT" ? "not installed" : oneLine(stderr === undefined || stderr === "" ? messageOf(error) : stderr);
    return found(false, false, text, means);
  }
}

function found(needed: boolean, ok: boolean, text: string, means?: string): Promise<Omit<Finding, "name">> {
  return Promise.resolve({ needed, ok, found: text, ...(means !== undefined && { means }) });
}

const messageOf = (error: unknown): string => oneLine(error instanceof Error ? error.message : String(error));
