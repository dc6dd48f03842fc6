/** The probes' worlds as a plugin file: actors in processes of their own load it. */
import { rooms } from "./rooms.ts";
import { sliders } from "./sliders.ts";

export default [rooms, sliders];
