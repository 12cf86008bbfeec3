"""What a user is told when something is amiss: at once, and with a way on."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from yardwatch.cli.frame import Terminal
from yardwatch.tables import _facts

HEAVY = ("numpy", "scipy", "shapely", "rasterio", "matplotlib", "pandas", "yardwatch.pipeline")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--help"], 0, "Usage"),
        (["report", "nosuchsite"], 2, "is no site folder and no bundled site"),
        (["run", "nosuchsite"], 2, "is no site folder and no bundled site"),
        (["changes", "nosuchsite"], 2, "is no site folder and no bundled site"),
        (["changes", "tumangang"], 2, "has no images"),
        (["verify", "nosuchsite"], 2, "is no site folder and no bundled site"),
        (["report", "tumangang", "--as-of", "2023-13-01"], 2, "is not a day; write it as 2023-10-06"),
        (["report", "tumangang", "--form", "powerpoint"], 2, "--form 'powerpoint' is unknown"),
        (["report", "tumangang", "--edition", "secret"], 2, "--edition 'secret' is unknown"),
        (["assess", "tumangang", "--as-of", "soon"], 2, "is not a day"),
    ],
)
def test_a_cheap_mistake_is_told_before_anything_heavy_is_loaded(words, code, says):
    watched = (
        "import atexit, sys; from yardwatch.cli import main;"
        f"atexit.register(lambda: sys.stderr.write('LOADED ' + ' '.join(m for m in {HEAVY} if m in sys.modules)));"
        f"sys.argv = ['yardwatch', *{words}]; main()"
    )
    done = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, check=False)
    told, _, loaded = (done.stdout + done.stderr).partition("LOADED ")
    assert done.returncode == code, told
    assert says in told
    assert "Traceback" not in told
    assert loaded.split() == []


def test_one_form_of_a_report_is_not_verified_and_the_bundle_is_named(cli, tmp_path):
    page = tmp_path / "tumangang-2023-10-06.html"
    page.write_text("<p>about 73</p>", encoding="utf-8")
    code, _, err = cli("verify", page)
    assert code == 2
    assert "--form bundle" in err


def test_a_claim_is_not_traced_in_a_bundle_and_the_way_to_it_is_told(cli, tmp_path):
    bundle = tmp_path / "tumangang-2023-10-06.zip"
    bundle.write_bytes(b"PK")
    code, _, err = cli("trace", bundle, "o-observed")
    assert code == 2
    assert "unzip -j tumangang-2023-10-06.zip '*/report.json'" in " ".join(err.split())


def test_changes_at_a_bundled_site_says_that_it_has_no_images(cli):
    code, _, err = cli("changes", "tumangang")
    assert code == 2
    assert "no images" in err
    assert "--before" in err


def test_help_names_the_command_as_it_is_typed(cli):
    code, out, _ = cli("changes", "--help")
    assert code == 0
    assert "show" not in out.splitlines()[0]
    assert " changes [OPTIONS]" in out.splitlines()[0]
    assert "changes verdict" in cli("changes", "verdict", "--help")[1].splitlines()[0]


def test_init_without_images_says_that_a_zone_is_missing(cli, tmp_path):
    code, out, _ = cli("init", tmp_path / "yard")
    assert code == 0
    assert "id: yard" in out
    assert "zones.geojson" in out


def test_a_plan_says_first_what_is_assumed(cli):
    code, out, _ = cli("plan", "tumangang", "--as-of", "2023-10-06")
    assert code == 0
    assert out.startswith("Assumed, not known of this site: 60% of images show too little (--cloud)")


def test_tables_fit_the_terminal_and_lines_to_copy_stay_whole():
    shown = io.StringIO()
    terminal = Terminal(file=shown, width=60, force_terminal=True, color_system=None, highlight=False)
    terminal.print(_facts([("unprecedented", "cannot be said, because the number of images was not published " * 3)]))
    path = "/a/long/path/" + "x" * 80
    terminal.print(path, markup=False)
    *table, line = shown.getvalue().splitlines()
    assert all(len(row) <= 60 for row in table)
    assert line == path
