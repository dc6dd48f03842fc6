/** Segments -> episodes: follows each instance, joins what a segment boundary cut, and notices what is missing. */
import type { RecordedEpisode } from "./episodes.ts";
import type { EpisodeStart, FaultMark, RecordingInfo, Segment } from "./format.ts";
import { copyBatch, sliceBatch } from "./leaves.ts";
import { DamageError } from "./mcap-records.ts";
import {
  columnsOf,
  cutPiece,
  decodeColumns,
  joinPieces,
  keepPiece,
  pieceBytes,
  type Decoded,
  type Piece,
} from "./pieces.ts";

interface Open {
  readonly start: Omit<EpisodeStart, "at">;
  readonly first?: number;
  readonly firstObservation?: unknown;
  readonly firstMask?: Uint8Array;
  readonly pieces: Piece[];
  steps: number;
  bytes: number;
  wall: [number, number];
}

interface Track {
  /** Steps of the instance so far. */
  next: number;
  open: Open | undefined;
}

type Ending = Pick<RecordedEpisode, "complete" | "terminated" | "truncated" | "fault">;
const CUT: Ending = { complete: false, terminated: false, truncated: false };

export interface AssemblerOptions {
  readonly info: RecordingInfo;
  /** Most bytes held for episodes whose end has not been read yet. */
  readonly maxOpenBytes: number;
}

export class Assembler {
  readonly #options: AssemblerOptions;
  readonly #tracks = new Map<number, Track>();
  #openBytes = 0;
  /** Steps whose episode's beginning is not in the files. */
  orphanSteps = 0;
  /** Steps that the instances' counts show to be missing between segments. */
  missingSteps = 0;

  constructor(options: AssemblerOptions) {
    this.#options = options;
  }

  /** The episodes that end in this segment. @throws {DamageError} when it contradicts itself or what came before it */
  *add(segment: Segment): Generator<RecordedEpisode> {
    const track = this.#track(segment.instance);
    if (segment.start < track.next)
      throw new DamageError(`instance ${segment.instance}: steps ${segment.start}.. come twice`);
    if (!continues(track.open, segment)) yield* this.#cut(segment.instance, track);
    this.missingSteps += segment.start - track.next;
    track.next = segment.start + segment.steps;
    yield* this.#walk(segment, track);
  }

  /** What is still open at the end of the recording, in the order of the instances. */
  *end(): Generator<RecordedEpisode> {
    const tracks = [...this.#tracks].sort(([a], [b]) => a - b);
    for (const [instance, track] of tracks) yield* this.#cut(instance, track);
  }

  #track(instance: number): Track {
    let track = this.#tracks.get(instance);
    if (!track) this.#tracks.set(instance, (track = { next: 0, open: undefined }));
    return track;
  }

  *#walk(segment: Segment, track: Track): Generator<RecordedEpisode> {
    const { info } = this.#options;
    const decoded = decodeColumns(segment, info);
    const faults = [...(segment.faults ?? [])];
    let at = 0;
    for (let begun = 0; begun <= segment.episodes.length; begun++) {
      for (; faults[0]?.begun === begun; faults.shift()) {
        const [fault] = faults as [FaultMark];
        yield* this.#steps(segment, decoded, track, at, fault.at);
        at = Math.max(at, fault.at);
        yield* this.#fault(segment, track, fault);
      }
      const start = segment.episodes[begun];
      yield* this.#steps(segment, decoded, track, at, start?.at ?? segment.steps);
      at = start?.at ?? at;
      if (!start) break;
      yield* this.#cut(segment.instance, track);
      track.open = this.#begin(segment, decoded, start, begun);
    }
    if (faults.length > 0) throw new DamageError("a fault after more episodes than begin in its segment");
  }

  #begin(segment: Segment, decoded: Decoded, { at: _, ...start }: EpisodeStart, number: number): Open {
    return {
      start,
      first: decoded.first[number] as number,
      ...firstSeen(decoded, this.#options.info, number),
      pieces: [],
      steps: 0,
      bytes: 0,
      wall: [...segment.wall],
    };
  }

  /** Books steps from .. to-1. A flag ends the episode, and must be the last of them. */
  *#steps(segment: Segment, decoded: Decoded, track: Track, from: number, to: number): Generator<RecordedEpisode> {
    if (to < from) throw new DamageError("marks of a segment out of order");
    if (to === from) return;
    const end = firstFlag(segment, from, to);
    if (end < to - 1) throw new DamageError("steps after the end of an episode");
    const ended = end === to - 1;
    if (!track.open) {
      // Only the rest of an episode that was under way at the start may lack its beginning.
      if (segment.open === null || from > 0) throw new DamageError("steps outside an episode");
      this.orphanSteps += to - from;
      return;
    }
    const { open } = track;
    const piece = cutPiece(this.#options.info, decoded, from, to);
    open.steps += piece.steps;
    open.wall[1] = segment.wall[1];
    open.pieces.push(ended ? piece : this.#keep(open, piece));
    if (!ended) return;
    yield this.#finish(segment.instance, track, {
      complete: true,
      terminated: segment.terminated[end] !== 0,
      truncated: segment.truncated[end] !== 0,
    });
  }

  /** A copy that does not hold on to the chunk it came from. */
  #keep(open: Open, piece: Piece): Piece {
    const { info, maxOpenBytes } = this.#options;
    const kept = keepPiece(info, piece);
    const bytes = pieceBytes(info, kept);
    open.bytes += bytes;
    this.#openBytes += bytes;
    if (this.#openBytes <= maxOpenBytes) return kept;
    throw new DamageError(`episodes that are open at once take more than ${maxOpenBytes} bytes (maxOpenBytes)`);
  }

  *#fault(segment: Segment, track: Track, fault: FaultMark): Generator<RecordedEpisode> {
    const { action, code, message, reset } = fault;
    const { info } = this.#options;
    if (reset) {
      yield* this.#cut(segment.instance, track);
      const start = { ...reset, step: 0 };
      track.open = { start, pieces: [], steps: 0, bytes: 0, wall: [...segment.wall] };
    }
    if (!track.open) return;
    const failed = action && columnsOf(info.action, action, 1);
    yield this.#finish(segment.instance, track, {
      ...CUT,
      fault: { code, ...(message !== undefined && { message }), ...(failed !== undefined && { action: failed }) },
    });
  }

  /** Gives up on the open episode; one without steps is not worth a mention. */
  *#cut(instance: number, track: Track): Generator<RecordedEpisode> {
    if (track.open && track.open.steps > 0) yield this.#finish(instance, track, CUT);
    track.open = undefined;
  }

  #finish(instance: number, track: Track, ending: Ending): RecordedEpisode {
    const open = track.open as Open;
    track.open = undefined;
    this.#openBytes -= open.bytes;
    return toEpisode(this.#options.info, instance, open, ending);
  }
}

/** Whether the open episode is the one that the segment goes on with. */
const continues = (open: Open | undefined, { open: next }: Segment): boolean =>
  open === undefined
    ? true
    : next !== null && open.start.episode === next.episode && open.start.step + open.steps === next.step;

function firstFlag({ terminated, truncated }: Segment, from: number, to: number): number {
  for (let t = from; t < to; t++) if (terminated[t] !== 0 || truncated[t] !== 0) return t;
  return to;
}

function firstSeen(
  decoded: Decoded,
  info: RecordingInfo,
  number: number,
): Pick<Open, "firstObservation" | "firstMask"> {
  const { observation, maskWidth: width } = info;
  const { firstObservations: all, firstMasks } = decoded;
  if (all === undefined) return {};
  return {
    firstObservation: copyBatch(observation, sliceBatch(observation, all, number, number + 1)),
    ...(firstMasks && { firstMask: firstMasks.slice(number * width, (number + 1) * width) }),
  };
}

function toEpisode(info: RecordingInfo, instance: number, open: Open, ending: Ending): RecordedEpisode {
  const { start, pieces, steps, first, firstObservation, firstMask, wall } = open;
  return {
    info,
    env: info.env,
    params: info.params,
    instance,
    episode: start.episode,
    seed: start.seed,
    ...(start.options !== undefined && { options: start.options }),
    firstStep: start.step,
    restored: start.restored === true,
    steps,
    ...(first !== undefined && { firstDigest: first }),
    ...(firstObservation !== undefined && { firstObservation }),
    ...(firstMask && { firstMask }),
    ...joinPieces(info, pieces),
    ...ending,
    wall,
  };
}
