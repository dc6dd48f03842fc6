"""How values cross the wall of a Python box: encoded.ts has the table of tags. Part of the program that box.py begins."""

import _json
import binascii
import sys

MAX_DEPTH = 100
MAX_HANDLES = 10_000
# 20,000 digits in bits: a longer int does not cross.
MAX_INT_BITS = 66_435
# Flags of a type that say which builtin it is or derives from (Py_TPFLAGS_LONG_SUBCLASS and those after it).
IS_INT, IS_LIST, IS_TUPLE, IS_BYTES, IS_STR, IS_DICT = (1 << bit for bit in range(24, 30))
# Read through the descriptors of `type`: a metaclass may lie about its classes, these do not ask it.
flags_of = type.__dict__["__flags__"].__get__
name_of = type.__dict__["__name__"].__get__
quote = _json.encode_basestring_ascii
FLOATS = {"inf": float("inf"), "-inf": float("-inf"), "nan": float("nan"), "-0": -0.0}


class ResultError(Exception):
    """What came back takes more bytes than the limit, is nested too deep, or holds itself."""


class Opaque:
    """What could not cross into this box. Equal to nothing but itself."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"


class Remote(Opaque):
    """An object that stayed in the other box: the same number is the same object."""

    def __init__(self, number, name):
        self.number = number
        self.name = name

    def __eq__(self, other):
        return type(other) is Remote and other.number == self.number

    def __hash__(self):
        return hash(self.number)


# Objects of this box that the other side knows by number, and their numbers by identity.
handles, number_of = [], {}


def class_name(x):
    return str.__str__(name_of(type(x)))[:200]


def all_digits(convert, x):
    """Python refuses to convert long ints unless told otherwise; the program keeps the setting it has."""
    old = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return convert(x)
    finally:
        sys.set_int_max_str_digits(old)


def int_text(x):
    if -(2**53) < x < 2**53:
        return int.__repr__(x)
    if x.bit_length() > MAX_INT_BITS:
        return '{"o":"int"}'
    return '{"i":"' + all_digits(int.__repr__, x) + '"}'


def float_text(x):
    if x != x:
        return '{"f":"nan"}'
    if x - x != 0:
        return '{"f":"inf"}' if x > 0 else '{"f":"-inf"}'
    text = float.__repr__(x)
    if x != x // 1:
        return text
    return '{"f":"-0"}' if text == "-0.0" else '{"f":' + text + "}"


def complex_text(x):
    return '{"c":[' + float_text(complex.real.__get__(x)) + "," + float_text(complex.imag.__get__(x)) + "]}"


class Encoder:
    """Values as JSON text, of at most `limit` characters together. Objects that JSON cannot hold stay in the box under a
    number where `keeps` says so, and cannot cross otherwise."""

    def __init__(self, limit, keeps):
        self.limit = self.left = limit
        self.keeps = keeps

    def spend(self, text):
        self.afford(len(text))
        return text

    def afford(self, n):
        self.left -= n
        if self.left < 0:
            raise ResultError(f"the result is larger than resultBytes, {self.limit}")

    def items(self, values, depth):
        parts = []
        for value in values:
            self.afford(1)
            parts.append(self.encode(value, depth))
        return "[" + ",".join(parts) + "]"

    def tagged(self, tag, values, depth):
        return self.spend('{"' + tag + '":') + self.items(values, depth) + "}"

    def encode(self, x, depth=0):
        """Subclasses of builtin types are read by their base's own methods, so that an overridden one has no say."""
        if depth > MAX_DEPTH:
            raise ResultError(f"the result is nested more than {MAX_DEPTH} levels deep, or holds itself")
        if x is None:
            return self.spend("null")
        t = type(x)
        if t is bool:
            return self.spend("true" if x else "false")
        flags = flags_of(t)
        if flags & IS_INT:
            return self.spend(int_text(x if t is int else int.__add__(x, 0)))
        if flags & IS_STR:
            self.afford(str.__len__(x))
            return self.spend(quote(str.__str__(x)))
        if flags & IS_LIST:
            return self.items(list.__iter__(x), depth + 1)
        if flags & IS_TUPLE:
            return self.tagged("t", tuple.__iter__(x), depth + 1)
        if flags & IS_DICT:
            return self.pairs(x, depth + 1)
        if flags & IS_BYTES or t is bytearray:
            self.afford(len(x))
            return self.spend('{"b":"' + binascii.b2a_base64(x, newline=False).decode() + '"}')
        return self.rarer(x, t, depth + 1)

    def pairs(self, x, depth):
        parts = []
        for key, value in list(dict.items(x)):
            self.afford(4)
            parts.append("[" + self.encode(key, depth) + "," + self.encode(value, depth) + "]")
        return self.spend('{"d":[') + ",".join(parts) + "]}"

    def rarer(self, x, t, depth):
        if isinstance(x, float):
            return self.spend(float_text(float.__float__(x)))
        if isinstance(x, set):
            return self.tagged("s", list(set.__iter__(x)), depth)
        if isinstance(x, frozenset):
            return self.tagged("z", list(frozenset.__iter__(x)), depth)
        if isinstance(x, complex):
            return self.spend(complex_text(x))
        if t is memoryview:
            return self.encode(x.tobytes(), depth)
        if t is type({}.keys()):
            return self.tagged("s", list(x), depth)
        if t in (range, type({}.values()), type({}.items())) or hasattr(t, "__next__") or is_deque(t):
            return self.tagged("it", x, depth)
        return self.spend(self.stays(x))

    def stays(self, x):
        if type(x) is Remote:
            return '{"h":%d,"n":%s}' % (x.number, quote(x.name))
        number = number_of.get(id(x))
        if number is None:
            if not self.keeps or len(handles) >= MAX_HANDLES:
                return '{"o":' + quote(class_name(x)) + "}"
            number = number_of[id(x)] = len(handles)
            handles.append(x)
        return '{"h":%d,"n":%s}' % (number, quote(class_name(x)))


def is_deque(t):
    """Not imported here: where the program has none, its module is not loaded."""
    return t is getattr(sys.modules.get("_collections"), "deque", None)


def read_float(v):
    return FLOATS[v] if type(v) is str else float(v)


def read_pairs(v):
    return {decode(key): decode(value) for key, value in v}


READERS = {
    "f": read_float,
    "i": lambda v: all_digits(int, v),
    "t": lambda v: tuple(map(decode, v)),
    "s": lambda v: set(map(decode, v)),
    "z": lambda v: frozenset(map(decode, v)),
    "d": read_pairs,
    "m": read_pairs,
    "b": binascii.a2b_base64,
    "c": lambda v: complex(decode(v[0]), decode(v[1])),
    "it": lambda v: iter([decode(x) for x in v]),
    "u": lambda v: None,
    "o": Opaque,
}


def decode(v):
    if type(v) is list:
        return [decode(x) for x in v]
    if type(v) is not dict:
        return v
    if "h" in v:
        return handles[v["h"]] if v["h"] < len(handles) else Remote(v["h"], v["n"])
    for tag in v:
        return READERS[tag](v[tag])


def write_back(old, new):
    """Makes a mutable argument what it has become in the other box: in place, and as deep as the shapes agree."""
    kind = type(old)
    if kind is not type(new):
        return new
    if kind is list:
        old[:] = [write_back(old[i], x) if i < len(old) else x for i, x in enumerate(new)]
    elif kind is dict:
        changed = {key: write_back(old[key], x) if key in old else x for key, x in new.items()}
        old.clear()
        old.update(changed)
    elif kind is set:
        old.clear()
        old.update(new)
    elif kind is bytearray:
        old[:] = new
    else:
        return new
    return old
