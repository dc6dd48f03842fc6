/** `render`: what rows look like, as text or pixels. */
import type { Handler } from "../session.ts";

export const render: Handler<"render"> = async (session, { id, env, index }) => {
  const handle = session.handle(env);
  const pictures = await handle.turns.run(id, () => handle.runner.render(handle.rows(index)));
  session.reply({ op: "render", id, env, pictures });
};
