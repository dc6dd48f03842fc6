/** Rows of a JSON Lines file. */
import { GymError } from "dojang/protocol";
import type { Row } from "./row.ts";

/**
 * At most `limit` rows; empty lines do not count.
 * @throws {GymError} BAD_PARAM naming the line that is no JSON object
 */
export function readJsonl(text: string, where: string, limit: number): Row[] {
  const rows: Row[] = [];
  for (let begin = 0, line = 1; begin < text.length && rows.length < limit; line++) {
    const newline = text.indexOf("\n", begin);
    const end = newline < 0 ? text.length : newline;
    const source = text.slice(begin, end).trim();
    begin = end + 1;
    if (source !== "") rows.push({ where: `line ${line}`, values: readLine(source, `${where}: line ${line}`) });
  }
  return rows;
}

function readLine(source: string, where: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new GymError("BAD_PARAM", where, {
    expected: "one JSON object",
    hint: "Write one object a line (JSON Lines).",
  });
}
