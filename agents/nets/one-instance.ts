/** One WebAssembly instance for each kernel: jax-js 0.1.25 makes a new one at every call of a kernel, which took more time than the small kernels themselves. */

interface Imports {
  readonly env?: { readonly memory?: object };
}

type Instantiate = new (module: object, imports?: Imports) => object;

// Node's types name the namespace without what is in it.
const engine = Reflect.get(globalThis, "WebAssembly") as { Instance: Instantiate };

const made = new WeakMap<object, { readonly memory: object | undefined; readonly instance: object }>();

/** Kernels are functions of the memory they work on and keep nothing between calls, so one instance does for all calls. */
const Kept = new Proxy(engine.Instance, {
  construct(Instance, [module, imports]: [object, Imports?]) {
    const memory = imports?.env?.memory;
    const known = made.get(module);
    if (known !== undefined && known.memory === memory) return known.instance;
    const instance = new Instance(module, imports);
    made.set(module, { memory, instance });
    return instance;
  },
});

/** Runs `work`, in which jax-js gets instances that it already has. Synchronous, so that nobody else ever sees the exchange. */
export function withOneInstance<T>(work: () => T): T {
  const before = engine.Instance;
  engine.Instance = Kept;
  try {
    return work();
  } finally {
    engine.Instance = before;
  }
}
