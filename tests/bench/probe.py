"""
A client with a steady hand: asks so often each second, waits for nobody, and tells how long each
answer took. So a server that stands still for a while is met by all who ask meanwhile. The kernel
notes when an answer arrives, so that it does not count how late this program is woken.

usage: probe.py PORT SECONDS QUERIES_PER_SECOND    (prints JSON, in milliseconds)
"""

import json
import os
import select
import socket
import struct
import sys
import time

from load import cached_name, query

SO_TIMESTAMPNS = 35  # Linux; Python has no name for it
NAMES = 100  # those that the mix asks for most often, so each is a hit


def main(port, seconds, rate):
    try:
        os.nice(-10)
    except OSError:
        pass  # not root; then the load may delay us, but not the server's answers
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    client.connect(("127.0.0.1", port))
    client.setblocking(False)
    queries = [query(cached_name(number))[4:] for number in range(NAMES)]
    sent_at = [0] * 65536
    took = []
    sent = 0
    start = time.monotonic()
    end = start + seconds
    while (now := time.monotonic()) < end + 2 and (now < end or len(took) < sent):
        if now < end and now >= start + sent / rate:
            number = sent & 0xffff
            sent_at[number] = time.clock_gettime_ns(time.CLOCK_REALTIME)
            client.send(struct.pack(">H", number) + queries[sent % NAMES])
            sent += 1
        pause = max(0.0, start + sent / rate - now) if now < end else 0.1
        if select.select([client], [], [], pause)[0]:
            receive(client, sent_at, took)
    took.sort()
    print(json.dumps({"sent": sent, "lost": sent - len(took), **{
        name: took[min(len(took) - 1, int(len(took) * share))] / 1e6 if took else None
        for name, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("longest", 1))}}))


def receive(client, sent_at, took):
    while True:
        try:
            octets, extra, _, _ = client.recvmsg(4096, 64)
        except OSError:
            return
        number = int.from_bytes(octets[:2], "big")
        seconds, nanos = struct.unpack("qq", extra[0][2])
        if sent_at[number]:
            took.append(max(0, seconds * 1_000_000_000 + nanos - sent_at[number]))
            sent_at[number] = 0


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
