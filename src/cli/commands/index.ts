/** All subcommands, in the order of the help. One that does not exist yet is not here, so that it answers as unknown. */
import type { Subcommand } from "../command.ts";
import { check } from "./check.ts";
import { doctor } from "./doctor.ts";
import { envs } from "./envs.ts";
import { serve } from "./serve.ts";

export const COMMANDS: readonly Subcommand[] = [serve, envs, check, doctor];
