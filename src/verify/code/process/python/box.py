"""Runs one program inside its box and answers calls over a channel of frames. It shares an interpreter with the program,
so the judge trusts nothing it says. Builtin modules only: every millisecond here is paid by every submission."""
# Runs after codec.py in the same namespace, whose builtins are a copy that the program does not reach by accident.

import atexit
import builtins
import errno
import posix

DENIED = (errno.EPERM, errno.EACCES, errno.EROFS)
show_error = sys.__excepthook__
flushes = (sys.stdout.flush, sys.stderr.flush)
ERRORS = {name: x for name, x in vars(builtins).items() if isinstance(x, type) and issubclass(x, BaseException)}


class Scanner:
    """What the C scanner of json asks of its decoder."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int, parse_constant = float, int, float
    memo = {}


scan = _json.make_scanner(Scanner)


async def nothing():
    pass


waiting = nothing()
coroutine = type(waiting)
waiting.close()


def flush():
    for stream in flushes:
        try:
            stream()
        except BaseException:
            pass  # closed by the program: its own loss


def leave(status):
    flush()
    posix._exit(status)


def end_by(error):
    """What the interpreter does with SystemExit at its top level, without the atexit functions."""
    if error.code is None:
        leave(0)
    if isinstance(error.code, int):
        leave(error.code & 0xFF)
    try:
        print(error.code, file=sys.stderr)
    except BaseException:
        pass  # stderr is closed
    leave(1)


def because(error):
    if isinstance(error, MemoryError):
        return ',"because":"memory"'
    if isinstance(error, PermissionError) or isinstance(error, OSError) and error.errno in DENIED:
        return ',"because":"denied"'
    return ""


def describe(error):
    """An exception as fields of a reply."""
    try:
        message = str.__str__(str(error))[:2_000]
    except BaseException:
        message = ""
    return '"type":' + quote(class_name(error)) + ',"message":' + quote(message) + because(error)


def complain(error):
    """As the interpreter does for an error that nobody catches, without the frames of this file."""
    try:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_globals is globals():
            trace = trace.tb_next
        show_error(type(error), error.with_traceback(trace), trace)
    except BaseException:
        pass  # stderr is closed, or the program's own error does not let itself be shown
    flush()


def error_of(name, message):
    """An exception of the other box, as one that a test can catch by its type."""
    if name == "SubmissionEnded":
        # No `except Exception` of a test may take that for an answer.
        return type(name, (BaseException,), {})(message)
    known = ERRORS.get(name)
    if known is None or issubclass(known, (SystemExit, GeneratorExit, StopIteration, StopAsyncIteration, BaseExceptionGroup)):
        return type(name, (Exception,), {})(message)
    try:
        return known(message)
    except TypeError:  # UnicodeDecodeError and the like want more than a message
        return type(name, (known.__base__,), {})(message)


class Channel:
    """Frames of JSON: a 32-bit little-endian length, then as many bytes."""

    def __init__(self, fd):
        self.fd = fd
        self.nonce = ""

    def read(self, n):
        chunks = []
        while n:
            chunk = posix.read(self.fd, min(n, 1 << 20))
            if not chunk:
                leave(0)
            chunks.append(chunk)
            n -= len(chunk)
        return b"".join(chunks)

    def receive(self):
        return scan(self.read(int.from_bytes(self.read(4), "little")).decode(), 0)[0]

    def send(self, body):
        data = ('{"nonce":"' + self.nonce + '",' + body + "}").encode()
        data = len(data).to_bytes(4, "little") + data
        while data:
            data = data[posix.write(self.fd, data) :]


class Box:
    def __init__(self, channel, load):
        self.channel = channel
        channel.nonce = load["nonce"]
        self.source, self.limit = load["source"], load["resultBytes"]
        self.script = load["kind"] == "script"
        self.keeps = not load["imports"]
        self.forwarded = 0
        module = type(sys)("__main__" if self.script else "submission")
        sys.modules[module.__name__] = module
        self.scope = module.__dict__
        self.scope["__builtins__"] = builtins
        for name in load["imports"]:
            self.scope[name] = self.forwarder(name)

    def forwarder(self, name):
        """A function of the other box. Positional arguments only: that is what the channel carries."""

        def forward(*args):
            self.forwarded += 1
            sent = Encoder(self.limit, False).encode(list(args))
            body = '"kind":"forward","seq":%d,"name":%s,"mutated":true,"args":%s'
            self.channel.send(body % (self.forwarded, quote(name), sent))
            answer = self.channel.receive()
            for old, new in zip(args, answer.get("args", ())):
                write_back(old, decode(new))
            if answer["kind"] == "value":
                return decode(answer["value"])
            raise error_of(answer["type"], answer["message"])

        forward.__name__ = forward.__qualname__ = name
        return forward

    def top_level(self):
        exec(compile(self.source, "<submission>", "exec", dont_inherit=True), self.scope)

    def run_script(self):
        """The rest is the interpreter's: SystemExit, atexit functions, threads that are not daemons."""
        if self.keeps:
            posix.close(self.channel.fd)
        try:
            self.top_level()
        except SystemExit:
            raise
        except BaseException as error:
            complain(error)
            sys.exit(1)

    def run_module(self):
        self.reply(0, lambda: (self.top_level(), "null")[1])
        while True:
            self.answer(self.channel.receive())

    def answer(self, call):
        args = []

        def after():
            return ',"args":' + encoder.encode(args) if call["mutated"] else ""

        def value():
            args.extend(map(decode, call["args"]))
            result = self.call(call["name"], args)
            return encoder.encode(result) + after()

        encoder = Encoder(self.limit, self.keeps)
        self.reply(call["seq"], value, after)

    def call(self, name, args):
        if name not in self.scope:
            raise NameError(f"name '{name}' is not defined")
        result = self.scope[name](*args)
        if type(result) is coroutine:
            import asyncio

            return asyncio.run(result)
        return result

    def reply(self, seq, value, after=str):
        try:
            body = value()
        except SystemExit as error:
            end_by(error)
        except BaseException as error:
            complain(error)
            body = describe(error)
            try:
                body += after()
            except BaseException:
                pass  # the call has failed, whatever its arguments have become
            self.channel.send('"kind":"exception","seq":%d,%s' % (seq, body))
        else:
            flush()
            self.channel.send('"kind":"value","seq":%d,"value":%s' % (seq, body))


def set_limits(limits):
    """Lowers limits for good: raising a hard limit again takes a right that nobody has in here."""
    import resource

    for name, value in limits.items():
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))


def start(fd):
    """The first program of a box that is a process of its own."""
    posix.write(fd, b"R")  # ready, and nothing of a program has run
    channel = Channel(fd)
    set_limits(channel.receive())
    box = Box(channel, channel.receive())
    return box.run_script() if box.script else box.run_module()


def start_embedded(path):
    """The first program of an interpreter inside another one, which sets the limits and cannot be left by an exception."""
    fd = posix.open(path, posix.O_RDWR)
    posix.write(fd, b"R")
    channel = Channel(fd)
    box = Box(channel, channel.receive())
    try:
        box.run_script() if box.script else box.run_module()
    except SystemExit as error:
        atexit._run_exitfuncs()
        end_by(error)
    atexit._run_exitfuncs()
    leave(0)
