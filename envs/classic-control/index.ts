/** The classic control suite. */
import { acrobot } from "./acrobot.ts";
import { cartPoles } from "./cartpole.ts";
import { mountainCar, mountainCarContinuous } from "./mountain-car.ts";
import { pendulum } from "./pendulum.ts";

export { accelerate, swing, type AcrobotState } from "./acrobot.ts";
export { pushCart, type CartPoleState } from "./cartpole-physics.ts";
export { driveCar, type MountainCarState } from "./mountain-car.ts";
export { costOf, normalised, turn, type PendulumState } from "./pendulum.ts";

export default [...cartPoles, mountainCar, mountainCarContinuous, acrobot, pendulum];
