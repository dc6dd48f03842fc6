/** A seccomp filter for bubblewrap, assembled by hand: kernel surface that no candidate needs, and two marks for the judge. */

import { KILLED } from "../process/ended.ts";

/** Classic BPF instructions (linux/filter.h): what is loaded, compared or returned. */
const LOAD = 0x20; // load 32 bits at an offset of struct seccomp_data
const AND = 0x54;
const EQUAL = 0x15;
const AT_LEAST = 0x35;
const ANY_BIT = 0x45;
const RETURN = 0x06;

/** Offsets in struct seccomp_data. */
const NUMBER = 0;
const ARCH = 4;
const ARGUMENT_0 = 16;

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const errno = (code: number): number => 0x00050000 | code;
const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;

const AF_UNIX = 1;
/** The signal that ends the box with its parent must stay set. */
const PR_SET_PDEATHSIG = 1;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const CLONE_NEW = 0x7e020000;

/** System call numbers of one architecture. */
interface Architecture {
  readonly audit: number;
  /** x86-64 has a second table (x32) from this number on. */
  readonly foreign?: number;
  readonly socket: number;
  readonly clone: number;
  readonly prctl: number;
  readonly exits: readonly number[];
  /** Refused with EPERM. */
  readonly refused: readonly number[];
}

/** The same number on every architecture: io_uring, the new mount calls, pidfd_getfd, process_madvise, memfd_secret. */
const REFUSED_EVERYWHERE = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 440, 442, 443, 447];
const CLONE3 = 435;

const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x64: {
    audit: 0xc000003e,
    foreign: 0x40000000,
    socket: 41,
    clone: 56,
    prctl: 157,
    exits: [60, 231],
    // prettier-ignore
    refused: [
      29, 64, 68, 240, 319, // shmget semget msgget mq_open memfd_create: memory that no limit counts
      101, 310, 311, 312, // ptrace process_vm_readv process_vm_writev kcmp
      155, 161, 165, 166, 272, 303, 304, 308, // pivot_root chroot mount umount2 unshare name_to_handle_at open_by_handle_at setns
      237, 238, 256, 278, 279, 323, // mbind set_mempolicy migrate_pages vmsplice move_pages userfaultfd
      248, 249, 250, 298, 300, 321, // add_key request_key keyctl perf_event_open fanotify_init bpf
      103, 135, 153, 159, 163, 164, 167, 168, 169, 170, 171, 179, 212, 227, 305, // syslog personality vhangup adjtimex acct settimeofday swapon swapoff reboot sethostname setdomainname quotactl lookup_dcookie clock_settime clock_adjtime
      175, 176, 246, 313, 320, // init_module delete_module kexec_load finit_module kexec_file_load
      134, 136, 139, 154, 156, 172, 173, 174, 177, 178, 180, // uselib ustat sysfs modify_ldt _sysctl iopl ioperm and the calls long gone
    ],
  },
  arm64: {
    audit: 0xc00000b7,
    socket: 198,
    clone: 220,
    prctl: 167,
    exits: [93, 94],
    // prettier-ignore
    refused: [
      180, 186, 190, 194, 279, // mq_open msgget semget shmget memfd_create: memory that no limit counts
      117, 270, 271, 272, // ptrace process_vm_readv process_vm_writev kcmp
      39, 40, 41, 51, 97, 264, 265, 268, // umount2 mount pivot_root chroot unshare name_to_handle_at open_by_handle_at setns
      75, 235, 237, 238, 239, 282, // vmsplice mbind set_mempolicy migrate_pages move_pages userfaultfd
      217, 218, 219, 241, 262, 280, // add_key request_key keyctl perf_event_open fanotify_init bpf
      18, 42, 58, 60, 89, 92, 112, 116, 142, 161, 162, 170, 171, 224, 225, 266, // lookup_dcookie nfsservctl vhangup quotactl acct personality clock_settime syslog reboot sethostname setdomainname settimeofday adjtimex swapon swapoff clock_adjtime
      104, 105, 106, 273, 294, // kexec_load init_module delete_module finit_module kexec_file_load
    ],
  },
};

type Instruction = readonly [code: number, value: number, jumpTrue?: number, jumpFalse?: number];

/** The filter as `bwrap --seccomp` reads it (struct sock_filter after struct sock_filter), or nothing for an
 *  architecture whose numbers are not known here. Refused calls answer EPERM, sockets other than AF_UNIX EACCES (which
 *  Python and Node report as a permission that was denied), clone3 ENOSYS (libc then uses clone, whose flags can be
 *  read); an exit with the status of a SIGKILL, or a call of a foreign architecture, ends the process by SIGSYS. */
export function seccompFilter(arch: string = process.arch): Buffer | undefined {
  const calls = ARCHITECTURES[arch];
  if (calls === undefined) return undefined;
  const program: Instruction[] = [
    [LOAD, ARCH],
    [EQUAL, calls.audit, 1, 0],
    [RETURN, KILL_PROCESS],
    [LOAD, NUMBER],
    ...(calls.foreign === undefined ? [] : [[AT_LEAST, calls.foreign, 0, 1] as const, [RETURN, KILL_PROCESS] as const]),
    ...[...REFUSED_EVERYWHERE, ...calls.refused].flatMap((call) => when(call, [RETURN, errno(EPERM)])),
    ...when(CLONE3, [RETURN, errno(ENOSYS)]),
    ...when(calls.socket, [LOAD, ARGUMENT_0], [EQUAL, AF_UNIX, 1, 0], [RETURN, errno(EACCES)], [RETURN, ALLOW]),
    ...when(calls.prctl, [LOAD, ARGUMENT_0], [EQUAL, PR_SET_PDEATHSIG, 0, 1], [RETURN, errno(EPERM)], [RETURN, ALLOW]),
    ...when(calls.clone, [LOAD, ARGUMENT_0], [ANY_BIT, CLONE_NEW, 0, 1], [RETURN, errno(EPERM)], [RETURN, ALLOW]),
    ...calls.exits.flatMap((exit) => when(exit, ...refuseStatus(KILLED))),
    [RETURN, ALLOW],
  ];
  return assemble(program);
}

/** The block runs only for this call; every other call jumps over it. */
function when(call: number, ...block: readonly Instruction[]): Instruction[] {
  return [[EQUAL, call, 0, block.length], ...block];
}

/** Only the low 8 bits of an exit status reach the parent. */
function refuseStatus(status: number): Instruction[] {
  return [
    [LOAD, ARGUMENT_0],
    [AND, 0xff],
    [EQUAL, status, 0, 1],
    [RETURN, KILL_PROCESS],
    [RETURN, ALLOW],
  ];
}

function assemble(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(8 * program.length);
  program.forEach(([code, value, jumpTrue = 0, jumpFalse = 0], i) => {
    bytes.writeUInt16LE(code, 8 * i);
    bytes.writeUInt8(jumpTrue, 8 * i + 2);
    bytes.writeUInt8(jumpFalse, 8 * i + 3);
    bytes.writeUInt32LE(value, 8 * i + 4);
  });
  return bytes;
}
