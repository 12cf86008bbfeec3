"""The house keeps its rules: who may import whom, what a pure room may touch, how long a file may grow.

Read from the syntax tree, so an import inside a function counts as one.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

SRC = Path(__file__).parents[1] / "src" / "yardwatch"
FILES = sorted(path.relative_to(SRC).as_posix() for path in SRC.rglob("*.py"))

PURE = {"cars", "history", "construction", "assess", "simulate"}
WORLD = {"sites", "imagery", "store", "report", "web"}
GROUND_FLOOR = {"model", "errors", "ground"}
JOINERS = {"pipeline", "steps", "demo", "cli"}
BESIDE = {
    "history": {"cars"},
    "assess": {"cars", "history"},
    "report": {"history", "assess", "store.rows"},
    "model": set(),
    "errors": set(),
    "ground": set(),
}
"""What a room may import of the package beyond model, errors, ground and itself: cars → history → assess → report."""

PURE_LIBRARIES = {"affine", "numpy", "onnxruntime", "scipy", "shapely", "skimage", "statsmodels"}
OUTSIDE = {
    *("os", "pathlib", "shutil", "tempfile", "glob", "fileinput", "mmap"),
    *("time", "random", "secrets", "uuid"),
    *("socket", "ssl", "urllib", "http", "ftplib", "smtplib", "requests"),
    *("sqlite3", "dbm", "shelve", "subprocess", "multiprocessing", "threading", "asyncio", "concurrent", "ctypes"),
}
"""Standard modules that touch files, network, clock, chance or other processes."""
CLOCKS = {"now", "utcnow", "today"}
SEEDED = {"Generator", "BitGenerator", "PCG64", "Philox", "SeedSequence", "default_rng"}
"""Of numpy.random: what carries its own state."""
NUMPY_FILES = {"load", "save", "savez", "savez_compressed", "loadtxt", "savetxt", "genfromtxt", "fromfile", "memmap"}

MAX_LINES = 300
MAX_PARAMETERS = 6


def room_of(file: str) -> str:
    """`cars/strips.py` → `cars`, `pipeline.py` → `pipeline`, the package itself → ``."""
    first = PurePosixPath(file).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imports(file: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything imported, relative names made whole."""
    package = ["yardwatch", *PurePosixPath(file).parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and _dotted(node.func).split(".")[-1] in {"import_module", "__import__"}:
            known = [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)]
            yield from ((node.lineno, str(name)) for name in known or ["anything"])


def import_breaches(file: str, source: str) -> list[str]:
    """Imports the rules do not allow."""
    room, found = room_of(file), []
    for line, name in imports(file, ast.parse(source)):
        top, _, inside = name.partition(".")
        if top == "rasterio" and room != "imagery":
            found.append(f"{file}:{line}: only imagery imports rasterio")
        if top == "yardwatch":
            found += [f"{file}:{line}: {why}" for why in _package_breach(room, inside)]
        elif room in PURE and top in OUTSIDE | {"anything"}:
            found.append(f"{file}:{line}: a pure room imports {name}")
        elif room in PURE and not _is_standard(top) and top not in PURE_LIBRARIES:
            found.append(f"{file}:{line}: a pure room imports {top}; allowed: {', '.join(sorted(PURE_LIBRARIES))}")
    return found + _joining(file, source)


def call_breaches(file: str, source: str) -> list[str]:
    """In a pure room: files, clocks and chance reached without an import that gives them away."""
    if room_of(file) not in PURE:
        return []
    found = []
    for node in ast.walk(ast.parse(source)):
        why = _call_breach(node) if isinstance(node, ast.Call) else _chance_breach(node)
        if why:
            found.append(f"{file}:{node.lineno}: {why}")
    return found


def size_breaches(file: str, source: str) -> list[str]:
    """Files and functions that grew too large; the command line, which has a parameter an option, is let be."""
    if room_of(file) == "cli":
        return []
    lines = len(source.splitlines())
    found = [f"{file}: {lines} lines; at most {MAX_LINES}"] if lines > MAX_LINES else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            names = names[1:] if names[:1] in (["self"], ["cls"]) else names
            if len(names) > MAX_PARAMETERS:
                called = getattr(node, "name", "lambda")
                found.append(f"{file}:{node.lineno}: {called} has {len(names)} parameters; at most {MAX_PARAMETERS}")
    return found


def _package_breach(room: str, inside: str) -> list[str]:
    """What is wrong with importing `yardwatch.<inside>` in a room."""
    other = inside.split(".", maxsplit=1)[0]
    if room not in PURE | WORLD | GROUND_FLOOR or other in {room, ""}:
        return []
    allowed = BESIDE.get(room, set()) | (GROUND_FLOOR if room not in GROUND_FLOOR else _floor_below(room))
    if room in WORLD and inside == "__version__":
        return []
    if any(inside == name or inside.startswith(f"{name}.") for name in allowed):
        return []
    return [f"{room} imports {inside}; allowed: {', '.join(sorted(allowed)) or 'nothing of the package'}"]


def _floor_below(room: str) -> set[str]:
    return {"model": {"errors", "ground"}, "ground": set(), "errors": set()}[room]


def _joining(file: str, source: str) -> list[str]:
    """Outside the rooms, only pipeline, demo and cli may bring pure and world rooms together."""
    if room_of(file) in PURE | WORLD | GROUND_FLOOR | JOINERS | {"", "__main__"}:
        return []
    met = {name.split(".")[1] for _, name in imports(file, ast.parse(source)) if name.startswith("yardwatch.")}
    if met & PURE and met & WORLD:
        return [f"{file}: joins {', '.join(sorted(met & (PURE | WORLD)))}; only {', '.join(sorted(JOINERS))} may"]
    return []


def _is_standard(top: str) -> bool:
    return top in sys.stdlib_module_names


def _call_breach(call: ast.Call) -> str | None:
    name = _dotted(call.func)
    last = name.split(".")[-1]
    if name in {"open", "io.open", "eval", "exec", "input", "print"}:
        return f"a pure room calls {name}()"
    if last in CLOCKS and name != last and ("date" in name.lower() or "pandas" in name):
        return f"a pure room reads the clock: {name}()"
    if name.startswith(("np.", "numpy.")) and last in NUMPY_FILES:
        return f"a pure room touches files: {name}()"
    if last == "default_rng" and not call.args and not call.keywords:
        return "a pure room takes chance from outside: default_rng() without a seed; take rng as an argument"
    return None


def _chance_breach(node: ast.AST) -> str | None:
    name = _dotted(node) if isinstance(node, ast.Attribute) else ""
    if name.startswith(("np.random.", "numpy.random.")) and name.split(".")[2] not in SEEDED:
        return f"a pure room uses global chance: {name}"
    return None


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_there_is_a_house():
    rooms = {room_of(file) for file in FILES}
    assert rooms >= PURE | (WORLD - {"web"}) | GROUND_FLOOR


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("rule", [import_breaches, call_breaches, size_breaches])
def test_every_file_keeps_the_rules(rule, file):
    breaches = rule(file, (SRC / file).read_text(encoding="utf-8"))
    assert breaches == []


@pytest.mark.parametrize(
    ("file", "source", "said"),
    [
        ("cars/strips.py", "from yardwatch.history import assess", "cars imports history"),
        ("cars/strips.py", "from yardwatch import store", "cars imports store"),
        ("cars/strips.py", "import yardwatch.store.rows", "cars imports store.rows"),
        ("cars/strips.py", "from ..imagery.raster import open_raster", "cars imports imagery.raster"),
        ("cars/strips.py", "from yardwatch import pipeline", "cars imports pipeline"),
        ("cars/strips.py", "from yardwatch import __version__", "cars imports __version__"),
        ("simulate/yard.py", "from yardwatch.cars.lengths import MIXTURE", "simulate imports cars"),
        ("history/record.py", "from yardwatch.assess import claims", "history imports assess"),
        ("model/where.py", "from yardwatch.cars import strips", "model imports cars"),
        ("errors.py", "from yardwatch.model import Car", "errors imports model"),
        ("ground.py", "from yardwatch.errors import InputError", "ground imports errors"),
        ("store/lock.py", "def f():\n    from yardwatch.sites import folder", "store imports sites"),
        ("sites/folder.py", "from yardwatch.store.rows import LookRow", "sites imports store.rows"),
        ("report/page.py", "from yardwatch.store.geopackage import GeoPackageStore", "report imports store.geopackage"),
        ("report/page.py", "from yardwatch.cars import count", "report imports cars"),
        ("progress.py", "from yardwatch import cars\nfrom yardwatch.store import rows", "joins cars, store"),
        ("construction/looks.py", "import rasterio.windows", "only imagery imports rasterio"),
        ("pipeline.py", "def f():\n    from rasterio import open", "only imagery imports rasterio"),
        ("store/lock.py", "import importlib\nimportlib.import_module('rasterio')", "only imagery imports rasterio"),
        ("cars/strips.py", "from pathlib import Path", "a pure room imports pathlib.Path"),
        ("cars/strips.py", "def f():\n    import os.path", "a pure room imports os.path"),
        ("cars/strips.py", "import random", "a pure room imports random"),
        ("cars/strips.py", "import requests", "a pure room imports requests"),
        ("cars/strips.py", "import cv2", "a pure room imports cv2; allowed"),
    ],
)
def test_a_wrong_import_is_seen(file, source, said):
    assert said in " ".join(import_breaches(file, source))


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("assess/claims.py", "from yardwatch.history.assessment import Assessment\nfrom yardwatch.model import Claim"),
        ("history/record.py", "from yardwatch.cars.count import total\nimport scipy.stats\nimport math"),
        ("report/page.py", "from yardwatch.store.rows import LookRow\nfrom yardwatch.assess import claims\nimport os"),
        ("store/lock.py", "from yardwatch.errors import InputError\nfrom .rows import LookRow\nimport os, sqlite3"),
        ("imagery/raster.py", "import rasterio\nfrom yardwatch.ground import Frame\nfrom yardwatch import __version__"),
        ("pipeline.py", "from yardwatch import cars, store\nfrom yardwatch.imagery import align"),
        ("scale.py", "from yardwatch.errors import InputError\nimport threading"),
    ],
)
def test_a_right_import_is_let_be(file, source):
    assert not import_breaches(file, source)


@pytest.mark.parametrize(
    "call",
    [
        "open('x')",
        "print('x')",
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "np.random.seed(1)",
        "np.random.normal(0, 1)",
        "numpy.random.rand(3)",
        "np.random.default_rng()",
        "np.load('x.npy')",
        "np.loadtxt('x')",
    ],
)
def test_a_wrong_call_is_seen_in_a_pure_room_alone(call):
    assert call_breaches("cars/count.py", f"def f():\n    return {call}")
    assert not call_breaches("store/lock.py", f"def f():\n    return {call}")


@pytest.mark.parametrize(
    "call", ["np.random.default_rng(7)", "rng.normal(0, 1)", "image.open()", "np.random.Generator", "span.now", "now()"]
)
def test_a_right_call_is_let_be(call):
    assert not call_breaches("cars/count.py", f"x = {call}")


def test_what_grew_too_large_is_seen():
    assert size_breaches("cars/a.py", "x = 1\n" * 301)
    assert not size_breaches("cars/a.py", "x = 1\n" * 300)
    seven = "a, b, c, /, d, *, e, f, g"
    assert "f has 7 parameters" in size_breaches("cars/a.py", f"def f({seven}): ...")[0]
    assert "f has 7 parameters" in size_breaches("cars/a.py", f"class A:\n  async def f(self, {seven}): ...")[0]
    assert not size_breaches("cars/a.py", "class A:\n  def f(self, a, b, c, d, e, f): ...")
    assert not size_breaches("cli/counting.py", f"def f({seven}): ...")
