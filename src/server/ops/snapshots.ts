/** `snapshot` and `restore`: states leave sealed and come back checked. */
import { encodeFrame } from "../../../protocol/frame-codec.ts";
import { snapshotBinding } from "../../env/snapshot.ts";
import type { Handler } from "../session.ts";
import { told } from "../told.ts";
import { framed } from "./steps.ts";

export const snapshot: Handler<"snapshot"> = async (session, { id, env, index }) => {
  const handle = session.handle(env);
  session.need("snapshot", handle.env.secret, `${handle.env.id}: snapshot`);
  const plain = await handle.turns.run(id, () => handle.runner.snapshot(handle.rows(index)));
  const binding = snapshotBinding(handle.env);
  session.reply({
    op: "snapshot",
    id,
    env,
    snapshots: plain.map((bytes) => session.context.sealer.seal(bytes, binding)),
  });
};

export const restore: Handler<"restore"> = async (session, { id, env, snapshots, index }) => {
  const handle = session.handle(env);
  session.need("snapshot", handle.env.secret, `${handle.env.id}: restore`);
  const binding = snapshotBinding(handle.env);
  const plain = snapshots.map((bytes) => session.context.sealer.open(bytes, binding));
  await handle.turns.run(id, () =>
    framed(handle.runner.restore(plain, handle.rows(index)), (frame) => {
      session.reply({ op: "restore", id, env, ...encodeFrame(told(session, handle, frame), handle.spaces) });
    }),
  );
};
