/** Runs inside a box of Node: loads one program and answers calls over a channel of frames. Carried there as text. */
import type { Primordials } from "../../quickjs/guest/primordials.ts";

/** The parts of Node that it keeps, from before the program can change them. */
export interface Kept {
  readonly readSync: (fd: number, bytes: Uint8Array, at: number, length: number) => number;
  readonly writeSync: (fd: number, bytes: Uint8Array, at: number) => number;
  readonly closeSync: (fd: number) => void;
  readonly stripTypes: (source: string) => string;
  /** Runs a script in the one context there is. @throws SyntaxError for a module */
  readonly runScript: (source: string) => unknown;
  readonly importModule: (source: string) => Promise<Record<string, unknown>>;
  readonly require: unknown;
  /** The next line of the input, or null. */
  readonly readline: () => string | null;
  readonly exit: (status: number) => never;
  readonly complain: (error: unknown) => void;
}

interface Codec {
  readonly encode: (value: unknown, maxLength: number) => string;
  readonly decode: (text: string) => unknown[];
  readonly describe: (thrown: unknown) => string;
}

interface Load {
  readonly nonce: string;
  readonly source: string;
  readonly kind: "module" | "script";
  readonly imports: readonly string[];
  readonly resultBytes: number;
}

interface CallMessage {
  readonly seq: number;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly mutated: boolean;
}

interface AnswerMessage {
  readonly kind: "value" | "exception";
  readonly value?: unknown;
  readonly type?: string;
  readonly message?: string;
}

/** Self-contained: its text is evaluated in the box. Ends only with the process. */
export async function runBox(P: Primordials, { encode, decode, describe }: Codec, node: Kept): Promise<void> {
  const CHANNEL = 3;
  const MODULE_LINE = /^[ \t]*(?:import|export)\b/m;
  const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
  const DENIED = ["EACCES", "EPERM", "EROFS", "ERR_ACCESS_DENIED"];
  const utf8 = new TextDecoder();
  const bytesOf = new TextEncoder();

  const read = (length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const n = node.readSync(CHANNEL, bytes, at, length - at);
      if (n === 0) node.exit(0);
      at += n;
    }
    return bytes;
  };

  const receive = (): unknown => {
    const head = read(4);
    const length = head[0]! + head[1]! * 2 ** 8 + head[2]! * 2 ** 16 + head[3]! * 2 ** 24;
    return P.parse(utf8.decode(read(length)));
  };

  const write = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length;) at += node.writeSync(CHANNEL, bytes, at);
  };

  const send = (body: string): void => {
    const text = bytesOf.encode(`{"nonce":"${load.nonce}",${body}}`);
    const framed = new Uint8Array(4 + text.length);
    for (let i = 0; i < 4; i++) framed[i] = Math.floor(text.length / 2 ** (8 * i));
    framed.set(text, 4);
    write(framed);
  };

  const because = (error: unknown): string => {
    try {
      const { code, cause, message } = error as { code?: unknown; cause?: { code?: unknown }; message?: unknown };
      if (DENIED.includes(String(code)) || DENIED.includes(String(cause?.code))) return ',"because":"denied"';
      return message === "Array buffer allocation failed" ? ',"because":"memory"' : "";
    } catch {
      return ""; // a getter of the program's own
    }
  };

  const refuse = (seq: number, error: unknown, after: () => string): void => {
    const [type, message] = P.parse(describe(error)) as [string, string];
    let body = `"kind":"exception","seq":${seq},"type":${P.stringify(type)},"message":${P.stringify(message)}`;
    body += because(error);
    try {
      body += after();
    } catch {
      // The call has failed, whatever its arguments have become.
    }
    node.complain(error);
    send(body);
  };

  const reply = async (seq: number, value: () => Promise<string>, after: () => string): Promise<void> => {
    try {
      send(`"kind":"value","seq":${seq},"value":${await value()}${after()}`);
    } catch (error) {
      refuse(seq, error, after);
    }
  };

  let forwarded = 0;
  const forwarder =
    (name: string) =>
    (...args: unknown[]): unknown => {
      forwarded++;
      const text = encode(args, load.resultBytes);
      send(`"kind":"forward","seq":${forwarded},"name":${P.stringify(name)},"mutated":true,"args":${text}`);
      const answer = receive() as AnswerMessage;
      if (answer.kind === "exception") throw errorOf(answer.type ?? "Error", answer.message ?? "");
      return decode(P.stringify([answer.value]))[0];
    };

  const errorOf = (type: string, message: string): Error => {
    if (type === "TypeError") return P.construct<Error>(P.TypeError, [message]);
    if (type === "RangeError") return P.construct<Error>(P.RangeError, [message]);
    return P.failure(type, message);
  };

  let exported: Record<string, unknown> = {};
  const topLevel = async (): Promise<void> => {
    const source = setup.typescript ? node.stripTypes(load.source) : load.source;
    try {
      await node.runScript(source);
    } catch (error) {
      if (!(error instanceof SyntaxError) || !MODULE_LINE.test(source)) throw error;
      exported = await node.importModule(source);
    }
  };

  const lookUp = (name: string): unknown => {
    if (IDENTIFIER.test(name)) {
      try {
        return node.runScript(name);
      } catch {
        // No binding of the top level: perhaps an export.
      }
      if (typeof exported[name] === "function") return exported[name];
      const { module } = globalThis as unknown as { module?: { exports?: Record<string, unknown> } };
      if (typeof module?.exports?.[name] === "function") return module.exports[name];
    }
    throw P.failure("ReferenceError", `no function named ${name}`);
  };

  const answer = async ({ seq, name, args, mutated }: CallMessage): Promise<void> => {
    const values = decode(P.stringify(args));
    const call = async (): Promise<string> => {
      return encode(await P.apply(lookUp(name), undefined, values), load.resultBytes);
    };
    await reply(seq, call, () => (mutated ? `,"args":${encode(values, load.resultBytes)}` : ""));
  };

  const define = (name: string, value: unknown): void => {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  };

  write(bytesOf.encode("R")); // ready, and nothing of a program has run
  const setup = receive() as { typescript: boolean };
  const load = receive() as Load;
  const module = { exports: {} };
  define("module", module);
  define("exports", module.exports);
  define("require", node.require);
  for (const name of load.imports) define(name, forwarder(name));
  if (load.kind === "script") {
    define("readline", node.readline);
    if (load.imports.length === 0) node.closeSync(CHANNEL);
    await topLevel().catch((error: unknown) => {
      node.complain(error);
      node.exit(1);
    });
    return; // the event loop runs until nothing is left to do
  }
  const nothing = (): string => "";
  await reply(0, () => topLevel().then(() => "null"), nothing);
  for (;;) await answer(receive() as CallMessage);
}
