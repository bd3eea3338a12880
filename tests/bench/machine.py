"""Programs on chosen processors: started, watched by /proc, and ended whatever happens."""

import ctypes
import os
import pathlib
import platform
import re
import signal
import socket
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Trouble(Exception):
    """Something that the user is told in one line."""


class Program:
    """A running program, a context that ends it together with all that it started."""

    def __init__(self, command, cpus, log, environment=None):
        self.log = log
        self.started = time.monotonic()
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, preexec_fn=bound_to(cpus), cwd=log.parent,
                env={**os.environ, **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def is_alive(self):
        return self.process.poll() is None

    def cpu_seconds(self):
        """Time of processors used by now, with that of children, ended ones too."""
        fields = (stat.rpartition(")")[2].split() for stat in self._read("stat"))
        return sum(int(n) for f in fields for n in f[11:15]) / TICKS

    def resident(self):
        """Resident memory in bytes."""
        found = (re.search(r"VmRSS:\s+(\d+)", status) for status in self._read("status"))
        return sum(int(match[1]) * 1024 for match in found if match)

    def last_words(self):
        """The end of what it wrote, for people."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])

    def _read(self, file):
        todo = [self.process.pid]
        while todo:
            directory = pathlib.Path("/proc", str(todo.pop()))
            try:
                todo += (directory / "task" / directory.name / "children").read_text().split()
                yield (directory / file).read_text()
            except OSError:
                pass  # ended meanwhile


def bound_to(cpus):
    """What a child does before it becomes a program: it keeps to processors, and ends with us."""
    def bind():
        os.sched_setaffinity(0, cpus)
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return bind


def processors():
    """Which processors are the server's, and which the load's: the first, and the others."""
    mine = sorted(os.sched_getaffinity(0))
    return {mine[0]}, set(mine[1:]) or {mine[0]}


def free_port(start):
    """The first port from a number on that nobody has on loopback, over UDP or TCP."""
    for port in range(start, start + 1000):
        try:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port))
            return port
        except OSError:
            continue
    raise Trouble(f"no free port on 127.0.0.1 from {start} on")


def describe():
    """The machine in a few words."""
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", info)
    count = len(os.sched_getaffinity(0))
    return f"{count} x {model[1] if model else platform.machine()}, Linux {platform.release()}"
