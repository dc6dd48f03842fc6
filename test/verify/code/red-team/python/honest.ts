/** Python submissions that solve their task, each in another way or with another part of the language: all pass. */
import type { Comparison } from "../../../../../src/verify/code/types.ts";
import { SUMS, type Honest } from "../suite.ts";

const sums = (name: string, source: string): Honest => ({ name, source, tests: SUMS });

const returns = (name: string, source: string, args: readonly unknown[], expected: unknown): Honest => ({
  name,
  source,
  tests: [{ args, expected }],
});

const tagged = (name: string, source: string, args: readonly unknown[], expected: unknown): Honest => ({
  name,
  source,
  tests: [{ args, expected, encoding: "tagged" }],
  compare: { exactTypes: true },
});

const compared = (name: string, source: string, expected: unknown, compare: Comparison): Honest => ({
  name,
  source,
  tests: [{ args: [], expected }],
  compare,
});

const prints = (name: string, source: string, stdin: string, stdout: string, status = 0): Honest => ({
  name,
  source,
  tests: [{ stdin, stdout, status }],
});

const program = (name: string, source: string, test: string, ...names: readonly string[]): Honest => ({
  name,
  source,
  tests: [{ program: test, names: names.length > 0 ? names : ["solve"] }],
});

export const HONEST: readonly Honest[] = [
  sums("a loop", "def solve(a):\n    s = 0\n    for x in a: s += x\n    return s"),
  sums("a lambda", "solve = lambda a: sum(a)"),
  sums("a recursion", "def solve(a):\n    return a[0] + solve(a[1:]) if a else 0"),
  sums("a class with __call__", "class Solve:\n    def __call__(self, a): return sum(a)\nsolve = Solve()"),
  sums("functools.reduce", "from functools import reduce\ndef solve(a): return reduce(lambda x, y: x + y, a, 0)"),
  sums("a decorator with a cache", "from functools import lru_cache\n@lru_cache(None)\ndef total(t): return sum(t)\ndef solve(a): return total(tuple(a))"), // prettier-ignore
  sums("a closure", "def make():\n    def inner(a): return sum(a)\n    return inner\nsolve = make()"),
  sums("a generator inside", "def each(a): yield from a\ndef solve(a): return sum(each(a))"),
  sums("a dataclass", "from dataclasses import dataclass\n@dataclass\nclass Acc:\n    total: int = 0\ndef solve(a):\n    acc = Acc()\n    for x in a: acc.total += x\n    return acc.total"), // prettier-ignore
  sums("an enum", "from enum import Enum\nclass Op(Enum):\n    ADD = 1\ndef solve(a):\n    return sum(a) if Op.ADD.value else None"), // prettier-ignore
  sums("typing annotations", "from typing import List, Optional\ndef solve(a: List[int], b: Optional[int] = None) -> int:\n    return sum(a)"), // prettier-ignore
  sums("future annotations", "from __future__ import annotations\ndef solve(a: list[Node]) -> int:\n    return sum(a)"),
  sums("a main guard", "def solve(a): return sum(a)\nif __name__ == '__main__':\n    print(solve([1]))"),
  sums("doctests", 'def solve(a):\n    """\n    >>> solve([1])\n    1\n    """\n    return sum(a)'),
  sums("prints while it works", "import sys\ndef solve(a):\n    print('in', a)\n    print('warn', file=sys.stderr)\n    return sum(a)"), // prettier-ignore
  sums("an exception that it catches", "def solve(a):\n    try:\n        a[10**6]\n    except IndexError:\n        pass\n    return sum(a)"), // prettier-ignore
  sums("a name of its own for a builtin", "def len(x): return 0\ndef type(x): return 'mine'\nint = str\ndef solve(a): return sum(a)"), // prettier-ignore
  sums("eval and exec", "def solve(a):\n    scope = {}\n    exec('def f(a): return sum(a)', scope)\n    return eval('f(a)', scope, {'a': a})"), // prettier-ignore
  sums("a scratch file", "def solve(a):\n    with open('/tmp/n', 'w') as f: f.write(' '.join(map(str, a)))\n    return sum(map(int, open('/tmp/n').read().split()))"), // prettier-ignore
  sums("a sleep", "import time\ndef solve(a):\n    time.sleep(0.01)\n    return sum(a)"),
  sums("a sort with random pivots", "import random\ndef solve(a):\n    b = a[:]\n    random.shuffle(b)\n    return sum(sorted(b))"), // prettier-ignore
  sums("many standard modules", "import collections, heapq, bisect, itertools, math, re, string, json, datetime, copy, operator, fractions, decimal, statistics\ndef solve(a): return sum(a)"), // prettier-ignore
  sums(
    "a match statement",
    "def solve(a):\n    match a:\n        case []: return 0\n        case [x, *rest]: return x + solve(rest)",
  ),
  sums("a deep recursion within the limit", "def down(n): return 0 if n == 0 else down(n - 1)\ndef solve(a):\n    down(900)\n    return sum(a)"), // prettier-ignore
  sums("a large table", "table = list(range(10**6))\ndef solve(a): return sum(a) + table[0]"),
  returns("a float with its usual rounding error", "def solve(a, b): return a + b", [0.1, 0.2], 0.3),
  returns("a tuple for a list", "def solve(a): return (a, a)", [1], [1, 1]),
  returns("a list from a generator", "def solve(n):\n    for i in range(n): yield i", [3], [0, 1, 2]),
  returns("a Counter for a dict", "from collections import Counter\ndef solve(s): return Counter(s)", ["aab"], { a: 2, b: 1 }), // prettier-ignore
  returns("a namedtuple for a list", "from collections import namedtuple\nP = namedtuple('P', 'x y')\ndef solve(a): return P(1, 2)", [1], [1, 2]), // prettier-ignore
  returns("a defaultdict of lists", "from collections import defaultdict\ndef solve(a):\n    d = defaultdict(list)\n    d['x'].append(a)\n    return d", [1], { x: [1] }), // prettier-ignore
  returns("an IntEnum for an int", "from enum import IntEnum\nclass N(IntEnum):\n    ONE = 1\ndef solve(a): return N.ONE", [1], 1), // prettier-ignore
  returns("None", "def solve(a): return None", [1], null),
  returns("a text of many alphabets", "def solve(s): return s[::-1]", ["añ水😀"], "😀水ña"),
  returns("an integer beyond 64 bits by its last digits", "def solve(n): return 3**n % 10**6", [1000], 220001),
  tagged("a tuple where a tuple is asked for", "def solve(): return (1, 2.0)", [], { t: [1, { f: 2 }] }),
  tagged("a set", "def solve(a): return set(a)", [[1, 2, 2]], { s: [2, 1] }),
  tagged("a frozenset", "def solve(): return frozenset([1])", [], { z: [1] }),
  tagged("bytes", "def solve(s): return s.encode()", ["hi"], { b: "aGk=" }),
  tagged("a complex number", "def solve(): return complex(1, -2)", [], { c: [{ f: 1 }, { f: -2 }] }),
  tagged("a huge integer", "def solve(): return 10**30", [], { i: "1000000000000000000000000000000" }),
  tagged("infinity", "def solve(): return float('-inf')", [], { f: "-inf" }),
  tagged("keys that are no text", "def solve(): return {1: 'a', (2, 3): None}", [], { d: [[1, "a"], [{ t: [2, 3] }, null]] }), // prettier-ignore
  compared("another order where order does not matter", "def solve(): return [3, 1, 2]", [1, 2, 3], {
    unordered: true,
  }),
  { name: "NaN where NaN is meant", source: "def solve(): return [float('nan')]", tests: [{ args: [], expected: [{ f: "nan" }], encoding: "tagged" }], compare: { nanEqual: true } }, // prettier-ignore
  compared("a float within the tolerance", "def solve(): return 3.1416", 3.14159, { tolerance: 1e-3 }),
  { name: "a change in place", source: "def solve(a): a.sort()", tests: [{ args: [[3, 1, 2]], expected: null, mutated: [[1, 2, 3]] }] }, // prettier-ignore
  { name: "the exception that is asked for", source: "def solve(a):\n    if a < 0: raise ValueError('negative')", tests: [{ args: [-1], raises: "ValueError" }, { args: [1], expected: null }] }, // prettier-ignore
  { name: "state that its calls share", source: "n = 0\ndef solve():\n    global n\n    n += 1\n    return n", tests: [{ args: [], expected: 1 }, { args: [], expected: 2 }] }, // prettier-ignore
  prints("a program with input()", "a, b = map(int, input().split())\nprint(a + b)", "2 3\n", "5\n"),
  prints("a program that reads all lines", "import sys\nprint(sum(int(line) for line in sys.stdin))", "1\n2\n3\n", "6"),
  prints("a program that exits with a status", "import sys\nprint('bad input')\nsys.exit(3)", "", "bad input\n", 3),
  prints("a program with an exit function", "import atexit\natexit.register(print, 'bye')\nprint('hello')", "", "hello\nbye\n"), // prettier-ignore
  prints("a program that writes bytes", "import sys\nsys.stdout.buffer.write(b'raw\\n')", "", "raw\n"),
  program("assertions over several calls", "def solve(a): return a * 2", "assert solve(2) == 4\nassert solve('ab') == 'abab'\nassert solve([1]) == [1, 1]"), // prettier-ignore
  program("types that cross whole", "def solve(x): return x", "for x in (1, 1.0, True, None, (1, 2), [1], {1}, frozenset([1]), b'x', 1j, 10**40, float('inf'), {1: 'a'}, {(1,): 2}):\n    y = solve(x)\n    assert y == x and type(y) is type(x), (x, y)\nassert solve(float('nan')) != solve(float('nan'))"), // prettier-ignore
  program("an argument changed in place", "def solve(a):\n    a.append(4)\n    a[0][0] = 9", "inner = [1]\nouter = [inner, 2]\nassert solve(outer) is None\nassert outer == [[9], 2, 4] and outer[0] is inner"), // prettier-ignore
  program("an exception by its type", "def solve(a): return 1 // a", "try:\n    solve(0)\nexcept ZeroDivisionError as e:\n    assert 'zero' in str(e)\nelse:\n    raise AssertionError('nothing raised')"), // prettier-ignore
  program("an exception of its own by its name", "class Mine(Exception): pass\ndef solve(a): raise Mine('x')", "try:\n    solve(1)\nexcept Exception as e:\n    assert type(e).__name__ == 'Mine' and str(e) == 'x'"), // prettier-ignore
  program("an object that goes back and forth", "class Box:\n    def __init__(self, x): self.x = x\ndef make(x): return Box(x)\ndef get(b): return b.x", "b = make(5)\nassert get(b) == 5\nassert make(5) != b and b == b", "make", "get"), // prettier-ignore
  program("helpers of the test that it never sees", "def solve(a):\n    assert 'helper' not in globals()\n    return a", "def helper(x): return x + 1\nassert helper(solve(1)) == 2"), // prettier-ignore
  program("tests as a unittest class", "def solve(a): return a + 1", "import unittest\nclass T(unittest.TestCase):\n    def test_one(self): self.assertEqual(solve(1), 2)\n    def test_type(self):\n        with self.assertRaises(TypeError): solve('x')\nresult = unittest.TestResult()\nunittest.defaultTestLoader.loadTestsFromTestCase(T).run(result)\nassert result.testsRun == 2 and result.wasSuccessful(), result"), // prettier-ignore
];
