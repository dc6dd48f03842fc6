/** `dojang/agents`: the agents, the stream operators they are made of, and what trains and evaluates them. */
export { a2c } from "./a2c.ts";
export { a3c } from "./a3c.ts";
export { behaviourCloning } from "./behaviour-cloning.ts";
export { discreteSac } from "./discrete-sac.ts";
export { doubleQLearning } from "./double-q-learning.ts";
export { dqn } from "./dqn.ts";
export { evolutionStrategies } from "./evolution-strategies.ts";
export { expectedSarsa } from "./expected-sarsa.ts";
export { ppo } from "./ppo.ts";
export { pqn } from "./pqn.ts";
export { preset } from "./presets/index.ts";
export type { Preset } from "./presets/preset.ts";
export { qLearning } from "./q-learning.ts";
export { qrDqn } from "./qr-dqn.ts";
export { random } from "./random.ts";
export { agents, findAgent } from "./registry.ts";
export { curveOf, pointsOf, smoothed, type Curve } from "./results/curves.ts";
export { groupRuns, type RunGroup } from "./results/groups.ts";
export { findRuns, readMetrics, readRun, type MetricsLine, type RunSummary } from "./results/read-run.ts";
export { CONFIDENCE } from "./results/statistics.ts";
export { sac } from "./sac.ts";
export { reinforce } from "./reinforce.ts";
export { sarsaLambda } from "./sarsa-lambda.ts";
export { sarsa } from "./sarsa.ts";
export {
  defineAgent,
  type Agent,
  type AgentParts,
  type AgentSpec,
  type AnyAgent,
  type Learner,
  type Metrics,
  type Tools,
} from "./shared/agent.ts";
export { evaluate, type EvaluateOptions, type Evaluation } from "./shared/evaluate.ts";
export { anySpace, boxSpace, discreteSpace, finiteSpace, type Fit } from "./shared/fit.ts";
export type { Plain, Saveable } from "./shared/plain.ts";
export { drawSeed, rngFor, seedFor } from "./shared/rng.ts";
export { Run, writerOf } from "./shared/run.ts";
export { fromSafetensors, toSafetensors } from "./shared/safetensors.ts";
export { geometric, linear, ramp, stepSize, type Ramp } from "./shared/schedule.ts";
export { keysOf, mergeSettings, parseSettings } from "./shared/settings.ts";
export { SCORES, type ScoreOf } from "./shared/goal.ts";
export type { CostRates } from "./shared/costs.ts";
export { train, type TrainOptions, type TrainResult } from "./shared/train.ts";
export type { Progress } from "./shared/train-session.ts";
export type { Transfer } from "./shared/transfer.ts";
export type { TrainSettings } from "./shared/train-settings.ts";
export { type EnvChanges, loadLearner, makeForRun, openTrained, type Trained } from "./shared/trained.ts";
export { budgets, ranked, survivors, type Scored } from "./tuning/halving.ts";
export { defaultSpace, drawFrom, readSpace, resolved, type SearchSpace } from "./tuning/space.ts";
export { episodeReturns, type EpisodeReturn } from "./streams/episode-returns.ts";
export { fromEpisodes, type FromEpisodesOptions, type RecordedEpisode } from "./streams/from-episodes.ts";
export { advantages, gae, type GaeOptions } from "./streams/gae.ts";
export { metricsTo, type MetricsSink, type MetricsToOptions } from "./streams/metrics-to.ts";
export { minibatches, type MinibatchOptions } from "./streams/minibatches.ts";
export { nStep, type NStepOptions } from "./streams/n-step.ts";
export { recordings, type RecordedStreamOptions } from "./streams/recordings.ts";
export { replayBuffer, type ReplayOptions } from "./streams/replay-buffer.ts";
export { ReplayMemory } from "./streams/replay-memory.ts";
export { rollout, type Act, type Actions, type RolloutOptions } from "./streams/rollout.ts";
export { Stepper, type ActBatch, type StepperState } from "./streams/stepper.ts";
export { takeTransitions, type Columns, type Transitions } from "./streams/transitions.ts";
export { generate, type Generated, type GenerateOptions, type TextModel } from "./text/generate.ts";
export { bootstrap, wilson, type Interval } from "./text/intervals.ts";
export { majAtK, passAtK } from "./text/pass-at-k.ts";
export { openR1Policy, type R1Policy } from "./text/r1/policy.ts";
export type { Figures, Gain } from "./text/r1/measured.ts";
export {
  answersOf,
  greedyScore,
  scoresOf,
  type Answers,
  type AnswersOptions,
  type Scores,
} from "./text/evaluate-text.ts";
export { groupRollout, type GroupRolloutOptions } from "./text/group-rollout.ts";
export { Grpo, type GrpoOptions } from "./text/grpo.ts";
export { GRPO, type GrpoConfig } from "./text/grpo-config.ts";
export { phraseTokenizer } from "./text/r1/vocabulary.ts";
export { Sft, type Example, type SftConfig, type SftOptions } from "./text/sft.ts";
export { charTokenizer, type Tokenizer } from "./text/tokenizer.ts";
export { decoder, type Decoder, type DecoderOptions } from "./nets/decoder/decoder.ts";
export { isMeasured, type RejectionResult } from "./text/r1/rejection.ts";
export { runR1, type R1Options } from "./text/r1/run-r1.ts";
export { settle as settleR1 } from "./text/r1/resume.ts";
export { R1, type R1Settings } from "./text/r1/settings.ts";
export type { StageResult } from "./text/r1/stage.ts";
export { TASK_SETS } from "./text/r1/task-set.ts";
export { Sequences, type Asked, type Sequence } from "./text/sequences.ts";
