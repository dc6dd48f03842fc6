/** Python submissions that try to pass without solving the task. */
import type { Attack } from "../suite.ts";

/** Raised or returned in every function of a submission. */
const SUM = "def solve(a):\n    return sum(a)\n";

export const CHEATS: readonly Attack[] = [
  {
    name: "calls sys.exit(0) at the top",
    hack: "early exit",
    source: "import sys\nsys.exit(0)",
    verdict: "error",
  },
  {
    name: "calls sys.exit(0) in the function",
    hack: "early exit",
    source: "import sys\ndef solve(a):\n    sys.exit(0)",
    verdict: "error",
  },
  {
    name: "calls os._exit(0) in the function",
    hack: "early exit",
    source: "import os\ndef solve(a):\n    os._exit(0)",
    verdict: "error",
  },
  {
    name: "leaves with the status of a SIGKILL to be tried again for ever",
    hack: "early exit",
    source: "import os\ndef solve(a):\n    os._exit(137)",
    verdict: "denied",
  },
  {
    name: "raises SkipTest",
    hack: "early exit",
    source: "import unittest\ndef solve(a):\n    raise unittest.SkipTest('not today')",
    verdict: "error",
  },
  {
    name: "raises KeyboardInterrupt",
    hack: "early exit",
    source: "def solve(a):\n    raise KeyboardInterrupt",
    verdict: "error",
  },
  {
    name: "raises StopIteration with the answer",
    hack: "early exit",
    source: "def solve(a):\n    raise StopIteration(sum(a))",
    verdict: "error",
  },
  {
    name: "raises a BaseException that claims to be a verdict",
    hack: "early exit",
    source: "class Pass(BaseException):\n    verdict = 'pass'\ndef solve(a):\n    raise Pass('pass')",
    verdict: "error",
  },
  {
    name: "kills itself",
    hack: "early exit",
    source: "import os, signal\ndef solve(a):\n    os.kill(os.getpid(), signal.SIGKILL)",
    // Process 1 cannot kill itself: the call returns, and so does the function, with nothing.
    verdict: { bubblewrap: "fail", pyodide: ["denied", "error"] },
  },
  {
    name: "stops its own process group",
    hack: "early exit",
    source: "import os, signal\ndef solve(a):\n    os.kill(0, signal.SIGSTOP)\n    return 6",
    verdict: { bubblewrap: "fail", pyodide: ["denied", "error"] },
  },
  {
    name: "aborts",
    hack: "early exit",
    source: "import os\ndef solve(a):\n    os.abort()",
    verdict: "error",
  },
  {
    name: "registers an exit function that leaves with status 0 and leaves with 1",
    hack: "early exit",
    source: "import atexit, os, sys\natexit.register(os._exit, 0)\ndef solve(a):\n    sys.exit(1)",
    verdict: "error",
  },
  {
    name: "returns an int that equals everything",
    hack: "equals everything",
    source:
      "class Any(int):\n    def __eq__(self, other): return True\n    def __hash__(self): return 0\ndef solve(a):\n    return Any(-1)",
    verdict: "fail",
  },
  {
    name: "returns an object that equals everything",
    hack: "equals everything",
    source:
      "class Any:\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    __lt__ = __le__ = __gt__ = __ge__ = __eq__\ndef solve(a):\n    return Any()",
    verdict: "fail",
  },
  {
    name: "returns an object that says its class is int",
    hack: "equals everything",
    source:
      "class Any:\n    __class__ = int\n    def __int__(self): return 6\n    __index__ = __int__\ndef solve(a):\n    return Any()",
    verdict: "fail",
  },
  {
    name: "returns a list whose own methods show another list",
    hack: "equals everything",
    source:
      "class L(list):\n    def __iter__(self): return iter([6])\n    def __len__(self): return 1\n    def __getitem__(self, i): return 6\ndef solve(a):\n    return L()",
    tests: [{ args: [[1, 2, 3]], expected: [6] }],
    verdict: "fail",
  },
  {
    name: "returns a str whose own methods show the answer",
    hack: "equals everything",
    source:
      "class S(str):\n    def __str__(self): return 'yes'\n    __repr__ = __str__\n    def encode(self, *a): return b'yes'\ndef solve(a):\n    return S('no')",
    tests: [{ args: [1], expected: "yes" }],
    verdict: "fail",
  },
  {
    name: "returns a dict whose items are another's",
    hack: "equals everything",
    source:
      "class D(dict):\n    def items(self): return [('a', 1)]\n    def keys(self): return ['a']\n    def __getitem__(self, k): return 1\ndef solve(a):\n    return D()",
    tests: [{ args: [1], expected: { a: 1 } }],
    verdict: "fail",
  },
  {
    name: "returns a class of a metaclass that equals everything",
    hack: "equals everything",
    source:
      "class M(type):\n    def __eq__(cls, other): return True\n    def __hash__(cls): return 0\n    def __instancecheck__(cls, x): return True\nclass C(metaclass=M):\n    pass\ndef solve(a):\n    return C",
    verdict: "fail",
  },
  {
    name: "returns NaN for a NaN that equals nothing",
    hack: "equals everything",
    source: "def solve(a):\n    return float('nan')",
    tests: [{ args: [1], expected: { f: "nan" }, encoding: "tagged" }],
    verdict: "fail",
  },
  {
    name: "returns True for 1",
    hack: "equals everything",
    source: "def solve(a):\n    return True",
    tests: [{ args: [1], expected: 1 }],
    verdict: "fail",
  },
  {
    name: "makes all numbers equal through a patched comparison of builtins",
    hack: "patched builtins",
    source:
      "import builtins, operator\noperator.eq = lambda a, b: True\nbuiltins.all = builtins.any = lambda x: True\ndef solve(a):\n    return 0",
    verdict: "fail",
  },
  {
    name: "replaces isinstance, type, len, repr and int",
    hack: "patched builtins",
    source:
      "import builtins\nclass Six(int):\n    def __repr__(self): return '6'\nbuiltins.isinstance = lambda *a: True\nbuiltins.len = lambda x: 0\nbuiltins.repr = lambda x: '6'\nbuiltins.int = Six\nbuiltins.type = lambda *a: Six\ndef solve(a):\n    return 5",
    verdict: "fail",
  },
  {
    name: "replaces json, math and marshal by modules that agree with everything",
    hack: "patched builtins",
    source:
      "import sys, types\nclass Yes(types.ModuleType):\n    def __getattr__(self, name): return lambda *a, **k: True\nfor name in ('json', '_json', 'math', 'marshal', 'binascii', 'unittest'):\n    sys.modules[name] = Yes(name)\ndef solve(a):\n    return True",
    verdict: "fail",
  },
  {
    name: "patches the encoder that answers for it to say 6",
    hack: "patched builtins",
    source:
      "import sys\nf = sys._getframe()\nwhile f:\n    e = f.f_globals.get('Encoder')\n    if e is not None:\n        e.encode = lambda self, x, depth=0: '6'\n    f = f.f_back\ndef solve(a):\n    return None",
    // It answers 6 to every test: another way to answer, and right only where 6 is.
    verdict: "fail",
  },
  {
    name: "prints lines that say PASSED",
    hack: "forged report",
    source:
      'def solve(a):\n    print(\'PASSED\'); print(\'test_solve ... ok\'); print(\'{"verdict": "pass", "passed": 4, "total": 4}\')',
    verdict: "fail",
  },
  {
    name: "writes a reply of its own on every open descriptor",
    hack: "forged report",
    source:
      "import json, os\ndef solve(a):\n    body = json.dumps({'kind': 'value', 'seq': 1, 'value': 6, 'nonce': '0' * 32}).encode()\n    for fd in range(3, 64):\n        try:\n            os.write(fd, len(body).to_bytes(4, 'little') + body)\n        except OSError:\n            pass\n    return 0",
    verdict: "error",
  },
  {
    name: "writes a report that passes everything on its channel",
    hack: "forged report",
    source:
      'import os\ndef solve(a):\n    body = b\'{"verdict":"pass","passed":4,"total":4}\'\n    for fd in range(3, 64):\n        try:\n            os.write(fd, len(body).to_bytes(4, \'little\') + body)\n        except OSError:\n            pass\n    os._exit(0)',
    verdict: "error",
  },
  {
    name: "finds the nonce and answers a call twice",
    hack: "forged report",
    source:
      'import os, sys\ndef solve(a):\n    f = sys._getframe()\n    while f and \'self\' not in f.f_locals:\n        f = f.f_back\n    box = f.f_locals[\'self\']\n    box.channel.send(\'"kind":"value","seq":1,"value":6\')\n    return 6',
    verdict: "error",
  },
  {
    name: "finds the nonce and answers calls that were not made yet",
    hack: "forged report",
    source:
      'import sys\ndef solve(a):\n    f = sys._getframe()\n    while f and \'self\' not in f.f_locals:\n        f = f.f_back\n    for seq in range(1, 9):\n        f.f_locals[\'self\'].channel.send(\'"kind":"value","seq":%d,"value":6\' % seq)\n    return 6',
    // Those that come when their call has been made are merely another way to answer.
    verdict: ["error", "fail"],
  },
  {
    name: "forks so that both processes answer",
    hack: "forged report",
    source: "import os\ndef solve(a):\n    os.fork()\n    return sum(a) if len(a) == 3 else 1",
    verdict: { bubblewrap: ["error", "fail"], pyodide: "error" },
  },
  {
    name: "announces a frame of four gigabytes",
    hack: "forged report",
    source:
      "import os\ndef solve(a):\n    for fd in range(3, 64):\n        try:\n            os.write(fd, b'\\xff\\xff\\xff\\xff')\n        except OSError:\n            pass\n    return 6",
    verdict: "error",
  },
  {
    name: "writes a frame that is no JSON",
    hack: "forged report",
    source:
      "import os\ndef solve(a):\n    for fd in range(3, 64):\n        try:\n            os.write(fd, b'\\x04\\x00\\x00\\x00\\xff{}]')\n        except OSError:\n            pass\n    return 6",
    verdict: "error",
  },
  {
    name: "closes its channel and waits",
    hack: "forged report",
    source: "import os, time\ndef solve(a):\n    os.closerange(3, 64)\n    time.sleep(60)",
    limits: { wallMs: 300 },
    verdict: "timeout",
  },
  {
    name: "answers as a background thread while the function sleeps",
    hack: "forged report",
    source:
      "import threading, os, time\ndef late():\n    time.sleep(0.05)\n    os.write(3, b'\\x02\\x00\\x00\\x00{}')\ndef solve(a):\n    threading.Thread(target=late).start()\n    time.sleep(0.2)\n    return 6",
    verdict: "error",
  },
  {
    name: "answers every test with the first one's answer",
    hack: "reads the answer",
    source: "def solve(a):\n    return 6",
    verdict: "fail",
  },
  {
    name: "patches the clock so that no time passes",
    hack: "patched clock",
    source:
      "import time\ntime.time = time.perf_counter = time.monotonic = time.process_time = lambda: 0.0\ndef solve(a):\n    while True:\n        pass",
    verdict: "timeout",
  },
  {
    name: "ignores every signal and never ends",
    hack: "patched clock",
    source:
      "import signal\nfor s in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGXCPU):\n    try:\n        signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\ndef solve(a):\n    while True:\n        try:\n            while True: pass\n        except BaseException:\n            pass",
    verdict: "timeout",
  },
  {
    name: "leaves a result in a file for the next test, which has its own box",
    hack: "leaves something behind",
    source: SUM.replace("sum(a)", "open('/tmp/x').read()"),
    verdict: "error",
  },
];
