/** One check for each field of each message; leaving one out, or making the wrong one optional, does not compile. */
import type { Autoreset, Capsule, Timing } from "./frames.ts";
import { AUTORESET } from "./frames.ts";
import {
  check,
  type Check,
  type Checks,
  either,
  isBytes,
  isCount,
  isFlag,
  isJson,
  isJsonMap,
  isNumber,
  isPositive,
  isSeed,
  isText,
  listOf,
  mapOf,
  oneOfTexts,
  optional,
  pairOf,
  record,
} from "./checks.ts";
import type { Leaf } from "./layout.ts";
import { DTYPE_RANGE } from "./make-space.ts";
import type {
  EnvLine,
  ExtraColumn,
  FrameFields,
  LostEnv,
  LostSession,
  Op,
  Replies,
  ReplyOp,
  Requests,
  ResetQueue,
  Resume,
  WirePicture,
  WireRowError,
} from "./messages.ts";
import type { DType } from "./spaces.ts";

const isRange = check<readonly [number, number]>(
  "a list [first, last] of versions",
  (value) => isPair(value) && value[0] <= value[1],
);
const isPair = pairOf(isPositive);
const isHandle = isPositive;
const isColumns = listOf(isBytes);
const isIndex = check<Uint8Array>("u32 row numbers as bytes", (value) => isBytes(value) && value.length % 4 === 0);
const isAutoreset: Check<Autoreset> = oneOfTexts(AUTORESET);
const isMode = oneOfTexts(["lockstep", "first-ready"] as const);
const isDType = oneOfTexts(Object.keys(DTYPE_RANGE) as DType[]);

const isResume = record<Resume>({
  session: isText,
  token: isText,
  acks: optional(listOf(pairOf(isCount))),
  waiting: optional(listOf(isPositive)),
});
const isQueue = record<ResetQueue>({
  seeds: optional(listOf(listOf(isNumber))),
  options: optional(listOf(listOf(isJson))),
});
const isLost = record<LostSession>({
  savedAt: isNumber,
  envs: listOf(
    record<LostEnv>({
      env: isHandle,
      name: isText,
      num: isPositive,
      params: isJsonMap,
      seed: optional(isSeed),
      autoreset: optional(isAutoreset),
      maxSteps: optional(isCount),
      seq: isCount,
      index: isIndex,
      snapshots: listOf(isBytes),
    }),
  ),
});
const isExtras = mapOf(record<ExtraColumn>({ dtype: isDType, data: isBytes }));
const isRecord = record<{ readonly observations?: boolean }>({ observations: optional(isFlag) });

export const REQUEST_FIELDS: { readonly [K in Op]: Checks<Requests[K]> } = {
  hello: { versions: isRange, client: isText, resume: optional(isResume), features: optional(listOf(isText)) },
  envs: {},
  make: {
    env: isText,
    num: isPositive,
    seed: optional(isNumber),
    params: optional(isJsonMap),
    autoreset: optional(isAutoreset),
    maxSteps: optional(isCount),
    seeds: optional(listOf(isNumber)),
    options: optional(listOf(isJson)),
    queue: optional(isQueue),
    window: optional(isPositive),
    record: optional(isRecord),
    mode: optional(isMode),
    players: optional(isPositive),
  },
  reset: {
    env: isHandle,
    seeds: optional(listOf(isNumber)),
    options: optional(listOf(isJson)),
    mask: optional(isBytes),
    queue: optional(isQueue),
  },
  step: {
    env: isHandle,
    seq: isPositive,
    ack: isCount,
    actions: isColumns,
    index: optional(isIndex),
    extras: optional(isExtras),
  },
  send: {
    env: isHandle,
    seq: isPositive,
    ack: optional(isCount),
    index: isIndex,
    actions: isColumns,
    extras: optional(isExtras),
  },
  render: { env: isHandle, index: optional(isIndex) },
  snapshot: { env: isHandle, index: optional(isIndex) },
  restore: { env: isHandle, snapshots: listOf(isBytes), index: optional(isIndex) },
  fork: { env: isHandle, from: isIndex, to: isIndex },
  cancel: { request: optional(isPositive), env: optional(isHandle) },
  subscribe: { topic: isText, env: optional(isHandle), latest: optional(isFlag), credit: optional(isPositive) },
  unsubscribe: { subscription: isPositive },
  recordings: { env: optional(isText), limit: optional(isPositive), cursor: optional(isText) },
  close: { env: isHandle },
  ping: {},
};

const isTiming = record<Timing>({ queue: isNumber, env: isNumber, encode: isNumber });
const isCapsule = record<Capsule>({
  env: isText,
  version: isText,
  params: isJsonMap,
  instance: isCount,
  episode: isCount,
  step: isCount,
  seed: isSeed,
  options: optional(isJson),
  actions: isColumns,
  count: isCount,
  cut: optional(isFlag),
  error: isText,
});
const isRowError = record<WireRowError>({
  index: isCount,
  code: isText,
  message: isText,
  retryable: isFlag,
  capsule: optional(isCapsule),
});

const FRAME_FIELDS: Checks<FrameFields> = {
  seq: isCount,
  index: optional(isIndex),
  status: isBytes,
  observations: isColumns,
  mask: optional(isBytes),
  rewards: isBytes,
  parts: optional(mapOf(isBytes)),
  terminated: isBytes,
  truncated: isBytes,
  final: optional(
    record<NonNullable<FrameFields["final"]>>({ index: isIndex, observations: isColumns, mask: optional(isBytes) }),
  ),
  episode: optional(record<NonNullable<FrameFields["episode"]>>({ index: isIndex, return: isBytes, length: isBytes })),
  seeds: optional(record<NonNullable<FrameFields["seeds"]>>({ index: isIndex, episode: isBytes, seed: isBytes })),
  info: optional(isColumns),
  timing: isTiming,
  errors: optional(listOf(isRowError)),
};

const isLeaf = record<Leaf>({
  path: isText,
  kind: oneOfTexts(["array", "text", "offsets", "tag"]),
  dtype: either(isDType, oneOfTexts(["utf8"])),
  shape: listOf(isCount),
});
const isEnvLine = record<EnvLine>({
  id: isText,
  version: isText,
  description: isText,
  source: isText,
  params: isJsonMap,
  action: optional(isJson),
  observation: optional(isJson),
  maxSteps: optional(isCount),
});
const isPicture: Check<WirePicture> = either(
  isText,
  record<Exclude<WirePicture, string>>({ width: isCount, height: isCount, rgb: isBytes }),
);

export const REPLY_FIELDS: { readonly [K in ReplyOp]: Checks<Replies[K]> } = {
  welcome: {
    version: isPositive,
    server: record<Replies["welcome"]["server"]>({ name: isText, version: isText }),
    session: isText,
    token: isText,
    grace: isNumber,
    resumed: isFlag,
    lastId: optional(isCount),
    limits: mapOf(isNumber),
    features: listOf(isText),
  },
  envs: { envs: listOf(isEnvLine) },
  make: {
    env: isHandle,
    name: isText,
    version: isText,
    num: isPositive,
    spaces: record<Replies["make"]["spaces"]>({ action: isJson, observation: isJson, info: optional(isJson) }),
    layout: record<Replies["make"]["layout"]>({
      action: listOf(isLeaf),
      observation: listOf(isLeaf),
      info: optional(listOf(isLeaf)),
    }),
    params: isJsonMap,
    autoreset: isAutoreset,
    maxSteps: isCount,
    maskWidth: isCount,
    seed: optional(isSeed),
    window: isPositive,
    mode: isMode,
    secret: isFlag,
    deterministic: isFlag,
    features: listOf(isText),
  },
  reset: { env: isHandle, ...FRAME_FIELDS },
  step: { env: isHandle, ...FRAME_FIELDS },
  send: { env: isHandle, seq: isPositive },
  render: { env: isHandle, pictures: listOf(isPicture) },
  snapshot: { env: isHandle, snapshots: listOf(isBytes) },
  restore: { env: isHandle, ...FRAME_FIELDS },
  fork: { env: isHandle, ...FRAME_FIELDS },
  cancel: { cancelled: isCount },
  subscribe: { subscription: isPositive },
  unsubscribe: {},
  recordings: { recordings: listOf(isJsonMap), cursor: optional(isText) },
  close: { env: isHandle },
  ping: {},
  error: {
    code: isText,
    message: isText,
    retryable: isFlag,
    env: optional(isHandle),
    details: optional(isJsonMap),
    lost: optional(isLost),
  },
  delivery: {
    env: isHandle,
    ...FRAME_FIELDS,
    number: isPositive,
    subscription: optional(isPositive),
    dropped: optional(isCount),
  },
  notice: { kind: isText, message: isText, env: optional(isHandle), details: optional(isJsonMap) },
};
