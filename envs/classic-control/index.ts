/** The classic control suite. */
import { cartPoles } from "./cartpole.ts";

export { pushCart, type CartPoleState } from "./cartpole.ts";

export default [...cartPoles];
