"""The ledger of a small site: ids that stay, verdicts that hold, bad input, and a kill between two writes."""

from __future__ import annotations

import io
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import date

import pytest
import shapely
from rich.console import Console

from yardwatch import pipeline, tables_ground
from yardwatch.errors import InputError, SiteError
from yardwatch.model import Zone
from yardwatch.sites.folder import open_site
from yardwatch.sites.zones import write_zones
from yardwatch.steps.changing import Said
from yardwatch.steps.place import Place
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.ledger_tables import CHANGE_STATES, VERDICTS
from yardwatch.store.protocol import MemoryStore

TODAY = date(2026, 1, 2)


def judge(site, change, verdict="false", by="A. Analyst", note="a stack"):
    return pipeline.judge_change(site, change, pipeline.Word(verdict=verdict, by=by, note=note), today=TODAY)


def kept(site):
    with GeoPackageStore(site / "site.gpkg") as store:
        return store.kept(CHANGE_STATES), store.kept(VERDICTS), store.changes(), store.changes_run()


def add_look(site, small, number, **drawn):
    day = small.days(number + 1)[-1]
    path = small.write(site.parent / f"more-{number}.tif", number, day, **drawn)
    pipeline.add_scenes(site, [path], pipeline.Stated(licence=small.OPEN), now=small.NOW)
    small.count(Place(open_site(site)))


def test_an_object_keeps_its_id_and_its_history_while_looks_arrive(site, small):
    (first,) = small.search(site)
    common = first.polygon.intersection(small.building).area / first.polygon.union(small.building).area
    assert common > 0.5
    assert (first.after, first.before) == (small.days()[small.BUILT - 1], small.days()[small.BUILT])
    add_look(site, small, 10)
    (second,) = small.search(site)
    assert (second.id, second.persistence) == (first.id, first.persistence + 1)
    states, _, changes, _ = kept(site)
    assert [(state.change.id, state.until) for state in states] == [
        (first.id, small.days(10)[-1]), (first.id, small.days(11)[-1])
    ]  # fmt: skip
    assert changes == (second,)
    before = (site / "site.gpkg").read_bytes()
    small.search(site)
    assert (site / "site.gpkg").read_bytes() == before
    (entry,) = pipeline.changes(site)["changes"]
    assert [state["persistence"] for state in entry["history"]] == [first.persistence, second.persistence]


def test_what_is_judged_false_is_no_finding_now_and_after_the_next_look(site, small):
    (found,) = small.search(site)
    said = judge(site, found.id[:8])
    assert said["verdict"] == {
        "is": "false", "by": "A. Analyst", "on": "2026-01-02", "note": "a stack", "change": found.id, "inherited": False
    }  # fmt: skip
    assert judge(site, found.id) == said
    assert len(kept(site)[1]) == 1
    assert small.search(site) == ()
    add_look(site, small, 10)
    assert small.search(site) == ()
    answer = pipeline.changes(site)
    assert answer["changes"] == []
    assert [entry["id"] for entry in answer["judged"]] == [found.id]
    judge(site, found.id, "real", "B. Editor", "ground truth")
    answer = pipeline.changes(site)
    assert [entry["verdict"]["is"] for entry in answer["changes"]] == ["real"]
    assert [one["is"] for one in answer["changes"][0]["earlier_verdicts"]] == ["false"]
    assert any("people disagree" in note for note in answer["notes"])
    assert len(small.search(site)) == 1


def test_a_verdict_on_nothing_known_names_the_ids_near_it(counted, site, small):
    with pytest.raises(InputError, match="there is none yet"):
        judge(counted, "0123456789abcdef")
    (found,) = small.search(site)
    wrong = found.id[:-2] + ("00" if found.id[-2:] != "00" else "11")
    with pytest.raises(InputError, match=f"near it: {found.id}"):
        judge(site, wrong)
    with pytest.raises(InputError, match=f"there are: {found.id}"):
        judge(site, "zzzz")
    assert kept(site)[1] == ()


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ({"by": "  "}, "nobody's name is given"),
        ({"by": "A\x1b[31m"}, "control characters"),
        ({"verdict": "maybe"}, "choose one of real, false, unsure"),
    ],
)
def test_a_word_that_cannot_be_kept_is_refused_and_nothing_is_written(site, small, word, says):
    (found,) = small.search(site)
    with pytest.raises(InputError, match=says):
        judge(site, found.id, **word)
    assert kept(site)[1] == ()


def test_a_bundled_site_and_one_without_a_store_are_told(tmp_path):
    with pytest.raises(SiteError, match="is bundled"):
        judge("tumangang", "0123456789abcdef")


def test_rows_edited_by_hand_are_told(site, small):
    (found,) = small.search(site)
    judge(site, found.id)
    with sqlite3.connect(site / "site.gpkg") as connection:
        connection.execute("UPDATE change_verdicts SET change = 'elsewhere'")
    connection.close()
    answer = pipeline.changes(site)
    assert [entry["id"] for entry in answer["changes"]] == [found.id]
    assert answer["notes"] == ["a verdict speaks of elsewhere, which the ledger does not know"]
    with sqlite3.connect(site / "site.gpkg") as connection:
        connection.execute("UPDATE change_verdicts SET verdict = 'perhaps'")
    connection.close()
    with pytest.raises(InputError, match="row 1 of change_verdicts cannot be read"):
        pipeline.changes(site)


def test_what_is_said_of_a_search_comes_back_and_what_was_spoilt_is_searched_anew():
    store = MemoryStore()
    for said in (Said("r"), Said("r", refused="no clear looks"), Said("r", notes=("one: {sensor}", "a gap"))):
        store.replace_changes((), said.text)
        assert Said.of(store) == said
    for spoilt in ("r {", "r 5", 'r {"notes": 5}'):
        store.replace_changes((), spoilt)
        assert Said.of(store) == Said("")


def test_an_object_renamed_by_hand_is_taken_as_it_stands(site, small):
    small.search(site)
    with sqlite3.connect(site / "site.gpkg") as connection:
        connection.execute("UPDATE changes SET id = 'mine', kind = '[/red]'")
    connection.close()
    answer = pipeline.changes(site)
    assert [(entry["id"], entry["kind"]) for entry in answer["changes"]] == [("mine", "[/red]")]
    shown = Console(width=200, file=io.StringIO())
    shown.print(tables_ground.changes(answer))
    assert "[/red]" in shown.file.getvalue()


def test_a_layer_is_not_written_over_the_site(site, small, tmp_path):
    small.search(site)
    for name in ("site.gpkg", "zones.geojson", "scenes/x.geojson"):
        with pytest.raises(InputError, match="belongs to the site"):
            pipeline.changes(site, pipeline.Wanted(out=site / name))
    images = [small.write(tmp_path / f"{n}.tif", 1, date(2020, 1, 1)) for n in "ab"]
    with pytest.raises(InputError, match="is one of the two images"):
        pipeline.changes_between(*images, pipeline.Wanted(out=images[1]))


def test_a_scene_that_is_not_aligned_is_kept_out_and_told(site, small):
    path = small.write(site.parent / "odd.tif", 99, date(2022, 1, 1), built=False)
    pipeline.add_scenes(site, [path], pipeline.Stated(licence=small.OPEN), now=small.NOW)
    why = "not aligned to the reference scene: 3 windows agree"
    small.count(Place(open_site(site)), aligned=False, usable=False, reason=why)
    (found,) = small.search(site)
    assert found.persistence == small.LOOKS - small.BUILT  # a look of old ground would have ended it
    (left,) = pipeline.changes(site)["kept_out"]
    assert (left["date"], left["reason"]) == ("2022-01-01", why)


def test_a_zone_outside_every_scene_is_told_and_spoils_nothing(site, small):
    (found,) = small.search(site)
    place = Place(open_site(site))
    far = shapely.affinity.translate(place.zones["yard"].polygon, 0.02, 0.02)
    write_zones(site / "zones.geojson", [place.zones["yard"], Zone(id="far", version=1, polygon=far)])
    small.count(Place(open_site(site)))
    (again,) = small.search(site)
    assert again.id == found.id
    assert again.area_m2 == pytest.approx(found.area_m2, rel=0.1)
    assert pipeline.changes(site)["notes"] == ["zone far lies outside every usable scene: nothing there was looked at"]


def test_two_looks_are_refused_with_the_number_needed_and_the_ledger_stays(site, small):
    (found,) = small.search(site)
    for path in sorted((site / "scenes").glob("*"))[2:]:
        if path.is_dir():
            shutil.rmtree(path)
    catalogue = site / "scenes" / "catalog.json"
    text = json.loads(catalogue.read_text())
    there = [link["rel"] != "item" or (site / "scenes" / link["href"]).exists() for link in text["links"]]
    text["links"] = [link for link, stays in zip(text["links"], there, strict=True) if stays]
    catalogue.write_text(json.dumps(text))
    small.count(Place(open_site(site)))
    assert small.search(site) == ()
    answer = pipeline.changes(site)
    assert "change that stays needs 7" in answer["reason"]
    assert (answer["changes"], answer["gone"]) == ([], [])
    assert [state.change.id for state in kept(site)[0]] == [found.id]


def test_a_search_since_a_day_knows_the_objects_and_keeps_nothing(site, small):
    (found,) = small.search(site)
    judge(site, found.id, "unsure")
    before = (site / "site.gpkg").read_bytes()
    (entry,) = pipeline.changes(site, pipeline.Wanted(since=small.days()[5]))["changes"]
    assert (entry["id"], entry["verdict"]["is"]) == (found.id, "unsure")
    later = pipeline.changes(site, pipeline.Wanted(since=small.days()[8]))
    assert "clear looks" in later["reason"]
    assert (site / "site.gpkg").read_bytes() == before


KILLED = """
import os, signal, sys
from yardwatch.sites.folder import open_site
from yardwatch.steps.changing import site_changes
from yardwatch.steps.changing import Said
from yardwatch.steps.place import Place
from yardwatch.store.geopackage import GeoPackageStore

class Dying(GeoPackageStore):
    def replace_changes(self, changes, run):
        os.kill(os.getpid(), signal.SIGKILL)

place = Place(open_site(sys.argv[1]))
with Dying(place.folder.store_path) as store:
    site_changes(place, store)
"""


@pytest.mark.slow
def test_killed_between_the_ledger_and_the_changes_the_next_search_ends_as_if_nothing_was(counted, searched, small):
    died = subprocess.run([sys.executable, "-c", KILLED, str(counted)], check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    states, _, changes, run = kept(counted)
    assert (len(states), changes, run) == (1, (), None)
    small.search(counted)
    assert kept(counted) == kept(searched)
