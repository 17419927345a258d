"""Serves a simulated AWS. Prints the port when it listens, and stops when standard input ends."""

import sys

import moto_gaps  # noqa: F401
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="localhost", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
print(port, flush=True)
sys.stdin.read()
server.stop()
