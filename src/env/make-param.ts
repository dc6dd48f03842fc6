/** Constructors of parameters. A default that does not fit its own range is a mistake of the plugin and throws at once. */
import { show } from "../../protocol/show.ts";
import type {
  AnyParam,
  ChoiceParam,
  FlagParam,
  IntParam,
  ListParam,
  ParamsSchema,
  ParamValue,
  RealParam,
  RecordParam,
  StringParam,
} from "./params.ts";
import { readParam, type Problem } from "./param-values.ts";

export interface ParamOptions {
  /** Set by configuration or command line only; refused in a client's `make`. Default false. */
  readonly operator?: boolean;
  /** One sentence for `dojang envs`. */
  readonly doc?: string;
}

export interface RangeOptions extends ParamOptions {
  /** Smallest value allowed. */
  readonly min: number;
  /** Largest value allowed. */
  readonly max: number;
}

export interface LengthOptions extends ParamOptions {
  /** Most elements (list) or UTF-16 code units (string) allowed. */
  readonly maxLength?: number;
}

interface RecordOptions extends ParamOptions {
  /** The fields are `from`, `to` and `over`; a number x may be given for `{from: x, to: x, over: 0}`. */
  readonly ramp?: true;
}

/** An integer in min .. max. @throws {RangeError} when `init` does not fit. */
export const int = (init: number, options: RangeOptions): IntParam =>
  checked<IntParam>({ type: "int", ...options, default: init });

/** A finite number in min .. max; the bounds may be infinite. @throws {RangeError} when `init` does not fit. */
export const real = (init: number, options: RangeOptions): RealParam =>
  checked<RealParam>({ type: "real", ...options, default: init });

/** True or false. */
export const flag = (init: boolean, options: ParamOptions = {}): FlagParam =>
  checked<FlagParam>({ type: "flag", ...options, default: init });

/** A string of at most `maxLength` (default 1,000) UTF-16 code units. @throws {RangeError} when `init` is longer. */
export const string = (init: string, options: LengthOptions = {}): StringParam =>
  checked<StringParam>({ type: "string", maxLength: 1_000, ...options, default: init });

/** One of a few names or numbers. @throws {RangeError} when `init` is none of them. */
export const choice = <const T extends string | number>(
  init: NoInfer<T>,
  of: readonly T[],
  options: ParamOptions = {},
): ChoiceParam<T> => checked<ChoiceParam<T>>({ type: "choice", ...options, of, default: init });

/** At most `maxLength` (default 1,000) values of one kind. @throws {RangeError} when `init` does not fit. */
export const list = <E extends AnyParam>(
  element: E,
  init: readonly NoInfer<ParamValue<E>>[] = [],
  options: LengthOptions = {},
): ListParam<E> =>
  checked<ListParam<E>>({
    type: "list",
    maxLength: 1_000,
    ...options,
    element,
    default: init,
  });

/** Named values, each with its own default. */
export const record = <F extends ParamsSchema>(fields: F, options: RecordOptions = {}): RecordParam<F> => ({
  type: "record",
  ...options,
  fields,
  default: defaultsOf(fields),
});

/** The default of every parameter of a schema. */
export const defaultsOf = (schema: ParamsSchema): RecordParam["default"] =>
  Object.fromEntries(Object.entries(schema).map(([name, param]) => [name, param.default]));

function checked<P extends AnyParam>(param: P): P {
  const fail = ({ path, expected, received }: Problem): never => {
    throw new RangeError(`${path}: expected ${expected}, got ${show(received)}`);
  };
  const { type } = param;
  if ((type === "int" || type === "real") && !(param.min <= param.max))
    fail({ path: type, expected: "min <= max", received: [param.min, param.max] });
  readParam({ operator: true, fail }, param, param.default, `${type}: default`);
  return param;
}
