/** Measures one env in a process of its own: code that has run other envs is compiled for all of them. */
import { answerParent } from "../wire/processes.ts";
import { compareCores, compareLoop, type CompareOptions } from "./compare.ts";
import { benchEnv, type SpeedOptions } from "./speed.ts";

interface Asked<O> {
  readonly id: string;
  readonly options: O;
}

const answers = {
  speed: ({ id, options }: Asked<SpeedOptions>) => benchEnv(id, options),
  loop: ({ id, options }: Asked<CompareOptions>) => compareLoop(id, options),
  cores: ({ id, options }: Asked<CompareOptions>) => compareCores(id, options),
};

export type SpeedAnswers = typeof answers;

answerParent(answers);
