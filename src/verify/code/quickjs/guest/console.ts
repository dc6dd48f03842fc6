/** Runs inside the sandbox: `console`, whose lines leave through one host function, bounded before they cross. */
import type { Primordials } from "./primordials.ts";

/** @param print takes 1 for stdout or 2 for stderr and a JSON string; @param maxLength longest line, in characters */
export function consoleOf(P: Primordials, print: (stream: number, text: string) => void, maxLength: number) {
  const scalar = (value: unknown): string => {
    switch (typeof value) {
      case "string":
        return value;
      case "bigint":
        return value < P.BigInt(2) ** P.BigInt(2_000) && -value < P.BigInt(2) ** P.BigInt(2_000)
          ? P.String(value) + "n"
          : "[BigInt]";
      case "function":
        return "[Function]";
      default:
        return P.String(value);
    }
  };

  const shown = (value: unknown, depth: number): string => {
    if (typeof value !== "object" || value === null) {
      return typeof value === "string" && depth > 0 ? P.stringify(value) : scalar(value);
    }
    if (depth > 4) return P.isArray(value) ? "[Array]" : "[Object]";
    try {
      return P.isArray(value) ? items(value as unknown[], depth) : fields(value, depth);
    } catch {
      return "[Object]";
    }
  };

  const items = (list: unknown[], depth: number): string => {
    let text = "[";
    const { length } = list;
    for (let i = 0; i < length && i < 100; i++) text += (i === 0 ? " " : ", ") + shown(list[i], depth + 1);
    return text + (length > 100 ? `, ... ${length - 100} more items ]` : length > 0 ? " ]" : "]");
  };

  const fields = (value: object, depth: number): string => {
    const kind = P.apply<string>(P.toText, value, []);
    if (kind === "[object Error]") return `${(value as Error).name}: ${(value as Error).message}`;
    const keys = P.ownKeys(value);
    let text = kind === "[object Object]" ? "{" : kind + " {";
    for (let i = 0; i < keys.length && i < 100; i++) {
      text +=
        (i === 0 ? " " : ", ") +
        P.String(keys[i]) +
        ": " +
        shown((value as Record<PropertyKey, unknown>)[keys[i]!], depth + 1);
    }
    return text + (keys.length > 0 ? " }" : "}");
  };

  const writer =
    (stream: number) =>
    (...values: unknown[]): void => {
      let line = "";
      for (let i = 0; i < values.length; i++) {
        line += (i === 0 ? "" : " ") + shown(values[i], 0);
        if (line.length > maxLength) line = P.apply<string>(P.slice, line, [0, maxLength]);
      }
      print(stream, P.stringify(line + "\n"));
    };

  const out = writer(1);
  const err = writer(2);
  return { log: out, info: out, debug: out, warn: err, error: err, trace: err };
}
