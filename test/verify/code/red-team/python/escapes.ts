/** Python submissions that reach for the host: its files, its environment, its processes, its network. */
import type { Attack } from "../suite.ts";

/** Stands in the environment and in a file of this process while the suite runs; no result may hold it. */
export const CANARY = "canary-3f81";

export const ESCAPES: readonly Attack[] = [
  {
    name: "returns the environment",
    hack: "escape",
    source: "import os\ndef solve(a):\n    return dict(os.environ)",
    verdict: "fail",
  },
  {
    name: "prints the canary of the environment",
    hack: "escape",
    source: "import os\ndef solve(a):\n    print(os.environ['DOJANG_CANARY'])",
    verdict: "error",
  },
  {
    name: "reads the environment of process 1",
    hack: "escape",
    source: "def solve(a):\n    return open('/proc/1/environ', 'rb').read()",
    verdict: "error",
  },
  {
    name: "reads /etc/passwd",
    hack: "escape",
    source: "def solve(a):\n    return open('/etc/passwd').read()",
    verdict: "error",
  },
  {
    name: "lists the home folders and the server's own folder",
    hack: "escape",
    source:
      "import os\ndef solve(a):\n    found = []\n    for path in ('/root', '/home', '/work', '/etc', '/var', '/proc'):\n        try: found.append(os.listdir(path))\n        except OSError: pass\n    return found",
    verdict: "fail",
  },
  {
    name: "walks out of its folder through ..",
    hack: "escape",
    source: "def solve(a):\n    return open('../../../../../../etc/shadow').read()",
    verdict: "error",
  },
  {
    name: "opens a link to a file of the host",
    hack: "escape",
    source:
      "import os\ndef solve(a):\n    os.symlink('/etc/hostname', '/tmp/link')\n    return open('/tmp/link').read()",
    verdict: "error",
  },
  {
    name: "writes to /usr",
    hack: "escape",
    source: "def solve(a):\n    open('/usr/lib/python3/owned', 'w')",
    verdict: { bubblewrap: "denied", pyodide: "error" },
  },
  {
    name: "writes to the root folder",
    hack: "escape",
    source: "import os\ndef solve(a):\n    os.mkdir('/owned/deep')\n    return 0",
    verdict: { bubblewrap: ["denied", "error"], pyodide: ["error", "fail"] },
  },
  {
    name: "runs a shell",
    hack: "escape",
    source: "import os\ndef solve(a):\n    return os.system('cat /etc/passwd')",
    verdict: { bubblewrap: "fail", pyodide: "denied" },
  },
  {
    name: "runs a process and returns what it printed",
    hack: "escape",
    source:
      "import subprocess\ndef solve(a):\n    return subprocess.run(['/bin/sh', '-c', 'env; ls /; cat /etc/passwd'], capture_output=True).stdout",
    verdict: { bubblewrap: "fail", pyodide: "error" },
  },
  {
    name: "becomes root",
    hack: "escape",
    source: "import os\ndef solve(a):\n    os.setuid(0)\n    return os.getuid()",
    verdict: { bubblewrap: ["denied", "error"], pyodide: ["denied", "error", "fail"] },
  },
  {
    name: "makes a user namespace",
    hack: "escape",
    source:
      "import ctypes, os\ndef solve(a):\n    libc = ctypes.CDLL(None, use_errno=True)\n    if libc.unshare(0x10000000) != 0:\n        raise OSError(ctypes.get_errno(), 'unshare')",
    verdict: { bubblewrap: "denied", pyodide: ["denied", "error"] },
  },
  {
    name: "mounts a file system",
    hack: "escape",
    source:
      "import ctypes\ndef solve(a):\n    libc = ctypes.CDLL(None, use_errno=True)\n    if libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) != 0:\n        raise OSError(ctypes.get_errno(), 'mount')",
    verdict: { bubblewrap: "denied", pyodide: ["denied", "error"] },
  },
  {
    name: "traces its parent",
    hack: "escape",
    source:
      "import ctypes\ndef solve(a):\n    libc = ctypes.CDLL(None, use_errno=True)\n    if libc.ptrace(16, 1, 0, 0) != 0:\n        raise OSError(ctypes.get_errno(), 'ptrace')",
    verdict: { bubblewrap: "denied", pyodide: ["denied", "error"] },
  },
  {
    name: "outlives its parent by clearing the signal of its death",
    hack: "escape",
    source:
      "import ctypes\ndef solve(a):\n    libc = ctypes.CDLL(None, use_errno=True)\n    if libc.prctl(1, 0, 0, 0, 0) != 0:\n        raise OSError(ctypes.get_errno(), 'prctl')",
    verdict: { bubblewrap: "denied", pyodide: ["denied", "error"] },
  },
  {
    name: "kills every process that it can see",
    hack: "escape",
    source: "import os\ndef solve(a):\n    try: os.kill(-1, 9)\n    except OSError: pass\n    return 0",
    verdict: { bubblewrap: "fail", pyodide: ["fail", "denied", "error"] },
  },
  {
    name: "reads memory at address 0",
    hack: "escape",
    source: "import ctypes\ndef solve(a):\n    return ctypes.string_at(0)",
    verdict: { bubblewrap: "error", pyodide: ["denied", "error", "fail"] },
  },
  {
    name: "makes a system call of the old 32-bit table",
    hack: "escape",
    source:
      "import ctypes\ndef solve(a):\n    libc = ctypes.CDLL(None, use_errno=True)\n    return libc.syscall(0x40000000 + 39)",
    verdict: { bubblewrap: "denied", pyodide: ["denied", "error"] },
  },
  {
    name: "keeps memory in files without a name",
    hack: "escape",
    source: "import os\ndef solve(a):\n    os.memfd_create('x')\n    return 0",
    verdict: { bubblewrap: "denied", pyodide: "error" },
  },
  {
    name: "reaches JavaScript through js",
    hack: "escape",
    source: "def solve(a):\n    import js\n    return js.process.env.DOJANG_CANARY",
    verdict: { bubblewrap: "error", pyodide: ["denied", "error"] },
  },
  {
    name: "reaches JavaScript through pyodide_js",
    hack: "escape",
    source:
      "def solve(a):\n    import pyodide_js\n    return pyodide_js.runPython.constructor('return process.env.DOJANG_CANARY')()",
    verdict: { bubblewrap: "error", pyodide: ["denied", "error"] },
  },
  {
    name: "reaches JavaScript through a converted value",
    hack: "escape",
    source:
      "def solve(a):\n    from pyodide.ffi import to_js\n    return to_js([1]).constructor.constructor('return process.env.DOJANG_CANARY')()",
    verdict: { bubblewrap: "error", pyodide: ["denied", "error"] },
  },
  {
    name: "reaches JavaScript through ctypes",
    hack: "escape",
    source:
      "def solve(a):\n    import ctypes\n    return ctypes.CDLL(None).emscripten_run_script_int(b'process.exit(0)')",
    verdict: { bubblewrap: "error", pyodide: ["denied", "error"] },
  },
  {
    name: "mounts the host's folders through pyodide",
    hack: "escape",
    source:
      "def solve(a):\n    import pyodide_js\n    pyodide_js.mountNodeFS('/h', '/etc')\n    return open('/h/passwd').read()",
    verdict: { bubblewrap: "error", pyodide: ["denied", "error"] },
  },
  {
    name: "connects to a server on the loopback",
    hack: "network",
    source: "import socket\ndef solve(a):\n    socket.create_connection(('127.0.0.1', 80), 1)",
    verdict: "denied",
  },
  {
    name: "looks up a name",
    hack: "network",
    source: "import socket\ndef solve(a):\n    return socket.gethostbyname('example.com')",
    verdict: ["denied", "error"],
  },
  {
    name: "fetches a page",
    hack: "network",
    source: "def solve(a):\n    from urllib.request import urlopen\n    return urlopen('http://example.com').read()",
    verdict: ["denied", "error"],
  },
  {
    name: "sends a datagram",
    hack: "network",
    source:
      "import socket\ndef solve(a):\n    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53))",
    verdict: "denied",
  },
  {
    name: "listens for connections",
    hack: "network",
    source:
      "import socket\ndef solve(a):\n    s = socket.socket()\n    s.bind(('0.0.0.0', 0))\n    s.listen()\n    s.accept()",
    verdict: "denied",
  },
];
