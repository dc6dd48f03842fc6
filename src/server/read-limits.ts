/** Limits as texts, from a command line: `maxSessions=100`. */
import { GymError } from "../../protocol/errors.ts";
import { didYouMean } from "../../protocol/did-you-mean.ts";
import { LIMITS, type Limits } from "./options.ts";

/** Most milliseconds that Node's timers can wait. */
const LONGEST = 2 ** 31 - 1;

/** @param given NAME=VALUE, each name once @throws {GymError} BAD_PARAM naming the limit */
export const readLimits = (given: readonly string[]): Partial<Limits> => limitsOf(LIMITS, "docs/server.md", given);

/** The same for any server. @param known its limits @param page where they are listed */
export function limitsOf<L extends object>(known: L, page: string, given: readonly string[]): Partial<L> {
  const limits: Record<string, number> = {};
  for (const item of given) {
    const [name = "", text = "", ...rest] = item.split("=");
    const where = `limit ${name}`;
    if (!Object.hasOwn(known, name) || rest.length > 0) {
      const near = didYouMean(name, Object.keys(known));
      const hint = near === undefined ? `${page} lists them.` : `Did you mean ${near}?`;
      throw new GymError("BAD_PARAM", "limit", {
        expected: "NAME=VALUE with the name of a limit",
        received: item,
        hint,
      });
    }
    if (Object.hasOwn(limits, name)) throw new GymError("BAD_PARAM", where, { expected: "one value", received: item });
    const most = name.endsWith("Ms") ? LONGEST : Number.MAX_SAFE_INTEGER;
    const value = /^\d[\d_]*$/.test(text) ? Number(text.replaceAll("_", "")) : NaN;
    if (!(value >= 1 && value <= most)) {
      throw new GymError("BAD_PARAM", where, { expected: `an integer in 1..${most}`, received: text });
    }
    limits[name] = value;
  }
  // Every name is one of the known, and every value is a number, as theirs are.
  return limits as Partial<L>;
}
