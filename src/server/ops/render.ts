/** `render`: what rows look like, as text or pixels. */
import { GymError } from "../../../protocol/errors.ts";
import type { WirePicture } from "../../../protocol/messages.ts";
import type { Handle } from "../handle.ts";
import type { Handler } from "../session.ts";

/** Rows drawn between two looks at the bytes. */
const AT_ONCE = 16;

export const render: Handler<"render"> = async (session, { id, env, index }) => {
  const handle = session.handle(env);
  const { maxPictureBytes } = session.context.limits;
  const pictures = await handle.turns.run(id, () => draw(handle, handle.rows(index), maxPictureBytes));
  session.reply({ op: "render", id, env, pictures });
};

/** A picture of pixels is large, and a client may ask for thousands. @throws {GymError} LIMIT, once they are more than `limit` bytes */
function draw({ runner }: Handle, rows: readonly number[] | undefined, limit: number): WirePicture[] {
  if (rows === undefined) return runner.render();
  const pictures: WirePicture[] = [];
  let bytes = 0;
  for (let i = 0; i < rows.length; i += AT_ONCE) {
    const some = runner.render(rows.slice(i, i + AT_ONCE));
    bytes += some.reduce((sum, picture) => sum + sizeOf(picture), 0);
    if (bytes > limit) {
      throw new GymError("LIMIT", `${runner.env.id}: bytes of the pictures of ${rows.length} rows (maxPictureBytes)`, {
        expected: `at most ${limit}`,
        received: `${bytes} after ${pictures.length + some.length} rows`,
        hint: "Ask for fewer rows at once.",
      });
    }
    pictures.push(...some);
  }
  return pictures;
}

/** A text counts two bytes a character: what it holds in memory. */
const sizeOf = (picture: WirePicture): number =>
  typeof picture === "string" ? 2 * picture.length : picture.rgb.length;
