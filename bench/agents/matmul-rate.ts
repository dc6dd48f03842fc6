/** The rate of plain matrix products on one core, by the same library that the nets run on: what their speed is held against. */
import { np } from "../../agents/nets/backend.ts";

const SIZE = 512;
const ROUNDS = 12;

/** Multiplications and additions a CPU second: the best of a few products of two 512x512 matrices. */
export function matmulRate(): number {
  const values = Float32Array.from({ length: SIZE * SIZE }, (_, i) => (i % 17) / 17 - 0.5);
  const matrix = np.array(values).reshape([SIZE, SIZE]);
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const began = process.cpuUsage();
    np.matmul(matrix.ref, matrix.ref).dataSync();
    const { user, system } = process.cpuUsage(began);
    best = Math.max(best, (2 * SIZE ** 3 * 1e6) / (user + system));
  }
  matrix.dispose();
  return best;
}
