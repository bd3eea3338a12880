"""The servers that are compared, each as a forwarder with one cache budget, and their upstream.

All are told the same: one address of loopback, one thread, one server to forward to, a cache of so
many MiB, no validation, no log of queries, room for thousands of queries under way. Where a cache is
sized in entries, an entry is taken for 512 octets.
"""

import pathlib
import re
import shutil
import socket
import struct
import subprocess
import time

from load import ZONE, query
from machine import Program, Trouble

HOME = pathlib.Path(__file__).resolve().parents[2]
ENTRY = 512
MIB = 1 << 20
PATIENCE = 20  # seconds until a server answers at the latest

ZONE_FILE = """\
$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 600
@ NS ns
ns A 127.0.0.1
mail A 192.0.2.25
* A 192.0.2.1
* AAAA 2001:db8::1
* HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.1
* MX 10 mail
* TXT "v=spf1 mx -all"
"""

NSD = """\
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{directory}"
  pidfile: ""
  zonelistfile: "{directory}/zone.list"
  xfrdfile: ""
  xfrdir: "{directory}"
  server-count: 1
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: yes
  control-interface: {directory}/control
zone:
  name: {zone}
  zonefile: zone
"""

RESOLVE = """\
server.listen = ["127.0.0.1:{port}"]
server.threads = {threads}
upstream.servers = ["127.0.0.1:{upstream}"]
"""

UNBOUND = """\
server:
  interface: 127.0.0.1
  port: {port}
  directory: "{directory}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  module-config: "iterator"
  num-threads: {threads}
  do-not-query-localhost: no
  minimal-responses: yes
  msg-cache-size: {third}m
  rrset-cache-size: {two_thirds}m
  outgoing-range: 8192
  num-queries-per-thread: 4096
  incoming-num-tcp: 1000
  so-rcvbuf: 4m
  so-sndbuf: 4m
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{upstream}
"""

KRESD = """\
net.listen('127.0.0.1', {port}, {{ kind = 'dns' }})
cache.open({cache} * MB, 'lmdb://{directory}/kept')
for _, name in ipairs({{ 'ta_update', 'ta_signal_query', 'priming', 'detect_time_skew',
    'detect_time_jump' }}) do
  modules.unload(name)
end
trust_anchors.remove('.')
policy.add(policy.all(policy.FORWARD('127.0.0.1@{upstream}')))
"""

PDNS = """\
local-address=127.0.0.1
local-port={port}
allow-from=127.0.0.0/8
dont-query=
forward-zones-recurse=.=127.0.0.1:{upstream}
dnssec=off
threads={threads}
pdns-distributes-queries=no
max-mthreads=4096
max-cache-entries={entries}
max-packetcache-entries={entries}
max-tcp-clients=1000
socket-dir={directory}
daemon=no
write-pid=no
disable-syslog=yes
quiet=yes
security-poll-suffix=
"""

NAMED = """\
options {{
  directory "{directory}";
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  pid-file none;
  session-keyfile none;
  recursion yes;
  forward only;
  forwarders {{ 127.0.0.1 port {upstream}; }};
  dnssec-validation no;
  minimal-responses yes;
  max-cache-size {cache}m;
  recursive-clients 20000;
  tcp-clients 1000;
}};
controls {{ }};
logging {{ category default {{ null; }}; }};
"""

DNSDIST = """\
setLocal('127.0.0.1:{port}')
newServer({{ address = '127.0.0.1:{upstream}', healthCheckMode = 'up', sockets = 8 }})
getPool(''):setCache(newPacketCache({entries}, {{ maxTTL = 86400 }}))
setSecurityPollSuffix('')
"""


class Peer:
    """A way to start one server; its program and settings have places for numbers in braces."""

    def __init__(self, name, command, settings="", package="", version=("--version",),
                 file="settings"):
        self.name = name
        self.command = command
        self.settings = settings
        self.package = package
        self.version_words = version
        self.file = file

    def is_installed(self):
        return shutil.which(self.command[0]) is not None

    def version(self):
        ran = subprocess.run(
            [self.command[0], *self.version_words], capture_output=True, text=True, check=False)
        match = re.search(r"\d+\.\d[\w.]*", ran.stdout + ran.stderr)
        return match[0] if match else "of unknown version"

    def start(self, directory, cpus, port, upstream, cache, threads=1, environment=None, **more):
        """
        Starts it, and returns it at its first answer with the milliseconds since its start. What is
        told more stands in the settings under its name.
        """
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        numbers = {
            "port": port, "upstream": upstream, "directory": directory, "threads": threads,
            "cache": cache, "third": cache // 3, "two_thirds": cache - cache // 3,
            "entries": cache * MIB // ENTRY, "file": directory / self.file, **more}
        (directory / self.file).write_text(self.settings.format(**numbers))
        command = [word.format(**numbers) for word in self.command]
        program = Program(command, cpus, directory / "log", environment)
        try:
            return program, await_answer(program, port) * 1000
        except BaseException:
            program.__exit__()
            raise


def ours(name, launcher):
    return Peer(name, [str(launcher), "serve", "--config", "{file}", "--cache-size", "{cache}MiB"],
                RESOLVE)


RIVALS = [
    Peer("unbound", ["unbound", "-d", "-c", "{file}"], UNBOUND, "unbound", ("-V",)),
    Peer("dnsmasq", [
        "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=", "--pid-file=",
        "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1",
        "--port={port}", "--server=127.0.0.1#{upstream}", "--cache-size={entries}",
        "--dns-forward-max=10000"], package="dnsmasq-base"),
    Peer("knot", ["kresd", "-n", "-c", "{file}", "{directory}"], KRESD, "knot-resolver", ("-V",)),
    Peer("pdns", ["pdns_recursor", "--config-dir={directory}"], PDNS, "pdns-recursor",
         file="recursor.conf"),
    Peer("bind", ["named", "-f", "-n", "{threads}", "-c", "{file}"], NAMED, "bind9", ("-v",)),
    Peer("dnsdist", ["dnsdist", "--supervised", "--disable-syslog", "-C", "{file}"], DNSDIST,
         "dnsdist"),
]


class Upstream:
    """NSD with a zone that has every name; counts what it is asked."""

    def __init__(self, directory, cpus, port):
        directory.mkdir()
        (directory / "zone").write_text(f"$ORIGIN {ZONE}.\n" + ZONE_FILE)
        self.settings = directory / "settings"
        self.settings.write_text(NSD.format(port=port, directory=directory, zone=ZONE))
        self.port = port
        self.program = Program(["nsd", "-d", "-c", self.settings], cpus, directory / "log")

    def __enter__(self):
        try:
            await_answer(self.program, self.port)
        except BaseException:
            self.program.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.program.__exit__()

    def asked(self):
        """How many queries it has had by now."""
        ran = subprocess.run(["nsd-control", "-c", self.settings, "stats_noreset"],
                             capture_output=True, text=True, check=False)
        match = re.search(r"^num\.queries=(\d+)", ran.stdout, re.MULTILINE)
        if not match:
            raise Trouble(f"nsd-control tells no numbers: {(ran.stdout + ran.stderr).strip()}")
        return int(match[1])


def await_answer(program, port):
    """Asks until a server answers with a record; returns the seconds since its start."""
    octets = query(f"first.{ZONE}")[2:]
    while time.monotonic() - program.started < PATIENCE and program.is_alive():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(0.05)
            try:
                client.connect(("127.0.0.1", port))
                client.send(octets)
                flags, _, answers = struct.unpack_from(">3H", client.recv(4096), 2)
                if flags & 15 == 0 and answers > 0:
                    return time.monotonic() - program.started
            except OSError:
                time.sleep(0.002)
    raise Trouble(f"no answer on port {port} within {PATIENCE} s: {program.last_words()}")


