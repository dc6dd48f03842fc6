/** The yardstick of CartPole: what one core reaches with typed arrays and a loop written by hand, without any of what a gym does for its user. */
import { performance } from "node:perf_hooks";

/** Random bits for starts and actions: xorshift32 (Marsaglia, 2003). */
class Bits {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (this.#state = x);
  }

  /** U(-0.05, 0.05) */
  start(): number {
    return ((this.next() >>> 0) / 4294967296) * 0.1 - 0.05;
  }
}

const X_LIMIT = 2.4;
const THETA_LIMIT = (12 * 2 * Math.PI) / 360;
const MAX_STEPS = 500;

/** N carts in struct-of-arrays form. */
class CartLoop {
  readonly num: number;
  readonly observations: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly #x: Float64Array;
  readonly #xDot: Float64Array;
  readonly #theta: Float64Array;
  readonly #thetaDot: Float64Array;
  readonly #steps: Int32Array;
  readonly #bits = new Bits(1);

  constructor(num: number) {
    this.num = num;
    this.observations = new Float32Array(4 * num);
    this.rewards = new Float64Array(num);
    this.terminated = new Uint8Array(num);
    this.truncated = new Uint8Array(num);
    this.#x = new Float64Array(num);
    this.#xDot = new Float64Array(num);
    this.#theta = new Float64Array(num);
    this.#thetaDot = new Float64Array(num);
    this.#steps = new Int32Array(num);
    for (let row = 0; row < num; row++) this.#start(row);
  }

  #start(row: number): void {
    this.#x[row] = this.#bits.start();
    this.#xDot[row] = this.#bits.start();
    this.#theta[row] = this.#bits.start();
    this.#thetaDot[row] = this.#bits.start();
    this.#steps[row] = 0;
  }

  /** One step of every cart, carts that fell or ran out of time begin anew; `observations` shows what is then. */
  step(actions: Int32Array): void {
    const { num, observations, rewards, terminated, truncated } = this;
    const [xs, xDots, thetas, thetaDots, steps] = [this.#x, this.#xDot, this.#theta, this.#thetaDot, this.#steps];
    for (let row = 0; row < num; row++) {
      const xDot = xDots[row]!;
      const angle = thetas[row]!;
      const thetaDot = thetaDots[row]!;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      const pull = ((actions[row] === 1 ? 10 : -10) + 0.05 * thetaDot * thetaDot * sin) / 1.1;
      const thetaAcc = (9.8 * sin - cos * pull) / (0.5 * (4 / 3 - (0.1 * cos * cos) / 1.1));
      const x = (xs[row]! += 0.02 * xDot);
      xDots[row] = xDot + 0.02 * (pull - (0.05 * thetaAcc * cos) / 1.1);
      const theta = (thetas[row] = angle + 0.02 * thetaDot);
      thetaDots[row] = thetaDot + 0.02 * thetaAcc;
      rewards[row] = 1;
      const fallen = x < -X_LIMIT || x > X_LIMIT || theta < -THETA_LIMIT || theta > THETA_LIMIT;
      const late = ++steps[row]! >= MAX_STEPS;
      terminated[row] = fallen ? 1 : 0;
      truncated[row] = late ? 1 : 0;
      if (fallen || late) this.#start(row);
      observations[4 * row] = xs[row]!;
      observations[4 * row + 1] = xDots[row]!;
      observations[4 * row + 2] = thetas[row]!;
      observations[4 * row + 3] = thetaDots[row]!;
    }
  }
}

/** The loop's rate, measured as that of an env: actions are fresh for each frame and drawing them is not timed. */
export class TimedLoop {
  /** Steps a second of the best round. */
  best = 0;
  readonly #carts: CartLoop;
  readonly #draws = new Bits(2);

  constructor(num: number) {
    this.#carts = new CartLoop(num);
  }

  round(steps: number): void {
    const { num } = this.#carts;
    let spent = 0;
    let done = 0;
    for (; done < steps; done += num) {
      // An array of its own, as a user's actions are.
      const actions = Int32Array.from({ length: num }, () => this.#draws.next() & 1);
      const began = performance.now();
      this.#carts.step(actions);
      spent += performance.now() - began;
    }
    this.best = Math.max(this.best, (1000 * done) / spent);
  }
}
