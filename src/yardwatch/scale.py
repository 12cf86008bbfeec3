"""The same tasks serially, on threads, or on Dask: results in the order of the items, whatever finished first.

    for done in scale.run(count_scene, scenes, workers=4, how="threads"):
        store.put(done.get())       # progress is the loop itself

A task that fails does not stop the others: its error travels with its item, and `get` raises it. Items are taken a
few ahead of the results, so a long list of scenes does not pile up in memory. Leaving the loop early drops what has
not begun, waits for what has, and leaves no worker and no thread behind (but one idle thread of Dask's own).

Dask starts worker processes on this machine, or uses the cluster that the environment variable
`DASK_SCHEDULER_ADDRESS` names; tasks and items must then be picklable, and a script that calls it needs
`if __name__ == "__main__":`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Literal, Protocol, TypeVar, get_args

from yardwatch.errors import InputError, UnavailableError

Item = TypeVar("Item")
Value = TypeVar("Value")
How = Literal["serial", "threads", "dask"]

AHEAD = 2
"""Tasks handed out a worker: one under way, one waiting, so that no worker is idle while a result is being used."""
CONNECT_S = 30
"""A scheduler on the network that has not answered by then is not there."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Result(Generic[Item, Value]):
    """What came of one item: a value, or the error its task raised."""

    item: Item
    value: Value | None = None
    error: Exception | None = None

    @property
    def ok(self) -> bool:
        """Whether the task ended without an error."""
        return self.error is None

    def get(self) -> Value:
        """The value. Raises the task's own error."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value] # a value of None is the task's own


def run(
    task: Callable[[Item], Value], items: Iterable[Item], *, workers: int = 1, how: How = "serial"
) -> Iterator[Result[Item, Value]]:
    """Do the task for every item; results come one by one, in order.

    Args:
        task: called once an item; with threads it must be safe to call from several at once.
        items: taken lazily.
        workers: tasks at once; `serial` has one, whatever is said here.
        how: `serial`, `threads` or `dask`.

    Raises:
        InputError: unknown `how`, fewer than one worker, or Dask is not installed.
        UnavailableError: the Dask cluster cannot be reached (at the first result).
    """
    if how not in get_args(How):
        raise InputError(f"how {how!r} is not known; choose one of {', '.join(get_args(How))}")
    if workers < 1:
        raise InputError(f"{workers} workers cannot do anything; give 1 or more")
    if how == "serial":
        return (_outcome(item, partial(task, item)) for item in items)
    open_pool = _threads if how == "threads" else _need_dask()
    return _ahead(open_pool, task, items, workers)


class _Future(Protocol):
    def result(self) -> Any: ...  # noqa: ANN401

    def cancel(self) -> Any: ...  # noqa: ANN401


_Submit = Callable[[Callable[[Any], Any], Any], _Future]


def _outcome(item: Item, get: Callable[[], Value]) -> Result[Item, Value]:
    try:
        return Result(item=item, value=get())
    except Exception as error:  # noqa: BLE001 # carried to whoever reads the result
        return Result(item=item, error=error)


def _ahead(
    open_pool: Callable[[int], Any], task: Callable[[Item], Value], items: Iterable[Item], workers: int
) -> Iterator[Result[Item, Value]]:
    waiting: deque[tuple[Item, _Future]] = deque()
    with open_pool(workers) as submit:
        try:
            for item in items:
                waiting.append((item, submit(task, item)))
                if len(waiting) >= AHEAD * workers:
                    yield _first(waiting)
            while waiting:
                yield _first(waiting)
        finally:
            for _, future in waiting:
                future.cancel()


def _first(waiting: deque[tuple[Item, _Future]]) -> Result[Item, Any]:
    item, future = waiting.popleft()
    return _outcome(item, future.result)


@contextmanager
def _threads(workers: int) -> Iterator[_Submit]:
    with ThreadPoolExecutor(workers, thread_name_prefix="yardwatch") as pool:
        yield pool.submit


def _need_dask() -> Callable[[int], Any]:
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise InputError("how 'dask' needs Dask, which is not installed; pip install yardwatch[dask]") from None
    return _dask


@contextmanager
def _dask(workers: int) -> Iterator[_Submit]:
    import dask
    from distributed import Client, LocalCluster

    address = dask.config.get("scheduler-address", None)
    # A task's error is carried with its item; the workers need not print it too.
    here = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": "CRITICAL"}
    with ExitStack() as stack:
        try:
            cluster = address or stack.enter_context(LocalCluster(**here))  # type: ignore[no-untyped-call]
            client = Client(cluster, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError) as error:
            raise UnavailableError(f"Dask at {address or 'this machine'} does not answer: {error}") from error
        stack.callback(client.close)
        yield lambda task, item: client.submit(task, item, pure=False)
