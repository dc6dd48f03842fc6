/** One row of a data set, whatever file it came from. */

export interface Row {
  /** Where it stands, for messages: "line 3", "row 12". */
  readonly where: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The value at a path such as "answer", "reward_model.ground_truth" or "prompt.0.content"; undefined where there is none. */
export function valueAt(values: unknown, path: string): unknown {
  let found: unknown = values;
  for (const key of path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}

/** Text, or a number written as one; undefined for anything else. */
export function textAt(row: Row, path: string): string | undefined {
  const value = valueAt(row.values, path);
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" ? value.toString() : undefined;
}
