/** The parameter that is meant by a name written as another library writes it, or mistyped. */
import { didYouMean } from "../../protocol/did-you-mean.ts";

/** What Stable-Baselines3 and CleanRL call what has another name here, without case, "_" and "-": the first that is there is meant. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  lr: ["learningRate", "alpha"],
  learningrate: ["alpha"],
  batchsize: ["minibatch", "batch"],
  nepochs: ["epochs"],
  nsteps: ["steps"],
  numsteps: ["steps"],
  cliprange: ["clip"],
  clipcoef: ["clip"],
  gaelambda: ["lambda"],
  entcoef: ["entropyCoef"],
  vfcoef: ["valueCoef"],
  buffersize: ["capacity"],
};

/** One of `names`: the same but for case, "_" and "-"; else its name elsewhere; else the nearest, where one is near. */
export function meantName(word: string, names: readonly string[]): string | undefined {
  const plain = plainly(word);
  const elsewhere = Object.hasOwn(ELSEWHERE, plain) ? ELSEWHERE[plain] : undefined;
  return (
    names.find((name) => plainly(name) === plain) ??
    elsewhere?.find((name) => names.includes(name)) ??
    didYouMean(word, names)
  );
}

const plainly = (name: string): string => name.replace(/[_-]/g, "").toLowerCase();
