/** Every option of every command, once: the same name means the same thing in flags, DOJANG_* variables and the config file. */
// Not by the index: what every command reads loads no agent.
import { SCORES } from "../../agents/shared/goal.ts";
import type { TaskSetName } from "../../agents/text/r1/task-set.ts";
import { AUTORESET } from "../../protocol/frames.ts";
import { LOG_LEVELS } from "../server/log-levels.ts";
import { choice, flag, integer, real, text, texts, type ValueOf } from "./settings.ts";

/** By name alone: their module loads the recipe. */
const TASK_SETS: Readonly<Record<TaskSetName, true>> = { addition: true, mixed: true };

const SEEDS = { min: 0, max: Number.MAX_SAFE_INTEGER };

export const OPTIONS = {
  json: flag({ doc: "JSON lines on stdout, the last one the result; everything for people goes to stderr" }),
  host: text({
    doc: "address to listen on; any but loopback needs --token-file",
    value: "ADDRESS",
    default: "127.0.0.1",
  }),
  port: integer({ doc: "port to listen on; 0 picks a free one", min: 0, max: 65_535, default: 7766 }),
  plugin: texts({ doc: "plugin to add: a path (./my-env.ts) or an installed package", value: "PATH|PACKAGE" }),
  tokenFile: text({ doc: "tokens, one a line; a client sends the first one", value: "FILE" }),
  allowOrigin: texts({ doc: "origin of web pages that may connect", value: "ORIGIN" }),
  allowHost: texts({ doc: "further name that the Host header may carry", value: "NAME" }),
  tlsCert: text({ doc: "certificate chain (PEM) for wss", value: "FILE" }),
  tlsKey: text({ doc: "private key (PEM) for wss", value: "FILE" }),
  record: text({ doc: "folder for recordings of every episode", value: "DIR" }),
  recordObservations: flag({ doc: "record full observations, not only digests" }),
  limit: texts({ doc: "a limit of the server (maxSessions=100); docs/server.md lists them", value: "NAME=VALUE" }),
  logLevel: choice({ doc: "least severe lines of the log, which is JSON on stderr", of: LOG_LEVELS, default: "info" }),
  server: text({ doc: "server to use instead of envs in this process (ws://127.0.0.1:7766)", value: "URL" }),
  num: integer({ doc: "env instances in the batch", min: 1, max: 65_536 }),
  steps: integer({ doc: "env steps in all", min: 1, max: Number.MAX_SAFE_INTEGER }),
  seed: integer({
    doc: "seed of everything random, printed; without it eval RUN derives one from the run's, r1 takes 1, all else draws one",
    ...SEEDS,
  }),
  autoreset: choice({ doc: "what happens when an episode ends", of: AUTORESET }),
  trials: integer({ doc: "candidates of a search (default 18)", min: 1, max: 100_000 }),
  rounds: integer({ doc: "rounds of a search; 1 is random search (default 3)", min: 1, max: 10 }),
  seeds: integer({ doc: "seeds that each candidate is trained with (default 1)", min: 1, max: 1_000 }),
  space: text({ doc: "JSON file with what to search: ranges or lists by hyperparameter", value: "FILE" }),
  jobs: integer({ doc: "trainings at once (default: one for each core)", min: 1, max: 1_024 }),
  metric: text({ doc: "metric to draw, as metrics.jsonl names it (default return)", value: "NAME" }),
  smooth: integer({ doc: "lines of metrics whose mean is one point (default 1)", min: 1, max: 1e6 }),
  png: text({ doc: "write pictures as PNG: a folder (replay), or one file (envs)", value: "PATH" }),
  every: integer({ doc: "with --png: a picture every so many steps (default 1)", min: 1, max: 1e9 }),
  out: text({ doc: "where to write", value: "PATH" }),
  resume: flag({ doc: "go on from the run's last checkpoint" }),
  config: text({
    doc: "JSON file with hyperparameters, or with all settings of a run; --set goes over it",
    value: "FILE",
  }),
  evalEvery: integer({
    doc: "env steps between two evaluations during training",
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
  }),
  evalEpisodes: integer({ doc: "episodes of such an evaluation (default 20)", min: 1, max: 1e6 }),
  target: real({
    doc: "mean return at which training stops; status 1 where it is not reached",
    min: -1e300,
    max: 1e300,
  }),
  targetOf: choice({ doc: "the return that the target is of: the last 100 episodes, or an evaluation", of: SCORES }),
  tasks: choice({
    doc: "what r1 learns: three-digit sums, or four families of problems mixed",
    of: namesOf(TASK_SETS),
  }),
  best: flag({ doc: "take the best checkpoint instead of the last" }),
  sampled: flag({ doc: "act as in training: draw from the policy and explore, in place of the likeliest action" }),
  from: texts({ doc: "recordings to learn from in place of own play: a file, a folder or a pattern", value: "PATH" }),
  initFrom: text({ doc: "run to begin with: all it had learnt, or the layers of its nets that fit", value: "RUN" }),
  freeze: texts({ doc: "parameters of nets that do not learn, by name (torso.*)", value: "PATTERN" }),
  online: flag({ doc: "learn without end from an env that goes on by itself; stop by Ctrl-C or SIGTERM" }),
  checkpointEvery: integer({ doc: "env steps between two checkpoints", min: 1, max: Number.MAX_SAFE_INTEGER }),
  logEvery: integer({ doc: "env steps between two lines of metrics", min: 1, max: Number.MAX_SAFE_INTEGER }),
  wattsPerCore: real({ doc: "watts of a busy core, for the energy in the receipt (default 10)", min: 0, max: 1e4 }),
  pricePerCoreHour: real({ doc: "price of a core for an hour, for the price in the receipt", min: 0, max: 1e9 }),
  set: texts({ doc: "hyperparameter of the agent, nested ones with dots (epsilon.to=0.05)", value: "KEY=VALUE" }),
  param: texts({ doc: "parameter of the env (mapName=8x8)", value: "KEY=VALUE" }),
  resets: text({
    doc: 'options of the resets, dealt out to the instances in turn, as JSON ([{"game": 0}, {"game": 1}])',
    value: "LIST",
  }),
  envParam: texts({
    doc: "param of an env that only the operator sets (Portfolio-v0.file=prices.csv)",
    value: "ENV.PARAM=VALUE",
  }),
  data: text({ doc: "folder with the operator's own data files (default data)", value: "DIR" }),
  maxSteps: integer({
    doc: "time limit of an episode in steps, 0 for none, instead of the env's own",
    min: 0,
    max: 2 ** 31 - 1,
  }),
  episodes: integer({ doc: "episodes to play", min: 1, max: 1e9 }),
  episode: integer({ doc: "number of the episode, from 0", ...SEEDS }),
  instance: integer({ doc: "env instance of the batch, from 0", min: 0, max: 65_535 }),
  verify: flag({ doc: "play everything again and name the first step that differs" }),
  rescore: flag({ doc: "ask for verdicts again instead of comparing observations only" }),
  workers: integer({ doc: "worker threads beside the main one", min: 1, max: 64 }),
  checkers: text({
    doc: "module whose exported functions tests of code may name as checkers; it runs in this process",
    value: "MODULE",
  }),
  limitMs: integer({ doc: "milliseconds that one verdict may take", min: 20, max: 600_000, default: 2_000 }),
  exactOnly: flag({ doc: "prove by the exact rules only, without the engine" }),
  quick: flag({ doc: "a tenth of each count" }),
  part: text({ doc: "one part of a benchmark alone", value: "NAME" }),
  only: text({ doc: "cells of `bench agents` by their key, * for anything (minatar/*Breakout*)", value: "PATTERN" }),
  list: flag({ doc: "name the cells of `bench agents` and whether they have a result, and measure none" }),
  again: flag({ doc: "measure cells of `bench agents` that have a result once more" }),
  stage: text({
    doc: "stage of the recipe (default: the last that is done of those that lead to 5-grpo)",
    value: "NAME",
  }),
  model: text({ doc: "name of the model at the endpoint", value: "NAME" }),
  baseUrl: text({ doc: "OpenAI-compatible endpoint (http://127.0.0.1:8000/v1)", value: "URL" }),
  api: choice({
    doc: "what the endpoint is asked for: chat (default), or completions of plain texts, for base models",
    of: ["chat", "completions"],
  }),
  apiKeyEnv: text({ doc: "environment variable that holds the endpoint's key", value: "NAME" }),
  samples: integer({ doc: "answers to each problem (default 1)", min: 1, max: 1e4 }),
  items: flag({ doc: "problem i is item i of the env's table, up to its end: data sets, each problem once" }),
  concurrency: integer({ doc: "episodes that are played at once (default 8)", min: 1, max: 1_024 }),
  retries: integer({ doc: "times that a failed request is sent again (default 5)", min: 0, max: 100 }),
  timeoutMs: integer({ doc: "milliseconds that one request may take (default 600000)", min: 1, max: 2 ** 31 - 1 }),
  temperature: real({
    doc: "divides the logits; 0 takes the likeliest token (default: the endpoint's)",
    min: 0,
    max: 100,
  }),
  topP: real({ doc: "draw from the likeliest tokens that together have this probability", min: 0, max: 1 }),
  maxTokens: integer({ doc: "tokens of the longest answer (default: the endpoint's)", min: 1, max: 1e9 }),
  system: text({ doc: "system message before each problem", value: "TEXT" }),
  request: text({ doc: "further fields of each request, over all others; null leaves one out", value: "JSON" }),
  stream: flag({ doc: "read answers as streams: tells the time to the first token, and keeps proxies awake" }),
  priceIn: real({ doc: "price of a million tokens of prompts", min: 0, max: 1e9 }),
  priceOut: real({ doc: "price of a million tokens of answers", min: 0, max: 1e9 }),
  speed: real({ doc: "steps shown in a second; 0 shows all at once", min: 0, max: 1e6 }),
};

/** The keys of a record are what its type says. */
function namesOf<T extends string>(record: Readonly<Record<T, true>>): T[] {
  return Object.keys(record) as T[];
}

export type Options = { readonly [K in keyof typeof OPTIONS]: ValueOf<(typeof OPTIONS)[K]> };
export type OptionName = keyof Options;

/** What a command gets: a value for each option that was given or has a default. */
export type Given<K extends OptionName = OptionName> = { readonly [N in K]?: Options[N] };
