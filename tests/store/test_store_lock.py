"""One run at a time in a site, and no lock left by the dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from yardwatch.errors import UnavailableError
from yardwatch.store.lock import LOCK_NAME, site_lock

HOLDER = """
import sys
from yardwatch.store.lock import site_lock
with site_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the site until it is told."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_it_waits_says_who_holds_and_goes_on(tmp_path, holder):
    said = []

    def say(line):
        said.append(line)
        holder.stdin.write("\n")
        holder.stdin.flush()

    with site_lock(tmp_path, say=say):
        assert holder.wait(timeout=60) == 0
    assert said == [f"{tmp_path} is in use by process {holder.pid}; waiting for it to finish (Ctrl-C gives up)"]


def test_it_gives_up_when_asked_to(tmp_path, holder):
    with pytest.raises(UnavailableError, match=f"in use by process {holder.pid}"), site_lock(tmp_path, wait_s=0):
        pytest.fail("two hold the site")


def test_a_killed_holder_leaves_no_lock(tmp_path, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait(timeout=60)
    with site_lock(tmp_path, wait_s=0):
        pass


def test_it_is_free_again_after_an_error(tmp_path):
    with pytest.raises(ValueError, match="x"), site_lock(tmp_path):
        raise ValueError("x")
    with site_lock(tmp_path, wait_s=0):
        assert (tmp_path / LOCK_NAME).read_text() == f"{os.getpid()}\n"


def test_a_thread_that_would_wait_for_itself_is_told(tmp_path):
    with site_lock(tmp_path):
        with pytest.raises(RuntimeError, match="locked by this thread already"), site_lock(tmp_path / "." / ""):
            pass
        with site_lock(_folder(tmp_path / "other"), wait_s=0):
            pass


def test_threads_of_one_process_wait_for_each_other(tmp_path):
    inside, most = [], []

    def work():
        with site_lock(tmp_path, say=lambda _: None):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == [1] * 4


def test_a_folder_that_is_not_there(tmp_path):
    with (
        pytest.raises(UnavailableError, match="nowhere cannot be locked: No such file"),
        site_lock(tmp_path / "nowhere"),
    ):
        pass


def _folder(path):
    path.mkdir()
    return path
