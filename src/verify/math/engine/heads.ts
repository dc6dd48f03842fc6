/** What the engine may compute. Sums, integrals, limits, derivatives and solutions are not in it: an answer that repeats the question would be worked out for the one who gave it. */

/** Operators of values. */
export const VALUES: ReadonlySet<string> = new Set([
  ..."Add Subtract Multiply Divide Negate Power Root Sqrt Square Rational Exp Ln Log Lb Lg Half Complex Degrees".split(" "), // prettier-ignore
  ..."Sin Cos Tan Cot Sec Csc Arcsin Arccos Arctan Arccot Arcsec Arccsc Arctan2".split(" "),
  ..."Sinh Cosh Tanh Coth Sech Csch Arsinh Arcosh Artanh Arcsinh Arccosh Arctanh".split(" "),
  ..."Abs Floor Ceil Round Sign Factorial Factorial2 Binomial Choose Gamma Max Min Mod GCD LCM Re Im Real Imaginary Erf Zeta".split(" "), // prettier-ignore
]);

/** Names that are numbers; every other name is an unknown. */
export const CONSTANTS: ReadonlySet<string> = new Set(
  "Pi ExponentialE ImaginaryUnit GoldenRatio EulerGamma CatalanConstant Half".split(" "),
);

/** Names of which nothing can be computed. */
export const NO_VALUE: ReadonlySet<string> = new Set(
  "PositiveInfinity NegativeInfinity ComplexInfinity NaN Undefined Nothing True False EmptySet RealNumbers Integers RationalNumbers ComplexNumbers NaturalNumbers NonNegativeIntegers PositiveIntegers Missing ContinuationPlaceholder".split(" "), // prettier-ignore
);

/** Operators that are compared operand by operand. */
export const CONTAINERS: ReadonlySet<string> = new Set(["Tuple", "List", "Pair", "Triple", "Matrix", "Interval", "Open"]); // prettier-ignore

/** A named thing that is set equal to the answer: `f(x) = ...`. */
export const EQUATION = "Equal";
