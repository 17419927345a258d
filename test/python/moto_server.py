"""Serves a pretended AWS: prints its port once it listens, and ends with its standard input."""

import sys

import moto_gaps  # noqa: F401
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="localhost", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
print(port, flush=True)
sys.stdin.read()
server.stop()
