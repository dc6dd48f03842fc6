/** Finds, loads and builds plugins. */
export { catalogue, envInfo } from "./catalogue.ts";
export type { Lease } from "./builds.ts";
export { addBuiltIns, addPlugin, pluginsOf } from "./load.ts";
export { makeBatch, type Made, type MakeLimits, type MakeRequest } from "./make.ts";
export { Registry, type BuildOptions, type Registered, type RegistryOptions } from "./registry.ts";
