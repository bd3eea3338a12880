"""The fault proxies of the tests, as a process beside us that stands before the upstream."""

import os
import pathlib
import shutil
import subprocess

from machine import Trouble, bound_to
from peers import HOME

MAIN = "resolver.faults.ProxyCommand"
SOURCES = HOME / "tests/src/test/java/resolver/faults"
CLASSES = HOME / "tests/target/test-classes"
JARS = HOME / "cli/target/lib"


class Proxies:
    """Some proxies, numbered from 0; a context that ends them."""

    def __init__(self, ports, target, seed, cpus, log):
        build()
        self.ports = ports
        self.log = log
        with open(log, "wb") as errors:
            self.process = subprocess.Popen(
                [java(), "-XX:+UseSerialGC", "-Xmx256m", "-cp", class_path(), MAIN,
                 str(seed), str(target), *map(str, ports)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                bufsize=1, preexec_fn=bound_to(cpus))
        try:
            for wanted in ["seed", *["listening"] * len(ports)]:
                self._read(wanted)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def set(self, *faults):
        """Lets faults hold, for each proxy its own."""
        for number, words in enumerate(faults):
            self._say(f"set {number} {words}", "ok")

    def start_anew(self):
        """Counts from zero, and lets chance decide as at the start."""
        self._say("anew", "ok")

    def queries(self):
        """How many queries have come to each, over UDP and TCP."""
        answer = self._say("count", "count")
        return [sum(map(int, word.split(",")[:2])) for word in answer.split()[1:]]

    def _say(self, line, wanted):
        self.process.stdin.write(line + "\n")
        return self._read(wanted)

    def _read(self, wanted):
        line = self.process.stdout.readline().strip()
        if not line.startswith(wanted):
            raise Trouble(f"the proxy says {line!r} (expected: {wanted}); it wrote: "
                          + self.log.read_text(errors="replace")[-300:])
        return line


def class_path():
    """Without the library for logging, which would write on standard output."""
    return ":".join(map(str, [CLASSES, *JARS.glob("resolver-[0-9]*.jar"), *JARS.glob("netty-*.jar")]))


def java():
    home = os.environ.get("JAVA_HOME")
    found = shutil.which(str(pathlib.Path(home, "bin/java")) if home else "java")
    if not found:
        raise Trouble("no java is found (Debian: apt-get install openjdk-17-jdk-headless; or name"
                      " one in JAVA_HOME)")
    return found


def build():
    """Compiles the proxies where that has not been done since they changed."""
    main = CLASSES / (MAIN.replace(".", "/") + ".class")
    newest = max(source.stat().st_mtime for source in SOURCES.glob("*.java"))
    if main.exists() and main.stat().st_mtime >= newest:
        return
    ran = subprocess.run(
        ["mvn", "-B", "-q", "-DskipTests", "test-compile", "-pl", "tests", "-am"], cwd=HOME,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise Trouble(f"the proxies do not build: {(ran.stdout + ran.stderr).strip()[-1000:]}")
    main.touch()
