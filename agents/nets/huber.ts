/** The Huber loss (Huber, 1964). */
import { np, type Tensor } from "./backend.ts";

/** u^2 / 2 where |u| <= kappa, kappa (|u| - kappa / 2) elsewhere, element by element. Consumes u. */
export function huber(u: Tensor, kappa: number): Tensor {
  const size = np.abs(u);
  // c (|u| - c / 2) with c = min(|u|, kappa): both cases in one.
  const inner = np.minimum(size.ref, kappa);
  return inner.ref.mul(size.sub(inner.mul(0.5)));
}
