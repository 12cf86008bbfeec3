"""A child process that has everything imported already, to be killed for real."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Child:
    """A process that runs one function; what it returns comes back as text."""

    pid: int
    pipe: int

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> tuple[int, str]:
        """Exit status (−9 when killed so) and what the function said."""
        said = b""
        while chunk := os.read(self.pipe, 65536):
            said += chunk
        os.close(self.pipe)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status), said.decode()


def forked(task: Callable[[], object]) -> Child:
    """Start the function in a child."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Child(pid, reading)
    os.close(reading)
    code = 1
    try:
        os.write(writing, str(task()).encode())
        code = 0
    except BaseException as error:  # noqa: BLE001
        os.write(writing, f"{type(error).__name__}: {error}".encode())
        traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(code)
