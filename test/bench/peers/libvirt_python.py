"""libvirt-python, as its users call it: a call at a time, or 64 threads."""
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import libvirt

connection = libvirt.open(sys.argv[1])
name = sys.argv[2]
network = connection.networkLookupByName(name)
threads = ThreadPoolExecutor(64)


def sequential(count):
    for _ in range(count):
        connection.networkLookupByName(name).XMLDesc(0)


def oneThread(count):
    for _ in range(count):
        network.XMLDesc(0)


def inFlight(count):
    def lane(_):
        for _ in range(count // 64):
            network.XMLDesc(0)

    list(threads.map(lane, range(64)))


for line in sys.stdin:
    task, count = line.split()
    start = time.perf_counter()
    {"sequential": sequential, "oneThread": oneThread, "inFlight": inFlight}[task](int(count))
    print(time.perf_counter() - start, flush=True)
