/** The ops of this server, by name. What is not here answers UNSUPPORTED and is absent from the features. */
import type { Op } from "../../../protocol/messages.ts";
import type { Handler } from "../session.ts";
import { cancel } from "./cancel.ts";
import { envs, ping } from "./catalogue.ts";
import { fork } from "./fork.ts";
import { close, make } from "./make.ts";
import { render } from "./render.ts";
import { restore, snapshot } from "./snapshots.ts";
import { send } from "./send.ts";
import { reset, step } from "./steps.ts";
import { subscribe, unsubscribe } from "./subscribe.ts";

/** `hello` is the connection's: there is no session before it. */
export const OPS: { readonly [K in Op]?: Handler<K> } = {
  envs,
  ping,
  make,
  close,
  reset,
  step,
  render,
  snapshot,
  restore,
  fork,
  cancel,
  send,
  subscribe,
  unsubscribe,
};

export const SERVED_OPS: readonly Op[] = ["hello", ...(Object.keys(OPS) as Op[])];
