/** The wire contract, for programs that speak it or handle its spaces (`dojang/protocol`). */
export {
  allocate,
  type ArraySpace,
  batchLength,
  clearRow,
  copyRow,
  dtypeOf,
  elementsOf,
  emptyValue,
  getRow,
  outAt,
  setRow,
  takeRows,
} from "./batch.ts";
export { arrayOf, bytesOf } from "./bytes.ts";
export { checkBatch } from "./check-batch.ts";
export { decodeReply, decodeRequest, type DecodedRequest, encodeReply, encodeRequest, REPLY_LIMITS } from "./codec.ts";
export { fromColumns, toColumns } from "./columns.ts";
export type { EnvInfo } from "./env-info.ts";
export { asGymError, ERROR_CODES, type ErrorCode, type ErrorDetails, GymError, isErrorCode } from "./errors.ts";
export { decodeFrame, encodeFrame, type FrameSpaces } from "./frame-codec.ts";
export {
  type Autoreset,
  AUTORESET,
  type Capsule,
  type EpisodeRows,
  type FinalRows,
  type Frame,
  type JsonValue,
  type RowError,
  type SeedRows,
  STATUS,
  type Timing,
} from "./frames.ts";
export { layout, type Leaf } from "./layout.ts";
export {
  boundAt,
  box,
  dict,
  discrete,
  DTYPE_RANGE,
  multiBinary,
  multiDiscrete,
  oneOf,
  sequence,
  text,
  tuple,
} from "./make-space.ts";
export {
  type Columns,
  type EnvLine,
  type ErrorReply,
  type ExtraColumn,
  type FrameFields,
  type JsonRecord,
  type LostEnv,
  type LostSession,
  type Op,
  PROTOCOL_VERSIONS,
  type Replies,
  type Reply,
  type ReplyOp,
  type ReplyTo,
  type Request,
  type Requests,
  type ResetQueue,
  type Resume,
  type RowIndex,
  SUBPROTOCOL,
  type WirePicture,
  type WireRowError,
} from "./messages.ts";
export { decodeExtras, decodeIndex, encodeExtras, encodeIndex } from "./row-index.ts";
export { scan, SCAN_LIMITS, type ScanLimits } from "./scan.ts";
export { checkSeed, MAX_SEED } from "./seed.ts";
export { show } from "./show.ts";
export { sameSpace, spaceFromJson, spaceToJson } from "./space-json.ts";
export { spaceToSchema } from "./space-schema.ts";
export { contains, type Draws, explain, type Mask, maskWidthOf, sample, sampleBatch } from "./space-values.ts";
export type {
  BatchOf,
  Box,
  Dict,
  Discrete,
  DType,
  DTypes,
  MultiBinary,
  MultiDiscrete,
  NumericArray,
  OneOf,
  Sequence,
  Space,
  Text,
  Tuple,
  ValueOf,
} from "./spaces.ts";
