/** All subcommands, in the order of the help. One that does not exist yet is not here, so that it answers as unknown. */
import type { Subcommand } from "../command.ts";
import { doctor } from "./doctor.ts";
import { envs } from "./envs.ts";

export const COMMANDS: readonly Subcommand[] = [envs, doctor];
