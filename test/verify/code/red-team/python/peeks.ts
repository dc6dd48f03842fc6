/** Python submissions that look for the answer, or for what an earlier one left. */
import type { Attack } from "../suite.ts";

export const PEEKS: readonly Attack[] = [
  {
    name: "walks the stack for a name that holds the expected value",
    hack: "reads the answer",
    source:
      "import sys\ndef solve(a):\n    f = sys._getframe()\n    while f:\n        for scope in (f.f_locals, f.f_globals):\n            for name in ('expected', 'exp', 'answer', 'want', 'tests', 'test'):\n                if name in scope: return scope[name]\n        f = f.f_back",
    verdict: "fail",
  },
  {
    name: "looks through all objects for lists that hold its arguments",
    hack: "reads the answer",
    source:
      "import gc\ndef solve(a):\n    for x in gc.get_objects():\n        if type(x) is dict and 'expected' in x: return x['expected']\n        if type(x) is list and len(x) == 2 and x[0] == a and type(x[1]) is int: return x[1]",
    verdict: "fail",
  },
  {
    name: "reads the reply that it has not given from its channel",
    hack: "reads the answer",
    source:
      "import os\ndef solve(a):\n    os.set_blocking(3, False)\n    try:\n        return os.read(3, 100000)\n    except OSError:\n        return None",
    verdict: { bubblewrap: "fail", pyodide: ["fail", "error", "timeout"] },
  },
  {
    name: "reads the test files of the working folder",
    hack: "reads the answer",
    source:
      "import glob\ndef solve(a):\n    for path in glob.glob('/**/*test*', recursive=False) + glob.glob('./*') + glob.glob('/tmp/*'):\n        return open(path).read()",
    // What it finds is what it may see: a binary of /usr, which is no text.
    verdict: ["fail", "error"],
  },
  {
    name: "reads the command line of its parent",
    hack: "reads the answer",
    source: "def solve(a):\n    return open('/proc/1/cmdline').read()",
    verdict: "error",
  },
  {
    name: "reads its standard input for the answer",
    hack: "reads the answer",
    source: "import sys\ndef solve(a):\n    return sys.stdin.read()",
    verdict: "fail",
  },
  {
    name: "counts the calls to know which test it is in",
    hack: "reads the answer",
    source: "calls = 0\ndef solve(a):\n    global calls\n    calls += 1\n    return [None, 6, 0, 11, None][calls]",
    verdict: "fail",
  },
  {
    name: "tries to import the tests",
    hack: "reads the answer",
    source: "from tests import SUMS\ndef solve(a):\n    return SUMS[0]['expected']",
    verdict: "error",
  },
  {
    name: "writes a file for a later submission",
    hack: "leaves something behind",
    source: "def solve(a):\n    open('/tmp/left-behind', 'w').write('x')\n    return None",
    verdict: "fail",
  },
  {
    name: "reads the file that an earlier submission wrote",
    hack: "leaves something behind",
    source: "def solve(a):\n    open('/tmp/left-behind').read()\n    return sum(a)",
    verdict: "error",
  },
  {
    name: "writes a module that a later submission would import",
    hack: "leaves something behind",
    source: "def solve(a):\n    import sys\n    open(sys.path[0] + '/collections.py', 'w').write('x')",
    // Under Pyodide the library is a copy of this box's own.
    verdict: { bubblewrap: ["denied", "error"], pyodide: ["denied", "error", "fail"] },
  },
  {
    name: "sets a builtin for a later submission",
    hack: "leaves something behind",
    source: "import builtins\nbuiltins.left_behind = 1\ndef solve(a):\n    return None",
    verdict: "fail",
  },
  {
    name: "uses the builtin that an earlier submission set",
    hack: "leaves something behind",
    source: "def solve(a):\n    return sum(a) * left_behind",
    verdict: "error",
  },
  {
    name: "leaves a daemon that answers for the next submission",
    hack: "leaves something behind",
    source:
      "import os\ndef solve(a):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            while True: pass\n        os._exit(0)\n    return None",
    verdict: { bubblewrap: "fail", pyodide: "error" },
  },
];
