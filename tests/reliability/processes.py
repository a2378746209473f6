"""What a test sees of the system: processes, shared memory, and scripts run to their end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parent.parent
PATIENCE = 5.0  # seconds within which everything of a dead loader must be gone


def children(process):
    """The living processes, zombies not counted, below a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rsplit(") ", 1)[1].split()[:2]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(parent) == process and state != "Z":
                found.append(int(entry.name))
    return found


def alive(process):
    """Whether there is such a process that is no zombie."""
    try:
        return (Path("/proc") / str(process) / "stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(processes, patience=PATIENCE):
    """Whether all of them end within some seconds."""
    end = time.monotonic() + patience
    while any(map(alive, processes)):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def shared_memory():
    """The names in /dev/shm, without the semaphores of other programs: loaders make none."""
    return {path.name for path in Path("/dev/shm").iterdir() if not path.name.startswith("sem.")}


def start(code, **settings):
    """Run Python code in a new interpreter that finds the helpers of the tests."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, sys.path)])
    }
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        **settings,
    )


def pids_from(process):
    """The process numbers on the first line that it prints."""
    return [int(number) for number in process.stdout.readline().split()]


def kill(process):
    """End a process without asking it."""
    os.kill(process, signal.SIGKILL)
