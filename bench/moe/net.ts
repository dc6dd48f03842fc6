/** A decoder with experts beside the dense one of equal active size: parameters, a step of descent, generated tokens. */
import { Rng } from "dojang/env";
import { nn, np } from "../../agents/nets/backend.ts";
import { decoder, type DecoderOptions } from "../../agents/nets/decoder/decoder.ts";
import type { HostTensor } from "../../agents/nets/host-tensor.ts";
import { denseTwin, sizeOfNet } from "../../agents/nets/moe-cost.ts";
import { Model } from "../../agents/nets/model.ts";
import { generate } from "../../agents/text/generate.ts";
import { charTokenizer } from "../../agents/text/tokenizer.ts";
import { cpuMs, median, warmUp } from "./layer.ts";

const tokenizer = charTokenizer("0123456789+=- ");
const ROWS = 128;
/** Answers to one prompt, as in a group of GRPO. */
const GROUP = 16;
const PROMPT = 8;
const LENGTH = 12;

interface Batch extends Record<string, HostTensor> {
  readonly tokens: HostTensor;
  readonly target: HostTensor;
}

/** Figures of one net by name, `prefix` before each. */
export function compareNets(rounds: number) {
  const shape = { vocab: tokenizer.vocab, width: 64, layers: 2, heads: 4, context: LENGTH, pad: tokenizer.pad };
  const options: DecoderOptions = { ...shape, moe: { experts: 4, active: 2, hidden: 64 } };
  const nets = [netOf(options), netOf(denseTwin(options))] as const;
  for (const { step, write } of nets) warmUp(step, write);
  const times = nets.map(() => ({ step: new Array<number>(), write: new Array<number>() }));
  for (let round = 0; round < rounds; round++)
    nets.forEach(({ step, write }, i) => {
      times[i]!.step.push(cpuMs(step) / (ROWS * LENGTH));
      times[i]!.write.push(cpuMs(write) / (ROWS * (LENGTH - PROMPT)));
    });
  const figures = nets.map(({ size }, i) => {
    const [stepMs, writeMs] = [median(times[i]!.step), median(times[i]!.write)];
    const { total, active } = size;
    // float32: what is kept (parameters, Adam's two moments), what one token reads, what the cache keeps of it (keys, values).
    const bytes = { kept_bytes: 12 * total, read_bytes_per_token: 4 * active, cache_bytes_per_token: 8 * shape.layers * shape.width }; // prettier-ignore
    return { parameters: total, active, step_us_per_token: 1e3 * stepMs, written_us_per_token: 1e3 * writeMs, ...bytes }; // prettier-ignore
  });
  return { moe: figures[0]!, dense: figures[1]! };
}

function netOf(options: DecoderOptions) {
  const net = decoder(options);
  const rng = new Rng(3);
  const model = new Model<Batch>(
    {
      name: "decoder",
      params: net.params,
      optimizer: { kind: "adam", clip: 1 },
      loss(p, { tokens, target }) {
        const chosen = nn.oneHot(target, options.vocab).astype(np.float32);
        return { loss: np.mean(np.sum(nn.logSoftmax(net.apply(p, tokens), -1).mul(chosen), -1)).mul(-1) };
      },
    },
    rng,
  );
  const data = Int32Array.from({ length: ROWS * LENGTH }, () => 2 + rng.int(10));
  const column = { data, shape: [ROWS, LENGTH] };
  const prompts = Array.from({ length: ROWS }, (_, row) => {
    const from = (row - (row % GROUP)) * LENGTH;
    return data.slice(from, from + PROMPT);
  });
  return {
    size: sizeOfNet(net.params, options.moe),
    step: () => model.step({ tokens: column, target: column }, 0),
    write: () => generate({ decoder: net, tokenizer, model }, prompts, { maxTokens: LENGTH - PROMPT, rng }),
  };
}
