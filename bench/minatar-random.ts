/** A uniform random policy in every MinAtar env against the figures of the reference implementation. Prints a table; exits 1 where a mean is 3 or more standard errors off. */
import { parseArgs } from "node:util";
import minatar from "../envs/minatar/index.ts";
import { distance, playRandomly, REFERENCE } from "../test/envs/minatar/random-policy.ts";

const { values } = parseArgs({
  options: { episodes: { type: "string", default: "2000" }, seed: { type: "string", default: "0" } },
});
const episodes = Number(values.episodes);
const seed = Number(values.seed);
if (!Number.isInteger(episodes) || episodes < 2) throw new RangeError(`--episodes: expected 2 or more, got ${values.episodes}`); // prettier-ignore

console.log(`Uniform random policy, ${episodes} episodes, seed ${seed}; z: standard errors from the reference\n`);
console.log("| env | mean return +/- s.e. (std) | reference | z | mean length (std) | reference | z |");
console.log("|---|---|---|---|---|---|---|");
for (const reference of REFERENCE) {
  const plugin = minatar.find(({ id }) => id === reference.id);
  if (plugin === undefined) throw new Error(`${reference.id}: no such plugin`);
  const scores = playRandomly(plugin, episodes, seed);
  const { returns, lengths } = scores;
  const { ofReturn, ofLength } = distance(reference, scores);
  if (!(Math.abs(ofReturn) < 3 && Math.abs(ofLength) < 3)) process.exitCode = 1;
  const error = returns.deviation / Math.sqrt(episodes);
  const own = `${returns.mean.toFixed(3)} +/- ${error.toFixed(3)} (${returns.deviation.toFixed(3)})`;
  const length = `${lengths.mean.toFixed(2)} (${lengths.deviation.toFixed(1)})`;
  console.log(
    `| ${reference.id} | ${own} | ${reference.meanReturn} | ${ofReturn.toFixed(2)} | ${length} | ${reference.meanLength} | ${ofLength.toFixed(2)} |`,
  );
}
