/** Bundles for a browser, as a web author's bundler does. */
import { build, stop } from "esbuild";

export interface Bundle {
  /** One ES module, minified. */
  readonly code: string;
  /** Files it was made of. */
  readonly inputs: readonly string[];
  /** Imports that are left in it. */
  readonly left: readonly string[];
  readonly warnings: readonly string[];
}

/** @param conditions beside those of every bundler; by default the one that takes this package from source. @throws Error for any import that a browser does not have */
export async function bundle(entry: string, conditions = ["dojang-source"]): Promise<Bundle> {
  const { outputFiles, metafile, warnings } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    conditions: [...conditions, "browser"],
    logLevel: "silent",
  });
  await stop(); // ends the process that esbuild keeps for the next build
  const [output] = Object.values(metafile.outputs);
  return {
    code: outputFiles[0]!.text,
    inputs: Object.keys(metafile.inputs),
    left: output!.imports.map(({ path }) => path),
    warnings: warnings.map(({ text }) => text),
  };
}
