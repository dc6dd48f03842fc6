/** Measures one env in a process of its own: code that has run other envs is compiled for all of them. */
import { answerParent } from "../wire/processes.ts";
import { benchEnv, type SpeedOptions } from "./speed.ts";

const answers = {
  speed: ({ id, options }: { id: string; options: SpeedOptions }) => benchEnv(id, options),
};

export type SpeedAnswers = typeof answers;

answerParent(answers);
