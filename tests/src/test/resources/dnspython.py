"""Asks by dnspython: dnspython.py SERVER PORT NAME TYPE prints the records, or what is wrong."""

import sys

import dns.resolver

server, port, name, rdtype = sys.argv[1:]
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers = [server]
resolver.port = int(port)
try:
    for rdata in resolver.resolve(name, rdtype):
        print(rdata.to_text())
except dns.resolver.NXDOMAIN:
    print("no such name")
