#!/usr/bin/env python3
"""interrupt.py HEDDLE FOLDER: signals runs that have finished their first unit and are in their second, which would take minutes.
That they are is seen by the CPU time of the worker. Then a worker is stopped, which makes it one that gets nowhere."""

import json
import os
import signal
import subprocess
import sys
import time

heddle, folder = sys.argv[1:]


def start(*options):
    return subprocess.Popen([heddle, "-p", folder, f"--source-root={folder}", "--no-config", "-j1", "--format=json", *options],
                            stdout=subprocess.PIPE)


def busy_worker(run):
    while run.poll() is None:
        with open(f"/proc/{run.pid}/task/{run.pid}/children") as children:
            for worker in children.read().split():
                with open(f"/proc/{worker}/stat") as stat:
                    if int(stat.read().rpartition(")")[2].split()[11]) > 50:
                        return int(worker)
        time.sleep(0.05)
    sys.exit(f"heddle ended early with exit code {run.returncode}")


def expect(run, name, code, reason):
    report = json.loads(run.communicate()[0])
    if run.returncode != code:
        sys.exit(f"{name}: exit code {run.returncode}, expected {code}")
    if report["units"]["analysed"] != 1 or [u["reason"] for u in report["units"]["failed"]] != [reason]:
        sys.exit(f"{name}: the finished unit isn't reported: {report['units']}")


for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
    run = start()
    busy_worker(run)
    run.send_signal(number)
    expect(run, number.name, code, "interrupted")

run = start("--timeout=3")
os.kill(busy_worker(run), signal.SIGSTOP)
expect(run, "a stopped worker", 3, "timeout")

run = start()
first = busy_worker(run)
os.kill(first, signal.SIGSEGV)
while (second := busy_worker(run)) == first:  # it had another unit before, so this one is tried again in a fresh worker
    time.sleep(0.05)
os.kill(second, signal.SIGSEGV)
expect(run, "a crashed worker", 3, "crash")
