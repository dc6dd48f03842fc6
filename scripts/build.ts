/** Builds dist/ from the sources: tsc for code and types, then the files that code reads at run time, then an executable dist/bin.js. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, globSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(import.meta.dirname);
const out = join(root, "dist");

rmSync(out, { recursive: true, force: true });
const tsc = fileURLToPath(import.meta.resolve("typescript/bin/tsc"));
const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(1); // tsc has said why

// Modules find their data by import.meta.url, so data has to lie beside the emitted code just as it lies beside the source.
for (const file of globSync("{src,protocol,envs,agents}/**/*.*", { cwd: root, withFileTypes: true })) {
  if (!file.isFile() || /\.(?:ts|md)$/.test(file.name)) continue;
  const path = join(file.parentPath, file.name);
  cpSync(path, join(out, path.slice(root.length + 1)));
}

chmodSync(join(out, "bin.js"), 0o755);
