/** The Node flags under which every Worker and child process must start, so that all of them load the same files as this one. */

/** The package export condition that resolves `dojang/env` and its like to the sources; it exists in this repository only. */
const SOURCE_CONDITION = "dojang-source";

/**
 * Flags for `execArgv` of a Worker or fork, or to stand before the script of a spawn: the source condition when this
 * file itself runs from source, nothing when it runs from the built package; then `extra`.
 */
export function execArgv(...extra: readonly string[]): string[] {
  const runsFromSource = import.meta.url.endsWith(".ts");
  return [...(runsFromSource ? [`--conditions=${SOURCE_CONDITION}`] : []), ...extra];
}
