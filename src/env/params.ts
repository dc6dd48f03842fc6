/** Parameters of a plugin: a schema of JSON values with defaults and ranges. Types only; see make-param.ts for the constructors, resolve-params.ts for the check. */
import type { JsonValue } from "../../protocol/frames.ts";

interface Common {
  /** Set by configuration or command line only; refused in a client's `make` (paths, URLs, data sets, limits). */
  readonly operator?: boolean;
  /** One sentence for `dojang envs`. */
  readonly doc?: string;
}
export interface IntParam extends Common {
  readonly type: "int";
  readonly default: number;
  readonly min: number;
  readonly max: number;
}
export interface RealParam extends Common {
  readonly type: "real";
  readonly default: number;
  readonly min: number;
  readonly max: number;
}
export interface FlagParam extends Common {
  readonly type: "flag";
  readonly default: boolean;
}
export interface StringParam extends Common {
  readonly type: "string";
  readonly default: string;
  readonly maxLength: number;
}
export interface ChoiceParam<T extends string | number = string | number> extends Common {
  readonly type: "choice";
  readonly default: T;
  readonly of: readonly T[];
}
export interface ListParam<E extends AnyParam = AnyParam> extends Common {
  readonly type: "list";
  readonly default: readonly JsonValue[];
  readonly element: E;
  readonly maxLength: number;
}
export interface RecordParam<F extends ParamsSchema = ParamsSchema> extends Common {
  readonly type: "record";
  readonly default: Readonly<Record<string, JsonValue>>;
  readonly fields: F;
  /** The fields are `from`, `to` and `over`, and a plain number x stands for `{from: x, to: x, over: 0}`. */
  readonly ramp?: true;
}
export type AnyParam = IntParam | RealParam | FlagParam | StringParam | ChoiceParam | ListOfParam | RecordOfParams;
// A recursive union needs interfaces for its containers: `AnyParam` refers to itself through them.
interface ListOfParam extends ListParam {
  readonly type: "list";
}
interface RecordOfParams extends RecordParam {
  readonly type: "record";
}

export interface ParamsSchema {
  readonly [name: string]: AnyParam;
}

/** The checked value of one parameter. */
export type ParamValue<P> = P extends IntParam | RealParam
  ? number
  : P extends FlagParam
    ? boolean
    : P extends StringParam
      ? string
      : P extends ChoiceParam<infer T>
        ? T
        : P extends ListParam<infer E>
          ? readonly ParamValue<E>[]
          : P extends RecordParam<infer F>
            ? ParamsOf<F>
            : never;

/** The checked values of a schema. */
export type ParamsOf<P> = { readonly [K in keyof P]: ParamValue<P[K]> };
