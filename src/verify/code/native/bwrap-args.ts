/** The command line of a box: which namespaces, which files, which limits. */
import { FIRST_FILE_FD, INFO_FD } from "../process/box-process.ts";
import { systemFolders } from "./tools.ts";

export interface Tools {
  readonly bwrap: string;
  /** Drops root's uid before anything else; absent where this process is an ordinary user. */
  readonly setpriv: string | undefined;
  readonly prlimit: string;
}

export interface Inside {
  /** The interpreter and its arguments. */
  readonly command: readonly string[];
  /** Further bwrap arguments, for files that the interpreter needs. */
  readonly shown: readonly string[];
  /** Bytes of /tmp. */
  readonly scratchBytes: number;
  /** A descriptor with a seccomp filter is given. */
  readonly filtered: boolean;
}

/** nobody: owns no file that matters. RLIMIT_NPROC does not count for root, so root's uid is never kept. */
const UNPRIVILEGED = "65534";

/** What a program sees as its host, and what tells a bwrap of ours from another's. */
export const HOST_NAME = "dojang-box";

export function boxCommand(tools: Tools, inside: Inside): { command: string; args: string[] } {
  const box = [tools.bwrap, ...bwrapArgs(inside), "--", ...inside.command];
  const line = tools.setpriv === undefined ? box : [tools.setpriv, ...DROP_ROOT, "--", ...box];
  return { command: line[0]!, args: line.slice(1) };
}

const DROP_ROOT = [
  `--reuid=${UNPRIVILEGED}`,
  `--regid=${UNPRIVILEGED}`,
  "--clear-groups",
  "--inh-caps=-all",
  "--no-new-privs",
];

function bwrapArgs({ shown, scratchBytes, filtered }: Inside): string[] {
  return [
    ...["--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"],
    // No user namespace inside this one: most of the kernel's worst holes are reached through one.
    "--disable-userns",
    "--die-with-parent",
    "--new-session",
    // Process 1 takes no SIGKILL or SIGSTOP from its own namespace, and all others end with it.
    "--as-pid-1",
    "--clearenv",
    ...["--hostname", HOST_NAME],
    ...systemFolders(),
    ...["--dev-bind", "/dev/null", "/dev/null", "--dev-bind", "/dev/urandom", "/dev/urandom"],
    ...shown,
    ...["--size", String(scratchBytes), "--tmpfs", "/tmp", "--chdir", "/tmp"],
    // Else the root folder is a second, unbounded place to write to.
    ...["--remount-ro", "/"],
    ...["--info-fd", String(INFO_FD)],
    ...(filtered ? ["--seccomp", String(FIRST_FILE_FD + 1)] : []),
  ];
}
