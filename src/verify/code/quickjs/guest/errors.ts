/** Runs inside the sandbox: says in plain text what was thrown. */
import type { Primordials } from "./primordials.ts";

/** @returns a function that gives `["TypeError", "message"]` as JSON text; whatever was thrown, it does not throw itself */
export function describer(P: Primordials) {
  const text = (read: () => unknown, otherwise: string, maxLength: number): string => {
    try {
      const value = read();
      return typeof value === "string" ? P.apply<string>(P.slice, value, [0, maxLength]) : otherwise;
    } catch {
      return otherwise;
    }
  };

  const typeOf = (error: Error): string => {
    const name = text(() => error.name, "", 200);
    // A class that extends Error and sets no name is known by its constructor.
    return name === "" || name === "Error" ? text(() => error.constructor.name, name || "Object", 200) : name;
  };

  return (thrown: unknown): string => {
    let type: string;
    let message: string;
    if (typeof thrown === "object" && thrown !== null) {
      type = typeOf(thrown as Error);
      message = text(() => (thrown as Error).message, "", 2_000);
    } else {
      type = thrown === null ? "null" : typeof thrown;
      message = text(() => (typeof thrown === "symbol" ? "a symbol" : P.String(thrown)), "", 2_000);
    }
    return "[" + P.stringify(type) + "," + P.stringify(message) + "]";
  };
}
