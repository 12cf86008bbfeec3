"""What a site holds against its log: every change by hand is told, named, and costs exit code 1."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime

import pytest

from yardwatch import pipeline
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.store.custody import LOG, deeds, read

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def two_scenes(simulated, images, tmp_path_factory):
    from yardwatch.steps.fictional import LICENCE, make_site

    folder = tmp_path_factory.mktemp("custody") / "yard"
    make_site(folder, simulated)
    os.environ.pop("YARDWATCH_USER", None)
    pipeline.add_scenes(folder, images[:2], pipeline.Stated(licence=LICENCE), now=NOW)
    return folder


@pytest.fixture
def site(two_scenes, tmp_path):
    return shutil.copytree(two_scenes, tmp_path / "yard")


def scene_of(site):
    return Catalogue(site / "scenes").scenes()[0]


def told(cli, site):
    code, out, _ = cli("verify", site, "--json")
    answer = json.loads(out)
    assert (code == 0) is answer["ok"] is (not answer["findings"])
    assert ("reason" in answer) is not answer["ok"]
    return answer


def test_what_was_received_is_kept_hashed_and_named(site, images, cli):
    answer = told(cli, site)
    assert (answer["ok"], answer["scenes"], answer["files"], answer["log"]["lines"]) == (True, 2, 6, 2)
    scene = scene_of(site)
    original = next((site / "scenes" / scene.id / "original").iterdir())
    assert original.read_bytes() == next(i for i in images if i.name == original.name).read_bytes()
    assert not original.stat().st_mode & 0o222
    said = next(said for said in deeds(site) if said["about"]["scene"] == scene.id)
    assert said["files"][f"scenes/{scene.id}/original/{original.name}"] == scene.sha256
    cog = f"scenes/{scene.id}/{scene.id}.tif"
    assert said["files"][cog] == hashlib.sha256((site / cog).read_bytes()).hexdigest()
    assert said["parents"][cog] == [scene.sha256]
    assert set(said["versions"]) == {"yardwatch", "python", "rasterio"}
    assert said["who"]
    code, out, _ = cli("verify", site)
    assert code == 0
    assert "unchanged since receipt" in out
    assert "authentic" not in out


def test_a_line_edited_by_hand_is_named(site, cli):
    rows = (site / LOG).read_bytes().splitlines(keepends=True)
    rows[1] = rows[1].replace(b'"what":"received"', b'"what":"adopted"')
    (site / LOG).write_bytes(b"".join(rows))
    (finding,) = told(cli, site)["findings"]
    assert (finding["where"], finding["line"]) == (LOG, 2)
    assert "line 2 was changed by hand" in finding["what"]
    code, out, _ = cli("verify", site)
    assert code == 1
    assert "line 2 was changed by hand" in out


@pytest.mark.parametrize("which", ["{id}.tif", "{id}.json", "original"])
def test_a_changed_byte_is_found(site, cli, which):
    scene = scene_of(site)
    folder = site / "scenes" / scene.id
    path = next((folder / "original").iterdir()) if which == "original" else folder / which.format(id=scene.id)
    data = bytearray(path.read_bytes())
    data[-3] ^= 0x20 if which.endswith("json") else 0xFF
    path.chmod(0o644)
    path.write_bytes(data) if not which.endswith("json") else path.write_text(path.read_text() + " ")
    found = [finding["where"] for finding in told(cli, site)["findings"]]
    assert f"scenes/{scene.id}/{path.relative_to(folder).as_posix()}" in found


def test_what_is_gone_and_what_was_slipped_in(site, cli):
    first, second = Catalogue(site / "scenes").scenes()
    shutil.rmtree(site / "scenes" / first.id)
    (site / "scenes" / second.id / "extra.tif").write_bytes(b"x")
    (site / "scenes" / "notes.txt").write_text("x")
    found = {finding["where"]: finding["what"] for finding in told(cli, site)["findings"]}
    assert sum("is gone; line" in what for what in found.values()) == 3
    assert "was not put there by Yardwatch" in found[f"scenes/{second.id}/extra.tif"]
    assert "was not put there by Yardwatch" in found["scenes/notes.txt"]


def test_a_scene_slipped_in_whole_and_one_from_before_the_log(site, images, cli):
    (site / LOG).unlink()
    answer = told(cli, site)
    assert [finding["what"] for finding in answer["findings"]] == ["has no line of receipt in the custody log"] * 2
    received = pipeline.add_scenes(site, images[:2], pipeline.Stated(), now=NOW)
    assert all("before the custody log began" in one.notes[-1] for _, one in received)
    assert [said["what"] for said in deeds(site)] == ["adopted", "adopted"]
    assert told(cli, site)["ok"]
    again = pipeline.add_scenes(site, images[:1], pipeline.Stated(), now=NOW)
    assert again[0][1].notes == (f"received before as {again[0][1].scene.id}; nothing changed",)
    assert len(read(site)) == 2


def test_a_changed_scene_is_not_adopted(site, images, cli):
    (site / LOG).unlink()
    scene = scene_of(site)
    (site / "scenes" / scene.id / f"{scene.id}.tif").write_bytes(b"something else")
    code, _, err = cli("scenes", "add", site, *images[:2])
    assert code == 2
    assert "its COG is not the one received" in err


def test_a_torn_line_is_told_and_the_next_command_repairs_it(site, images, cli):
    whole = (site / LOG).read_bytes()
    (site / LOG).write_bytes(whole[:-30])
    finding = told(cli, site)["findings"][0]
    assert (finding["line"], "cut short" in finding["what"]) == (2, True)
    pipeline.add_scenes(site, images[:2], pipeline.Stated(), now=NOW)
    answer = told(cli, site)
    assert answer["ok"], answer
    assert [said["what"] for said in deeds(site)] == ["received", "repaired", "adopted"]


KILLED = textwrap.dedent(
    """
    import sys, time
    from datetime import UTC, datetime
    from pathlib import Path
    from yardwatch.imagery import catalogue, receive
    from yardwatch.steps.receiving import Stated, add_scenes
    from yardwatch.store import custody
    def halt(*_, **__):
        print("there", flush=True)
        time.sleep(600)
    step = sys.argv[3]
    if step == "cog":
        receive.write_cog = halt
    elif step == "seal":
        custody.append = halt
    elif step == "place":
        catalogue.Catalogue.place = halt
    elif step == "index":
        catalogue.Catalogue.write_index = halt
    add_scenes(Path(sys.argv[1]), [Path(sys.argv[2])], Stated(), now=datetime.now(UTC))
    """
)


@pytest.mark.parametrize("step", ["cog", "seal", "place", "index"])
def test_kill_at_each_step_of_a_receipt(site, images, cli, step):
    command = [sys.executable, "-c", KILLED, site, images[2], step]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as adding:
        assert adding.stdout.readline() == "there\n"
        os.kill(adding.pid, signal.SIGKILL)
        assert adding.wait(timeout=60) == -signal.SIGKILL
    answer = told(cli, site)
    if step == "place":
        assert {finding["what"].split(";")[0] for finding in answer["findings"]} == {"is gone"}
    else:
        assert answer["ok"]
    assert len(Catalogue(site / "scenes").scenes()) == (3 if step == "index" else 2)
    pipeline.add_scenes(site, [images[2]], pipeline.Stated(), now=NOW)
    answer = told(cli, site)
    assert (answer["ok"], answer["scenes"], answer["files"]) == (True, 3, 9)
    assert not list((site / "scenes").glob(".*.part"))


def test_the_original_may_stay_where_it_is(simulated, images, tmp_path, cli):
    from yardwatch.steps.fictional import make_site

    make_site(tmp_path / "yard", simulated)
    code, _, err = cli(
        "scenes", "add", "yard", images[0], "--in-place", "--licence", "cc-by-4.0", "--attribution", "© A"
    )
    assert code == 0, err
    assert not list((tmp_path / "yard" / "scenes").rglob("original"))
    (said,) = deeds(tmp_path / "yard")
    assert said["about"]["originals"][0]["kept"] is False
    assert said["about"]["licence"]["attribution"] == "© A"
    assert told(cli, "yard")["ok"]


def test_a_licence_is_changed_and_the_change_written_down(site, cli, monkeypatch):
    monkeypatch.setenv("YARDWATCH_USER", "Ana Ruiz")
    scene = scene_of(site)
    call = ("scenes", "licence", site, scene.id, "--licence")
    code, out, _ = cli(*call, "maxar")
    assert code == 0
    assert "no pixels to the public" in out
    assert "check your contract" in out
    assert not scene_of(site).licence.may_publish_pixels
    code, out, _ = cli(*call, "cc-by-4.0", "--attribution", "© Somebody", "--expires", "2999-12-31", "--json")
    now = json.loads(out)["now"]
    assert (now["may_publish_pixels"], now["attribution"], now["expires"]) == (True, "© Somebody", "2999-12-31")
    assert scene_of(site).licence.expires == date(2999, 12, 31)
    last = list(deeds(site))[-1]
    assert (last["what"], last["who"]) == ("licence", "Ana Ruiz")
    assert (last["about"]["before"]["name"], last["about"]["now"]["name"]) == ("maxar", "cc-by-4.0")
    assert "--licence cc-by-4.0" in last["command"]
    assert told(cli, site)["ok"]
    cli(*call, "cc-by-4.0", "--expires", "2001-01-01")
    assert not scene_of(site).licence.may_publish_pixels
    assert cli("scenes", "licence", site, "no-such", "--licence", "x")[0] == 2
    assert cli(*call, "cc0-1.0", "--expires", "soon")[0] == 2


def test_a_licence_changed_by_hand_in_the_item_is_found(site, cli):
    scene = scene_of(site)
    path = site / "scenes" / scene.id / f"{scene.id}.json"
    document = json.loads(path.read_text())
    document["properties"]["yardwatch:licence"] = "copernicus"
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    assert [finding["where"] for finding in told(cli, site)["findings"]] == [f"scenes/{scene.id}/{scene.id}.json"]


def test_licences_are_listed(cli):
    code, out, _ = cli("scenes", "licences")
    assert code == 0
    assert "check your contract" in out
    rows = {row["licence"]: row for row in json.loads(cli("scenes", "licences", "--json")[1])["licences"]}
    assert rows["maxar"]["may_publish_pixels"] is False
    assert rows["vantor"] == {**rows["maxar"], "licence": "vantor"}
    assert all(
        row["check_contract"] or row["licence"].startswith("cc-by-nc") or row["may_publish_pixels"]
        for row in rows.values()
    )


def test_what_was_made_is_written_down_and_may_be_thrown_away(site, cli):
    (site / "reports").mkdir(exist_ok=True)
    out = site / "reports" / "a.csv"
    from yardwatch.sites.folder import open_site
    from yardwatch.steps.custody import record_files

    out.write_text("a")
    record_files(open_site(site), "exported", [out], ["ab" * 32], format="csv")
    said = list(deeds(site))[-1]
    assert said["parents"]["reports/a.csv"] == ["ab" * 32]
    assert told(cli, site)["ok"]
    out.write_text("b")
    assert [finding["where"] for finding in told(cli, site)["findings"]] == ["reports/a.csv"]
    out.unlink()
    answer = told(cli, site)
    assert (answer["ok"], answer["notes"]) == (True, ["reports/a.csv is gone; exported in line 3"])


def test_a_strangers_log_makes_us_open_nothing_outside(site, cli):
    from yardwatch.steps.custody import deed
    from yardwatch.store.custody import append

    append(
        site, deed("exported", files={"/etc/hostname": "ab" * 32, "../../x": "ab" * 32, "scenes/../../y": "ab" * 32})
    )
    answer = told(cli, site)
    assert answer["ok"]
    assert len(answer["notes"]) == 3
    assert all("lies outside the site" in note for note in answer["notes"])


def test_secrets_in_an_address_are_not_written_down(monkeypatch):
    from yardwatch.steps.custody import command

    monkeypatch.setattr(
        sys,
        "argv",
        ["/usr/bin/yardwatch", "x", "https://u:pw@host/a.tif?X-Amz-Signature=abc", "--api=https://h/?key=1"],
    )
    said = command()
    assert said.startswith("yardwatch x 'https://host/a.tif?'")
    assert not any(secret in said for secret in ("pw", "abc", "key"))
