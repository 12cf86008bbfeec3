"""The same tasks, however they are run."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time

import pytest

from yardwatch import scale
from yardwatch.errors import InputError, SceneError, UnavailableError

HERE = ("serial", "threads")


def halve(number):
    if number % 2:
        raise SceneError(f"{number} is odd")
    return number // 2


@pytest.mark.parametrize("how", HERE)
@pytest.mark.parametrize("workers", [1, 3])
def test_results_in_order_with_their_errors(how, workers):
    done = list(scale.run(halve, range(20), workers=workers, how=how))
    assert [one.item for one in done] == list(range(20))
    assert [one.value for one in done if one.ok] == list(range(10))
    assert [str(one.error) for one in done if not one.ok] == [f"{n} is odd" for n in range(1, 20, 2)]
    assert all(isinstance(one.error, SceneError) for one in done if not one.ok)


@pytest.mark.parametrize("how", HERE)
def test_get_gives_the_value_or_raises_the_tasks_own_error(how):
    four, five = scale.run(halve, [4, 5], how=how)
    assert four.get() == 2
    with pytest.raises(SceneError, match="5 is odd"):
        five.get()


@pytest.mark.parametrize("how", HERE)
def test_a_value_of_none_is_a_value(how):
    (one,) = scale.run(lambda _: None, [1], how=how)
    assert one.ok
    assert one.get() is None


def test_order_holds_when_the_first_finishes_last():
    gate = threading.Event()

    def task(number):
        if number == 0:
            assert gate.wait(10)
        if number == 3:
            gate.set()
        return number

    assert [one.get() for one in scale.run(task, range(8), workers=2, how="threads")] == list(range(8))


def test_threads_work_at_once():
    both_here = threading.Barrier(2, timeout=10)
    done = list(scale.run(lambda _: both_here.wait(), range(4), workers=2, how="threads"))
    assert all(one.ok for one in done)


def test_items_are_taken_a_few_ahead():
    taken = []

    def items():
        for number in range(1000):
            taken.append(number)
            yield number

    results = scale.run(halve, items(), workers=2, how="threads")
    assert taken == []
    next(results)
    assert len(taken) <= scale.AHEAD * 2 + 1
    results.close()
    assert len(taken) <= scale.AHEAD * 2 + 1


@pytest.mark.parametrize("leave", ["end", "close", "drop", "raise"])
def test_no_thread_is_left_behind(leave):
    before = set(threading.enumerate())
    results = scale.run(halve, range(50), workers=4, how="threads")
    if leave == "end":
        assert len(list(results)) == 50
    else:
        next(results)
        assert set(threading.enumerate()) > before
    if leave == "close":
        results.close()
    elif leave == "drop":
        del results
        gc.collect()
    elif leave == "raise":
        with pytest.raises(KeyboardInterrupt):
            results.throw(KeyboardInterrupt)
    assert set(threading.enumerate()) == before


def test_leaving_early_drops_what_has_not_begun():
    began = []

    def task(number):
        began.append(number)
        return number

    for one in scale.run(task, range(1000), workers=2, how="threads"):
        if one.item == 10:
            break
    assert len(began) <= 10 + 1 + 2 * scale.AHEAD


@pytest.mark.parametrize("how", HERE)
def test_an_interrupt_is_no_result(how):
    def task(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(scale.run(task, [1, 2], how=how))


def test_wrong_options_are_told_at_once():
    with pytest.raises(InputError, match="'magic' is not known; choose one of serial, threads, dask"):
        scale.run(halve, [], how="magic")
    with pytest.raises(InputError, match="0 workers"):
        scale.run(halve, [], workers=0)


def test_dask_missing_is_told_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install yardwatch\[dask\]"):
        scale.run(halve, [1], how="dask")


def test_dask_is_not_imported_before_it_is_asked_for():
    code = "import sys, yardwatch.scale as s; list(s.run(str, [1], how='threads')); print('distributed' in sys.modules)"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "False"


def test_dask_gives_what_serial_gives():
    pytest.importorskip("distributed")
    before = {thread.name for thread in threading.enumerate()}
    # `int` in place of a function of this file: Dask's workers cannot import a test module
    items = ["1", "22", "x3", "4", "55", "6"]
    serial, dask = (list(scale.run(int, items, workers=2, how=how)) for how in ("serial", "dask"))
    assert [(one.item, one.value) for one in dask] == [(one.item, one.value) for one in serial]
    assert [repr(one.error) for one in dask] == [repr(one.error) for one in serial]
    assert not lingering(before, patience_s=20)


def lingering(before, patience_s):
    """Threads that outlive the call: Dask joins its workers' watchers a moment after it has closed."""
    deadline = time.monotonic() + patience_s
    while True:
        left = {thread.name for thread in threading.enumerate()} - before
        left = {name for name in left if not name.startswith("Dask-Offload")}
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.05)


def test_a_dask_cluster_that_is_not_there(monkeypatch):
    dask = pytest.importorskip("dask")
    monkeypatch.setattr(scale, "CONNECT_S", 1)
    with (
        dask.config.set({"scheduler-address": "tcp://127.0.0.1:1"}),
        pytest.raises(UnavailableError, match=r"Dask at tcp://127\.0\.0\.1:1 does not answer"),
    ):
        list(scale.run(int, ["1"], how="dask"))
