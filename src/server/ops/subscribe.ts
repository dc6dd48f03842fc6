/** `subscribe` and `unsubscribe`: watching the frames of an env, one's own or another session's. */
import { GymError } from "../../../protocol/errors.ts";
import type { Handle } from "../handle.ts";
import type { Handler, Session } from "../session.ts";
import { mayKnowSeeds } from "../told.ts";
import { Subscription } from "../subscription.ts";

const OWN = "frames";
const OTHER = "frames:";

/** Topic `frames` is an env of this session, `frames:SESSION` one of another's. Subscribing again to the same grants more credit. */
export const subscribe: Handler<"subscribe"> = (session, { id, topic, env, latest = false, credit = 0 }) => {
  const handle = watched(session, topic, env);
  const held = [...handle.watchers].find((watcher) => watcher.session === session);
  if (held !== undefined) held.grant(credit);
  const subscription = held ?? add(session, handle, latest, credit);
  session.reply({ op: "subscribe", id, subscription: subscription.id });
};

export const unsubscribe: Handler<"unsubscribe"> = (session, { id, subscription }) => {
  if (!session.subscriptions.end(subscription)) {
    throw new GymError("UNKNOWN_HANDLE", "subscription", {
      expected: "one that `subscribe` gave",
      received: subscription,
    });
  }
  session.reply({ op: "unsubscribe", id });
};

function watched(session: Session, topic: string, env: number | undefined): Handle {
  if (env === undefined) throw new GymError("BAD_PARAM", "subscribe.env", { expected: "the handle to watch" });
  if (topic === OWN) return session.handle(env);
  if (!topic.startsWith(OTHER)) {
    throw new GymError("BAD_PARAM", "subscribe.topic", { expected: "frames or frames:SESSION", received: topic });
  }
  session.need("spectate", false, "subscribe");
  const other = session.context.findSession(topic.slice(OTHER.length));
  if (other === undefined) throw new GymError("UNKNOWN_HANDLE", "subscribe.topic", { expected: "an open session", received: topic }); // prettier-ignore
  return other.handle(env);
}

function add(session: Session, handle: Handle, latest: boolean, credit: number): Subscription {
  const { maxSubscriptions } = session.context.limits;
  if (session.subscriptions.size >= maxSubscriptions) {
    throw new GymError("LIMIT", "subscriptions in one session (maxSubscriptions)", {
      expected: `at most ${maxSubscriptions}`,
    });
  }
  const options = { env: handle.id, latest, credit, seeds: mayKnowSeeds(session, handle) };
  return session.subscriptions.add((id) => new Subscription(session, { ...options, id }), handle);
}
