/** All subcommands, in the order of the help; the rest of one is loaded when it is called. One that does not exist yet is not here, so that it answers as unknown. */
import type { Subcommand } from "../command.ts";

interface Entry {
  readonly name: string;
  /** One sentence for `dojang --help`. */
  readonly summary: string;
  load(): Promise<Subcommand>;
}

export const COMMANDS: readonly Entry[] = [
  {
    name: "serve",
    summary: "Serve the envs over WebSocket until Ctrl-C.",
    load: async () => (await import("./serve.ts")).serve,
  },
  {
    name: "envs",
    summary: "List the envs, or show one: spaces, parameters, where it comes from.",
    load: async () => (await import("./envs.ts")).envs,
  },
  {
    name: "train",
    summary: "Train an agent on an env. Writes a run folder: settings, metrics, checkpoint, receipt.",
    load: async () => (await import("./train.ts")).train,
  },
  {
    name: "tune",
    summary: "Search for hyperparameters: random candidates, the best third of each round trains three times as long.",
    load: async () => (await import("./tune.ts")).tune,
  },
  {
    name: "eval",
    summary:
      "Play whole episodes with a run's last checkpoint, or with any model behind an OpenAI-compatible endpoint.",
    load: async () => (await import("./eval.ts")).evaluateRun,
  },
  {
    name: "serve-policy",
    summary: "Serve the policy of a run of `train r1` as an OpenAI-compatible endpoint until Ctrl-C.",
    load: async () => (await import("./serve-policy.ts")).servePolicy,
  },
  {
    name: "runs",
    summary: "List runs, and compare them: mean and 95% t interval over the seeds of the same agent, env and settings.",
    load: async () => (await import("./runs.ts")).runs,
  },
  {
    name: "plot",
    summary: "Draw learning curves: one curve for each agent, env and settings, the mean of its seeds with a band.",
    load: async () => (await import("./plot.ts")).plot,
  },
  {
    name: "replay",
    summary: "Show a recorded episode or a failure step by step, or verify a recording by playing it again.",
    load: async () => (await import("./replay.ts")).replay,
  },
  {
    name: "episodes",
    summary: "List the episodes of a recording: seed, steps, return, how they ended.",
    load: async () => (await import("./episodes.ts")).episodes,
  },
  {
    name: "recover",
    summary:
      "Make a recording readable whose writer was killed: every closed chunk is kept, the index is written anew.",
    load: async () => (await import("./recover.ts")).recover,
  },
  {
    name: "verify",
    summary: "Judge answers: JSON lines in, one verdict line out for each, in the same order.",
    load: async () => (await import("./verify.ts")).verify,
  },
  {
    name: "check",
    summary: "Play every rule of the plugin contract against a plugin and name the ones it breaks.",
    load: async () => (await import("./check.ts")).check,
  },
  {
    name: "doctor",
    summary: "Try what dojang needs or can use on this machine, and say what is missing and what that means.",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  {
    name: "demo",
    summary:
      "See it work: a server, an agent in another process that learns FrozenLake, its games recorded and replayed.",
    load: async () => (await import("./demo.ts")).demo,
  },
  {
    name: "bench",
    summary: "Measure rates, and what must hold under load (repository only).",
    load: async () => (await import("./bench.ts")).bench,
  },
];
