/** Commands of several forms (`eval RUN`, `eval llm`; `train AGENT`, `train r1`) have the flags of all: one that would be ignored is refused. */
import { GymError } from "../../protocol/errors.ts";
import type { Call } from "./command.ts";
import type { OptionName } from "./options.ts";
import { flagName } from "./settings.ts";

/** @param others options of another form alone @param form its name @throws {GymError} BAD_PARAM for the first of them that the call names */
export function refuseFlags({ named }: Pick<Call, "named">, others: readonly OptionName[], form: string): void {
  const wrong = named.find((name) => others.includes(name));
  if (wrong === undefined) return;
  throw new GymError("BAD_PARAM", `${flagName(wrong)}: expected none: it is for ${form}`, { hint: "Leave it out." });
}
