"""What the probe tries from inside a box. Each function returns the ways out that were open, in words for people."""

import os
import socket
import subprocess


def opens(path):
    try:
        with open(path) as file:
            file.read(1)
        return [f"a program reads {path}"]
    except OSError:
        return []


def connects(port):
    """The host listens on this port of its loopback."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2):
            return ["a program reaches the network"]
    except OSError:
        return []


def environment(expected):
    seen = sorted(set(os.environ) - set(expected))
    return [f"a program sees the environment variable {seen[0]}"] if seen else []


def writes():
    found = []
    for folder in ("/", "/usr", "/dev", "/etc", "/var/tmp", "/dev/shm", "/home", "/root"):
        try:
            os.close(os.open(os.path.join(folder, "dojang-probe"), os.O_CREAT | os.O_WRONLY))
            found.append(f"a program writes to {folder}")
        except OSError:
            pass
    return found


def rights():
    found = []
    if os.getuid() == 0:
        found.append("a program is root")
    if os.getpid() != 1:
        found.append("a program sees the processes of the host")
    try:
        os.setuid(0)
        found.append("a program becomes root")
    except OSError:
        pass
    return found


def namespaces():
    """Inside a user namespace of its own a program would be root again, and reach what only root reaches in the kernel."""
    try:
        done = subprocess.run(["unshare", "-Ur", "true"], env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=False)
    except OSError:
        return []
    return ["a program makes user namespaces"] if done.returncode == 0 else []


def forks(limit):
    """The limit counts this process too."""
    children = []
    reader, writer = os.pipe()
    try:
        while len(children) < limit + 8:
            child = os.fork()
            if child == 0:
                os.close(writer)
                os.read(reader, 1)
                os._exit(0)
            children.append(child)
    except OSError:
        pass
    os.close(writer)
    for child in children:
        os.waitpid(child, 0)
    return [] if len(children) < limit else [f"a program starts {len(children)} processes where {limit} are allowed"]


def allocates(size):
    try:
        bytearray(size)
        return [f"a program takes {size} bytes of memory, more than its limit"]
    except MemoryError:
        return []


def javascript():
    """Pyodide's bridge to the process around it."""
    import js

    return [f"a program reaches {js.process.execPath}"]
