/** All subcommands, in the order of the help. One that does not exist yet is not here, so that it answers as unknown. */
import type { Subcommand } from "../command.ts";
import { bench } from "./bench.ts";
import { check } from "./check.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { envs } from "./envs.ts";
import { episodes } from "./episodes.ts";
import { evaluateRun } from "./eval.ts";
import { plot } from "./plot.ts";
import { recover } from "./recover.ts";
import { replay } from "./replay.ts";
import { runs } from "./runs.ts";
import { servePolicy } from "./serve-policy.ts";
import { serve } from "./serve.ts";
import { train } from "./train.ts";
import { tune } from "./tune.ts";
import { verify } from "./verify.ts";

export const COMMANDS: readonly Subcommand[] = [
  serve,
  envs,
  train,
  tune,
  evaluateRun,
  servePolicy,
  runs,
  plot,
  replay,
  episodes,
  recover,
  verify,
  check,
  doctor,
  demo,
  bench,
];
