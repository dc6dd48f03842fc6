/** What Pyodide's WebAssembly may call in JavaScript once a program runs in it: memory, clocks, its own files, its end. */

/** Functions that plain Python needs. Every other one is refused: those of JavaScript objects, of the network, of processes,
 *  of dynamic libraries, of scripts to evaluate. */
const ALLOWED: readonly RegExp[] = [
  /^invoke_[a-z]+$/,
  /^_Py(EM_TrampolineCall_JS|_CheckEmscriptenSignals_Helper|_emscripten_runtime)$/,
  /^(__assert_fail|_abort_js|exit|proc_exit|throw_no_gil|random_get|environ_get|environ_sizes_get|__call_sighandler)$/,
  /^(clock_res_get|clock_time_get|emscripten_date_now|emscripten_get_now|_(gmtime|localtime|mktime|timegm|tzset)_js)$/,
  /^(emscripten_get_heap_max|emscripten_resize_heap|_(mmap|msync|munmap)_js|_emscripten_get_progname)$/,
  /^emscripten_runtime_keepalive_(pop|push)$/,
  /^fd_(close|fdstat_get|pread|pwrite|read|seek|sync|write)$/,
  /^__syscall_(chdir|chmod|dup|dup3|faccessat|fadvise64|fallocate|fchdir|fchmod|fchmodat2|fchown32|fchownat|fcntl64)$/,
  /^__syscall_(fdatasync|fstat64|fstatfs64|ftruncate64|getcwd|getdents64|getuid32_js|ioctl|lstat64|mkdirat|newfstatat)$/,
  /^__syscall_(openat|poll|readlinkat|renameat|rmdir|stat64|statfs64|symlinkat|truncate64|umask_js|unlinkat|utimensat|pipe)$/,
  /^_try_fcntl64$/,
];

/** Refused with an error number, which Python reports as PermissionError; the rest end the interpreter. */
const ANSWERED = /^__syscall_(socket|bind|connect|listen|accept4|sendto|sendmsg|recvfrom|recvmsg|mknodat)$/;
/** EACCES as Emscripten numbers it. */
const EACCES = 2;

/** What WebAssembly.instantiate is given. */
export type Imports = Record<string, Record<string, unknown>>;
type Imported = (...args: never[]) => unknown;

/** A call that no program is allowed ends its interpreter. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** Stands between Pyodide's WebAssembly and its JavaScript: everything passes while it starts, and little after `close`. */
export class Gate {
  #closed = false;
  /** Bytes that the interpreter's memory may grow to. */
  #heapBytes = Infinity;
  /** The interpreter asked for more than that: it may not survive the answer. */
  grewTooLarge = false;

  /** @param heapBytes most memory that the interpreter may have from now on */
  close(heapBytes: number): void {
    this.#closed = true;
    this.#heapBytes = heapBytes;
  }

  /** @returns the same imports, each behind the gate */
  guard(imports: Imports): Imports {
    // The objects have traps of their own (tables of symbols that fill on demand), so they are changed rather than copied.
    for (const group of new Set(Object.values(imports))) {
      for (const [name, value] of Object.entries(group)) {
        if (typeof value === "function") group[name] = this.#guarded(name, value as Imported);
      }
    }
    return imports;
  }

  #guarded(name: string, call: Imported): Imported {
    if (name === "emscripten_resize_heap") {
      const grow: Imported = (bytes: never) => {
        this.grewTooLarge ||= Number(bytes) > this.#heapBytes;
        return Number(bytes) > this.#heapBytes ? 0 : call(bytes);
      };
      return Object.assign(grow, call);
    }
    // Asked by time.sleep, which blocks where the answer is no.
    if (name === "can_run_sync_js") return () => (this.#closed ? 0 : call());
    if (ALLOWED.some((pattern) => pattern.test(name))) return call;
    const answer = ANSWERED.test(name) ? -EACCES : undefined;
    const guarded: Imported = (...args) => {
      if (!this.#closed) return call(...args);
      if (answer !== undefined) return answer;
      throw new Refused(name);
    };
    // Emscripten keeps the function's signature on the function.
    return Object.assign(guarded, call);
  }
}
