"""Opens sockets and starts a command with them, as systemd does by a socket unit.

passing.py KIND:ADDRESS:PORT... -- COMMAND...

KIND is udp, tcp, udp-blocking, tcp-deaf (no listener) or file. A line "restart" on standard input
ends the command by SIGTERM, waits for its end and starts it anew; the sockets stay open. The end of
standard input ends the command and this. The exit status is that of the last run.
"""

import fcntl
import os
import signal
import socket
import sys

SO_RCVBUFFORCE = 33
RECEIVE_BUFFER = 8 << 20
FIRST = 3


def open_one(word):
    kind, rest = word.split(":", 1)
    if kind == "file":
        return open("/dev/null")
    address, port = rest.rsplit(":", 1)
    address = address.strip("[]")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    is_udp = kind.startswith("udp")
    opened = socket.socket(family, socket.SOCK_DGRAM if is_udp else socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if is_udp:
        try:
            opened.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER)
        except PermissionError:
            pass
    else:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((address, int(port)))
    if kind == "tcp":
        opened.listen(1024)
    opened.setblocking(kind == "udp-blocking")
    return opened


def start(command, opened):
    pid = os.fork()
    if pid:
        return pid
    # Out of the way of the numbers that they get.
    high = [fcntl.fcntl(each.fileno(), fcntl.F_DUPFD, 200) for each in opened]
    for index, descriptor in enumerate(high):
        os.dup2(descriptor, FIRST + index, inheritable=True)
    os.closerange(FIRST + len(high), 1000)
    environment = dict(os.environ)
    environment["LISTEN_FDS"] = str(len(high))
    environment["LISTEN_PID"] = str(os.getpid())
    environment["LISTEN_FDNAMES"] = ":".join(f"name-{index}" for index in range(len(high)))
    os.execve(command[0], command, environment)


def end(pid):
    os.kill(pid, signal.SIGTERM)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def main():
    split = sys.argv.index("--")
    opened = [open_one(word) for word in sys.argv[1:split]]
    command = sys.argv[split + 1 :]
    pid = start(command, opened)
    for line in sys.stdin:
        if line.strip() == "restart":
            status = end(pid)
            print(f"ended with {status}", flush=True)
            pid = start(command, opened)
    try:
        sys.exit(end(pid))
    except ProcessLookupError:
        sys.exit(1)


main()
