/** Where a policy begins: all parameters of a decoder, neither fewer nor others. */
import { GymError } from "dojang/protocol";
import type { Decoder } from "../nets/decoder/decoder.ts";
import type { HostTensor } from "../nets/model.ts";
import { sizeOf } from "../nets/params.ts";

type Tensors = Readonly<Record<string, HostTensor>>;

/** @param learner names it in errors @throws {GymError} BAD_PARAM naming the first parameter that is missing, of another shape, or without a place in the decoder */
export function startFrom(
  model: { transfer(weights: Tensors): unknown },
  { params }: Decoder,
  weights: Tensors,
  learner: string,
): void {
  const places = new Map(params.map(({ name, shape }) => [name, shape]));
  const wrong = [...new Set([...places.keys(), ...Object.keys(weights)])].find((name) => !fits(places.get(name), weights[name])); // prettier-ignore
  if (wrong !== undefined)
    throw new GymError("BAD_PARAM", `${learner}: weights: ${wrong}`, {
      expected: shown(places.get(wrong)),
      received: weights[wrong]?.shape,
      hint: "Give the weights of a net that was made with the same options.",
    });
  model.transfer(weights);
}

const fits = (shape: readonly number[] | undefined, given: HostTensor | undefined): boolean =>
  shape !== undefined && given?.shape.join() === shape.join() && given.data.length === sizeOf(shape);

const shown = (shape: readonly number[] | undefined): string =>
  shape === undefined ? "no such parameter" : `${sizeOf(shape)} numbers of shape [${shape.join(", ")}]`;
