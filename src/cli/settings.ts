/** Kinds of settings: how the text of a flag, a DOJANG_* variable or the config file becomes a value. */
import { nearest, wrongCall } from "./errors.ts";

export interface Setting<T> {
  /** One sentence for --help. */
  readonly doc: string;
  /** Placeholder of the value in --help; absent: a switch. */
  readonly value?: string;
  readonly default?: T;
  /** May be given several times. */
  readonly list?: boolean;
  /** @param where what to name in errors: `--port`, `DOJANG_PORT` or `dojang.config.ts: port` @throws {GymError} BAD_PARAM */
  read(given: readonly string[], where: string): T;
}

/** The value of a setting. */
export type ValueOf<S> = S extends Setting<infer T> ? T : never;

interface Described<T> {
  readonly doc: string;
  readonly value?: string;
  readonly default?: T;
}

export const text = (options: Described<string>): Setting<string> => ({
  value: "TEXT",
  ...options,
  read: ([given = ""], where) => {
    if (given === "") throw wrongCall(where, "a text", given);
    return given;
  },
});

export const texts = (options: Described<readonly string[]>): Setting<readonly string[]> => ({
  value: "TEXT",
  ...options,
  list: true,
  read: (given, where) => {
    if (given.includes("")) throw wrongCall(where, "texts that are not empty", given);
    return given;
  },
});

export const integer = (
  options: Described<number> & { readonly min: number; readonly max: number },
): Setting<number> => ({
  value: "N",
  ...options,
  read: ([given = ""], where) => {
    const value = /^-?[\d_,]+$/.test(given) ? Number(given.replace(/[_,]/g, "")) : Number(given === "" ? "x" : given);
    if (Number.isSafeInteger(value) && value >= options.min && value <= options.max) return value;
    throw wrongCall(
      where,
      `an integer in ${options.min}..${options.max === Number.MAX_SAFE_INTEGER ? "2^53-1" : options.max}`,
      given,
    );
  },
});

export const real = (options: Described<number> & { readonly min: number; readonly max: number }): Setting<number> => ({
  value: "X",
  ...options,
  read: ([given = ""], where) => {
    const value = Number(given === "" ? "x" : given);
    if (value >= options.min && value <= options.max) return value;
    throw wrongCall(where, `a number in ${options.min}..${options.max}`, given);
  },
});

export const choice = <T extends string>(options: Described<T> & { readonly of: readonly T[] }): Setting<T> => ({
  value: options.of.join("|"),
  ...options,
  read: ([given = ""], where) => {
    const found = options.of.find((item) => item === given);
    if (found !== undefined) return found;
    throw wrongCall(where, `one of ${options.of.join(", ")}`, given, nearest(given, options.of));
  },
});

const SWITCH: Readonly<Record<string, boolean>> = {
  true: true,
  "1": true,
  yes: true,
  false: false,
  "0": false,
  no: false,
};

export const flag = (options: Described<boolean>): Setting<boolean> => ({
  ...options,
  read: ([given = ""], where) => {
    const value = Object.hasOwn(SWITCH, given) ? SWITCH[given] : undefined;
    if (value === undefined) throw wrongCall(where, "true or false", given);
    return value;
  },
});

/** tokenFile -> --token-file */
export const flagName = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** tokenFile -> DOJANG_TOKEN_FILE */
export const variableName = (name: string): string =>
  `DOJANG_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
