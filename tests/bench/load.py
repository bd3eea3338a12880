"""What is asked, and dnsperf to ask it.

Queries are made here, octet by octet, for dnsperf can make all or none of them with EDNS. They come
from a file that is read again and again, or from a stream whose misses have new names each time.
"""

import fcntl
import itertools
import re
import struct
import subprocess
import threading

from machine import Trouble, bound_to

ZONE = "bench.example"
TYPES = {"A": 1, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "HTTPS": 65}
# What clients of today ask for, about. The zone has no SRV: answers without a record, too.
MIX_TYPES = {"A": 50, "AAAA": 25, "HTTPS": 17, "TXT": 4, "MX": 2, "SRV": 2}
MIX_NAMES = 100_000
MIX_QUERIES = 100_000
MIX_MISSES = 0.05
MISS_QUERIES = 50_000

RD, AD, DO = 0x0100, 0x0020, 0x8000
OPT, COOKIE = 41, 10
ONE_TIME = b"00000000"  # in a stream's names, in place of the number of the pass
PASSES = itertools.count(1)


def query(name, kind="A", flags=RD, edns=False, dnssec=False, cookie=b""):
    """One query, behind its length as over TCP; dnsperf sets the ID."""
    labels = b"".join(bytes([len(label)]) + label for label in name.encode().split(b"."))
    message = struct.pack(">6H", 0, flags, 1, 0, 0, int(edns)) + labels
    message += struct.pack(">xHH", TYPES[kind], 1)
    if edns:
        option = struct.pack(">HH", COOKIE, len(cookie)) + cookie if cookie else b""
        ttl = DO if dnssec else 0
        message += struct.pack(">xHHIH", OPT, 1232, ttl, len(option)) + option
    return struct.pack(">H", len(message)) + message


def cached_name(number):
    return f"w{number}.{ZONE}"


def new_name(number):
    return f"m{number}-{ONE_TIME.decode()}.{ZONE}"


def hits(names):
    """Queries for the addresses of names w0, w1 and so on."""
    return [query(cached_name(number)) for number in range(names)]


def misses():
    """Queries for names that no pass of a stream has again."""
    return [query(new_name(number)) for number in range(MISS_QUERIES)]


def mixed_case(name, dice):
    return "".join(dice.choice((c.lower(), c.upper())) for c in name)


def mix(dice):
    """
    What a crowd of stubs asks: few names often and many seldom (Zipf's law, exponent 1), several
    types, EDNS from 70 %, of these DO from 30 % and a cookie from 20 %, AD from 10 %, letters small
    and large from 20 %, and 5 % of names that nobody has asked for.
    """
    often = list(itertools.accumulate(1 / rank for rank in range(1, MIX_NAMES + 1)))
    numbers = dice.choices(range(MIX_NAMES), cum_weights=often, k=MIX_QUERIES)
    kinds = dice.choices(list(MIX_TYPES), weights=MIX_TYPES.values(), k=MIX_QUERIES)
    queries = []
    for number, kind in zip(numbers, kinds):
        if dice.random() < MIX_MISSES:
            name = new_name(len(queries))
        else:
            name = cached_name(number)
            if dice.random() < 0.2:
                name = mixed_case(name, dice)
        queries.append(query(
            name, kind, flags=RD | (AD if dice.random() < 0.1 else 0), edns=dice.random() < 0.7,
            dnssec=dice.random() < 0.3, cookie=dice.randbytes(8) if dice.random() < 0.2 else b""))
    return queries


class Stream:
    """Queries without end, with new names for the misses in each pass."""

    def __init__(self, queries):
        self.octets = b"".join(queries)

    def one_pass(self):
        return self.octets.replace(ONE_TIME, b"%08x" % next(PASSES))

    def feed(self, pipe):
        try:
            while True:
                pipe.write(self.one_pass())
        except OSError:
            pass  # dnsperf has enough


class Dnsperf:
    """Asks a server on loopback, from given processors."""

    def __init__(self, port, cpus, directory):
        self.port = port
        self.cpus = cpus
        self.errors = directory / "dnsperf.log"
        self.once = directory / "once"

    def ask_once(self, queries, outstanding=100):
        """Asks each of them once, and returns how that went."""
        self.once.write_bytes(b"".join(queries))
        return self._run(["-d", self.once, "-n", 1, "-c", 4, "-q", outstanding])

    def ask(self, source, seconds, clients=20, outstanding=200, tcp=False, rate=None):
        """Asks what is in a file or a stream for so many seconds, and returns how that went."""
        options = ["-l", seconds, "-c", clients, "-q", outstanding, "-m", "tcp" if tcp else "udp"]
        if rate is not None:
            options += ["-Q", rate]
        if isinstance(source, Stream):
            return self._run(options, source)
        return self._run([*options, "-d", source])

    def _run(self, options, stream=None):
        command = ["dnsperf", "-B", "-s", "127.0.0.1", "-p", self.port, "-t", 2, *options]
        with open(self.errors, "wb") as errors:
            process = subprocess.Popen(
                [str(word) for word in command], stdout=subprocess.PIPE, stderr=errors,
                stdin=subprocess.PIPE if stream else subprocess.DEVNULL,
                preexec_fn=bound_to(self.cpus))
        try:
            if stream:
                # A second's worth, so that nobody waits for us.
                fcntl.fcntl(process.stdin, fcntl.F_SETPIPE_SZ, 1 << 20)
                threading.Thread(target=stream.feed, args=[process.stdin], daemon=True).start()
            said = process.stdout.read().decode()
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
        return self._result(said)

    def _result(self, said):
        def number(pattern):
            match = re.search(pattern, said)
            return float(match[1]) if match else 0.0

        completed = number(r"Queries completed:\s+(\d+)")
        if completed == 0:
            raise Trouble(
                f"dnsperf got no answer: {self.errors.read_text(errors='replace').strip()[-300:]}")
        return {
            "completed": completed,
            "rate": number(r"Queries per second:\s+([\d.]+)"),
            "latency": number(r"Average Latency \(s\):\s+([\d.]+)") * 1e6,
            "longest": number(r"Average Latency .*max ([\d.]+)") * 1e6,
            "lost": number(r"Queries lost:\s+(\d+)"),
            "failed": completed - number(r"NOERROR (\d+)"),
        }
