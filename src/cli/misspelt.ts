/** Calls that do not parse: commander's complaints in our words, with the nearest name. */
import type { Command, CommanderError } from "commander";
import { nearest, nothingGiven, oneLine, wrongCall } from "./errors.ts";

/** A commander error as a wrong call in our words. */
export function wordsOf(error: CommanderError, program: Command, argv: readonly string[]): Error {
  const name = argv.find((word) => !word.startsWith("-")) ?? "";
  const command = program.commands.find((item) => item.name() === name);
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const help = `See \`dojang ${command === undefined ? "" : `${name} `}--help\`.`;
  switch (error.code) {
    case "commander.unknownCommand": {
      const names = program.commands.map((item) => item.name());
      return wrongCall("command", `one of ${names.join(", ")}`, name, nearest(name, names) ?? help);
    }
    case "commander.unknownOption": {
      const flags = (command ?? program).options.map((option) => option.long ?? "");
      return wrongCall(`dojang ${name}`.trim(), "a flag it has", quoted, nearest(quoted, flags) ?? help);
    }
    case "commander.missingArgument":
      return nothingGiven(`dojang ${name}`, quoted, help);
    case "commander.optionMissingArgument":
      return nothingGiven(quoted.split(" ")[0] ?? quoted, /<(.*)>/.exec(quoted)?.[1] ?? "a value", help);
    case "commander.excessArguments":
      return wrongCall(
        `dojang ${name}`,
        `${command?.registeredArguments.length ?? 0} or fewer arguments`,
        command?.args,
        help,
      );
    default:
      return wrongCall(`dojang ${name}`, "a call as in --help", oneLine(error.message));
  }
}
