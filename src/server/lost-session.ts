/** What a client is told of a session that a crash has ended: its last saved states, sealed, for `make` and `restore` in a new session. */
import { isStarted, packSnapshot, snapshotBinding } from "../env/snapshot.ts";
import { unparkInstances } from "../env/park.ts";
import type { LostEnv, LostSession } from "../../protocol/messages.ts";
import type { ServerContext } from "./context.ts";
import { ResumeToken } from "./resume-token.ts";
import type { SavedHandle, SavedSession } from "./session-store.ts";
import { may, type Token } from "./tokens.ts";

export interface Lost {
  readonly resume: ResumeToken;
  readonly token: Uint8Array | undefined;
  tell(token: Token | undefined): LostSession;
}

/** Prepares what is told. @throws {GymError} when an env is gone or changed */
export async function lostSession(context: ServerContext, saved: SavedSession): Promise<Lost> {
  const envs = await Promise.all(saved.handles.map((handle) => lostEnv(context, handle)));
  return {
    resume: ResumeToken.from(saved.resume),
    token: saved.token,
    tell: (token) => ({
      savedAt: saved.savedAt,
      envs: envs
        .filter(({ secret }) => may(token, "snapshot", secret))
        .map(({ env: { seed, ...env }, secret }) =>
          may(token, "seeds", secret) ? { ...env, ...(seed !== undefined && { seed }) } : env,
        ),
    }),
  };
}

async function lostEnv(context: ServerContext, saved: SavedHandle): Promise<{ env: LostEnv; secret: boolean }> {
  const { env: name, num = 1, params = {}, seed, autoreset, maxSteps } = saved.request;
  const built = await context.registry.build(name, params);
  const binding = snapshotBinding(built);
  const rows = unparkInstances(built, saved.parked, num);
  const started = rows.flatMap((row, i) => (isStarted(row.phase) ? [i] : []));
  const snapshots = rows
    .filter((row) => isStarted(row.phase))
    .map((row) => context.sealer.seal(packSnapshot(built, row), binding));
  return {
    secret: built.secret,
    env: {
      env: saved.id,
      name,
      num,
      params,
      seq: saved.replies.last,
      ...(seed !== undefined && { seed }),
      ...(autoreset !== undefined && { autoreset }),
      ...(maxSteps !== undefined && { maxSteps }),
      index: new Uint8Array(Uint32Array.from(started).buffer),
      snapshots,
    },
  };
}
