"""A small fictional site, made once: seven usable looks, of which the last is the surge."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yardwatch import pipeline
from yardwatch.cli import main
from yardwatch.sites.tracks import write_tracks
from yardwatch.steps.fictional import LICENCE, Simulated, deliver, make_site, simulate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LOOKS = 7


def one_line(err: str) -> str:
    """What a user's mistake looks like on stderr."""
    lines = err.strip().splitlines()
    assert len(lines) == 1, err
    return lines[0]


@pytest.fixture
def cli(request, monkeypatch, capsys, tmp_path):
    """Call a command; gives exit code, stdout and stderr. Runs in an empty folder.

    Given tracks are held against the image in tests marked `placing` alone: it takes seconds a count.
    """
    monkeypatch.chdir(tmp_path)
    if request.node.get_closest_marker("placing") is None:
        monkeypatch.setattr("yardwatch.steps.placing.shift_of", lambda *_: None)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["yardwatch", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as leave:
            code = leave.code or 0
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return call


@pytest.fixture(scope="session")
def simulated() -> Simulated:
    whole = simulate(seed=11)
    usable = [look for look in whole.looks if look.usable and look.cloud_cover == 0]
    return Simulated(yard=whole.yard, looks=(*usable[: LOOKS - 1], usable[-1]))


@pytest.fixture(scope="session")
def images(simulated, tmp_path_factory) -> list[Path]:
    return list(deliver(tmp_path_factory.mktemp("delivered"), simulated))


@pytest.fixture(scope="session")
def image(images) -> Path:
    """The surge: the scene with most cars."""
    return images[-1]


@pytest.fixture(scope="session")
def tracks(simulated, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("tracks") / "tracks.geojson"
    write_tracks(path, simulated.yard.tracks)
    return path


@pytest.fixture(scope="session")
def received(simulated, images, tmp_path_factory) -> Path:
    """The site with its scenes, nothing counted yet. Copy before you write."""
    folder = tmp_path_factory.mktemp("sites") / "yard"
    make_site(folder, simulated)
    pipeline.add_scenes(folder, images, pipeline.Stated(licence=LICENCE), now=NOW)
    return folder


@pytest.fixture(scope="session")
def counted(received, tmp_path_factory) -> Path:
    """The site after a run. Copy before you write."""
    folder = tmp_path_factory.mktemp("counted") / "yard"
    shutil.copytree(received, folder)
    pipeline.run(folder, now=NOW)
    return folder


@pytest.fixture
def site(received, tmp_path) -> Path:
    """A copy of the site, not counted."""
    return Path(shutil.copytree(received, tmp_path / "yard"))


@pytest.fixture
def run_site(counted, tmp_path) -> Path:
    """A copy of the counted site."""
    return Path(shutil.copytree(counted, tmp_path / "yard"))
