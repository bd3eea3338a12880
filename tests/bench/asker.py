"""
Clients that ask once: so many queries each second, whatever comes back, each for a new name, and
each given up after a while. The kernel notes when an answer arrives, so that it does not count how
late this program is woken.

usage: asker.py PORT SECONDS QUERIES_PER_SECOND PREFIX LIMIT
       prints "begin" when it begins, then JSON: for each query [milliseconds, RCODE, records], or
       null where nothing came within the limit of seconds
"""

import json
import os
import select
import socket
import struct
import sys
import time

from load import ZONE, query

SO_TIMESTAMPNS = 35  # Linux; Python has no name for it
SOCKETS = 16
HEADER = 12


def main(port, seconds, rate, prefix, limit):
    try:
        os.nice(-10)
    except OSError:
        pass  # not root; then others may delay us
    poll = select.epoll()
    clients = [client(port) for _ in range(SOCKETS)]
    by_number = {each.fileno(): each for each in clients}
    for each in clients:
        poll.register(each, select.EPOLLIN)
    asker = Asker(prefix, int(seconds * rate), limit)
    print("begin", flush=True)
    start = time.monotonic()
    while not asker.is_over():
        due = int((time.monotonic() - start) * rate) + 1
        while asker.sent < min(due, asker.most):
            asker.ask(clients[asker.sent % SOCKETS])
        if asker.sent < asker.most:
            pause = max(0.0, start + asker.sent / rate - time.monotonic())
        else:
            pause = 0.05
        for number, _ in poll.poll(pause):
            asker.hear(by_number[number])
    json.dump(asker.results(), sys.stdout)


def client(port):
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    opened.connect(("127.0.0.1", port))
    opened.setblocking(False)
    return opened


class Asker:
    """What was asked, and what came."""

    def __init__(self, prefix, most, limit):
        self.prefix = prefix
        self.most = most
        self.limit = limit
        self.sent = 0
        self.heard = 0
        self.sent_at = [0] * most
        self.last_at = 0.0
        self.answers = [None] * most

    def octets(self, number):
        return query(f"{self.prefix}-{number}.{ZONE}", edns=True)[4:]

    def ask(self, through):
        number = self.sent
        octets = struct.pack(">H", number & 0xffff) + self.octets(number)
        self.sent_at[number] = time.clock_gettime_ns(time.CLOCK_REALTIME)
        self.last_at = time.monotonic()
        self.sent += 1
        try:
            through.send(octets)
        except OSError:
            pass  # nobody listens, or no room: it stays without an answer

    def hear(self, through):
        while True:
            try:
                octets, extra, _, _ = through.recvmsg(4096, 64)
            except OSError:
                return
            number = self.number_of(octets)
            if number is not None and self.answers[number] is None:
                seconds, nanos = struct.unpack("qq", extra[0][2])
                took = (seconds * 1_000_000_000 + nanos - self.sent_at[number]) / 1e6
                if took <= self.limit * 1000:
                    records = int.from_bytes(octets[6:8], "big")
                    self.answers[number] = [round(max(0.0, took), 3), octets[3] & 15, records]
                    self.heard += 1

    def number_of(self, octets):
        """The latest query with this ID, where it asked this."""
        if len(octets) < HEADER or self.sent == 0:
            return None
        number = ((self.sent - 1) & ~0xffff) | int.from_bytes(octets[:2], "big")
        if number >= self.sent:
            number -= 0x10000
        if number < 0:
            return None
        end = HEADER + 1 + octets[HEADER]
        label = octets[HEADER + 1:end].decode("latin-1").lower()
        return number if label == f"{self.prefix}-{number}" else None

    def is_over(self):
        return self.sent == self.most and (
            self.heard == self.sent or time.monotonic() > self.last_at + self.limit)

    def results(self):
        return self.answers


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4], float(sys.argv[5]))
