"""The page in a browser, where one is installed."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import report_cases as cases

from yardwatch.report.page import render

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no chromium on this machine; apt-get install chromium to look at pages in tests")
    return found


def test_a_browser_shows_the_page(chromium, tmp_path):
    page, picture = tmp_path / "report.html", tmp_path / "report.png"
    page.write_text(render(cases.published_case()).html, encoding="utf-8")
    command = [chromium, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={picture}",
               "--window-size=1280,1600", page.as_uri()]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert picture.is_file(), done.stderr[-500:]
    from matplotlib.image import imread

    shown = imread(picture)[..., :3]
    ink = (shown.mean(axis=2) < 0.5).mean()
    assert 0.005 < ink < 0.3
