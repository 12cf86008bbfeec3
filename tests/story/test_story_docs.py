"""The docs cannot rot: every command is documented, every documented command exists, and the tour runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

import yardwatch as yw
from yardwatch.cli import app

ROOT = Path(__file__).parents[2]


def commands(group=None, prefix=()):
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*prefix, name))
        elif name == getattr(group, "default", None):  # runs where no subcommand is named
            yield prefix, command
        else:
            yield (*prefix, name), command


ALL = {" ".join(name): command for name, command in commands()}


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_command_has_help_an_example_and_a_row_in_the_docs(name):
    text = ALL[name].help or ""
    assert "Example: yardwatch " + name in text
    assert f"`yardwatch {name}" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def documented(path):
    text = path.read_text(encoding="utf-8")
    for line in re.findall(r"^ {4,}(?:\.venv/bin/)?yardwatch (.+)$", text, flags=re.MULTILINE):
        yield line.split("#")[0].split()


@pytest.mark.parametrize("page", [*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md"], ids=lambda p: p.name)
def test_each_command_line_in_a_page_has_known_words_and_options(page):
    for words in documented(page):
        name = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in ALL), None)
        assert name is not None, words
        known = {option for parameter in ALL[name].params for option in getattr(parameter, "opts", [])}
        assert {word for word in words if word.startswith("--")} <= known | {"--json"}, words


def test_links_between_pages_lead_somewhere():
    for page in [*ROOT.glob("docs/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.slow
def test_the_tour_runs_and_uses_each_public_name(tmp_path):
    script = ROOT / "docs" / "tour.py"
    ran = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "tour")], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "above the highest count published for the window" in ran.stdout
    text = script.read_text(encoding="utf-8")
    assert [name for name in yw.__all__ if f"yw.{name}" not in text] == []


def test_make_targets_in_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^ {4})make ([a-z-]+)", readme, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
