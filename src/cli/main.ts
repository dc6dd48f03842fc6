/** The `dojang` command: parses the call, finds the subcommand, runs it, and turns whatever happens into an exit status. */
import { Command, CommanderError, Option } from "commander";
import type { Call, Subcommand } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import { loadConfig, resolveOptions, type RawFlags } from "./config.ts";
import { EXIT, failureOf, nearest, nothingGiven, oneLine, wrongCall } from "./errors.ts";
import { onInterrupt } from "./interrupt.ts";
import { OPTIONS, type OptionName } from "./options.ts";
import { endWithReader, makeOutput } from "./output.ts";
import { flagName } from "./settings.ts";
import { versionOf } from "./version.ts";

/** @param argv without node and script @returns the exit status */
export async function main(argv: readonly string[]): Promise<number> {
  endWithReader(process.stdout);
  try {
    return await dispatch(argv);
  } catch (error) {
    const { status, message } = failureOf(error);
    process.stderr.write(`dojang: ${message}\n`);
    if (process.env["DOJANG_DEBUG"] !== undefined) console.error(error);
    return status;
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  let status: number = EXIT.done;
  const program = new Command("dojang")
    .description("A gym server for agents.")
    .version(versionOf(), "--version", "print the version")
    .helpOption("--help", "print this help")
    .helpCommand(false)
    // Errors become one line of our own form; see `wordsOf`.
    .configureOutput({ outputError: () => undefined });
  program.exitOverride();
  for (const spec of COMMANDS) {
    addTo(program, spec).action(async (...given: unknown[]) => {
      // Commander hands over the arguments, the flags and the command itself.
      const args = given.slice(0, spec.arguments.length).filter((item) => item !== undefined) as string[];
      status = await runCommand(spec, args, given[spec.arguments.length] as RawFlags);
    });
  }
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    if (error.code === "commander.help") return EXIT.wrong;
    throw wordsOf(error, program, argv);
  }
  return status;
}

function addTo(program: Command, spec: Subcommand): Command {
  const command = program.command(spec.name).description(spec.summary);
  for (const { name, doc, optional } of spec.arguments)
    command.argument(optional === true ? `[${name}]` : `<${name}>`, doc);
  for (const name of [...spec.options, "json" as const]) command.addOption(flagOf(name));
  if (spec.examples.length > 0)
    command.addHelpText("after", `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join("\n")}`);
  return command;
}

function flagOf(name: OptionName): Option {
  const { doc, value, list, default: preset } = OPTIONS[name];
  const text = preset === undefined ? doc : `${doc} (default ${String(preset)})`;
  const option = new Option(
    value === undefined ? flagName(name) : `${flagName(name)} <${value}>`,
    list === true ? `${text}; repeatable` : text,
  );
  return list === true
    ? option.argParser((item: string, before: string[] | undefined) => [...(before ?? []), item])
    : option;
}

async function runCommand(spec: Subcommand, args: string[], flags: RawFlags): Promise<number> {
  const sources = { flags, variables: process.env, ...(await loadConfig(process.cwd())) };
  const options = resolveOptions([...spec.options, "json"], sources);
  const out = makeOutput(options.json ?? false, process.stdout, process.stderr);
  using interrupt = onInterrupt();
  const call: Call = { args, options, out, signal: interrupt.signal };
  const status = await spec.run(call);
  return spec.runsUntilStopped === true ? status : (interrupt.status() ?? status);
}

/** A commander error as a wrong call in our words. */
function wordsOf(error: CommanderError, program: Command, argv: readonly string[]): Error {
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
