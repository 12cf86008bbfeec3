"""The log of custody: every way to change it by hand is named by its line; a kill loses nothing."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.errors import UnavailableError
from yardwatch.store.custody import LOG, Deed, append, deeds, head, lines_of, read

AT = datetime(2024, 1, 2, 3, 4, 5, 678_900, tzinfo=UTC)


def deed(number=1, **changed):
    given_ = {
        "what": "received",
        "who": "Ünal",
        "command": f"yardwatch scenes add yard {number}.tif",
        "versions": {"yardwatch": "1"},
        "files": {f"scenes/{number}/{number}.tif": "ab" * 32},
        "parents": {f"scenes/{number}/{number}.tif": ("cd" * 32,)},
    }
    return Deed(**given_ | changed)


@pytest.fixture
def log(tmp_path):
    """A log of five lines."""
    for number in range(1, 6):
        append(tmp_path, deed(number), AT)
    return tmp_path / LOG


def faults(path):
    return {line.number: line.fault for line in read(path.parent) if line.fault}


def lines_in(path):
    return path.read_bytes().splitlines(keepends=True)


def test_a_line_holds_the_hash_of_the_one_before(log):
    rows = [row.rstrip(b"\n") for row in lines_in(log)]
    said = [json.loads(row) for row in rows]
    assert [one["n"] for one in said] == [1, 2, 3, 4, 5]
    assert said[0]["previous"] == ""
    assert [one["previous"] for one in said[1:]] == [hashlib.sha256(row).hexdigest() for row in rows[:-1]]
    assert head(log.parent) == hashlib.sha256(rows[-1]).hexdigest()
    without = {key: value for key, value in said[2].items() if key != "hash"}
    plain = json.dumps(without, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert said[2]["hash"] == hashlib.sha256(plain.encode()).hexdigest()
    assert (said[0]["at"], said[0]["who"]) == ("2024-01-02T03:04:05.678Z", "Ünal")
    assert faults(log) == {}


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_line_edited_by_hand_is_named_and_no_other(log, number):
    rows = lines_in(log)
    rows[number - 1] = rows[number - 1].replace("Ünal".encode(), b"Nobody")
    log.write_bytes(b"".join(rows))
    assert list(faults(log)) == [number]
    assert "was changed by hand" in faults(log)[number]


def test_a_line_edited_and_sealed_anew_is_found_at_the_next(log):
    rows = lines_in(log)
    said = json.loads(rows[1])
    said["who"] = "Nobody"
    del said["hash"]
    plain = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    said["hash"] = hashlib.sha256(plain.encode()).hexdigest()
    rows[1] = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    log.write_bytes(b"".join(rows))
    assert list(faults(log)) == [3]
    assert "does not follow the line before" in faults(log)[3]


def test_a_line_taken_out_put_in_or_moved(log):
    rows = lines_in(log)
    log.write_bytes(b"".join(rows[:1] + rows[2:]))
    assert faults(log) == {2: "calls itself line 3 where line 2 is due: lines were taken out, put in or moved"}
    log.write_bytes(b"".join(rows[:2] + rows[1:]))
    assert list(faults(log)) == [3]
    log.write_bytes(b"".join([*rows[:2], b"hello\n", *rows[2:]]))
    assert 3 in faults(log)
    log.write_bytes(b"".join([rows[1], rows[0], *rows[2:]]))
    assert 1 in faults(log)


def test_the_beginning_of_a_log_is_sealed_by_what_its_next_line_calls_previous(log):
    rows = lines_of(b"".join(lines_in(log)[:3]))
    assert len(rows) == 3
    assert rows[-1].digest == json.loads(lines_in(log)[3])["previous"]
    assert lines_of(b"") == ()


def test_a_torn_last_line_is_told_then_owned_up_to_and_never_cut_off(log):
    whole = log.read_bytes()
    log.write_bytes(whole[:-40])
    assert list(faults(log)) == [5]
    assert "was cut short while it was written" in faults(log)[5]
    append(log.parent, deed(6), AT)
    assert faults(log) == {}
    assert log.read_bytes().startswith(whole[:-40])
    assert [one["what"] for one in deeds(log.parent)][4:] == ["repaired", "received"]
    assert [line.number for line in read(log.parent)] == [1, 2, 3, 4, 5, 6, 7]
    rows = lines_in(log)
    rows[4] = rows[4].replace(b"yardwatch scenes", b"yardwatch scones")
    log.write_bytes(b"".join(rows))
    assert 5 in faults(log)


def test_a_line_that_lost_its_break_alone_is_whole(log):
    log.write_bytes(log.read_bytes().rstrip(b"\n"))
    assert faults(log) == {}
    append(log.parent, deed(6), AT)
    assert faults(log) == {}
    assert [one["n"] for one in deeds(log.parent)] == [1, 2, 3, 4, 5, 6]


@settings(max_examples=30, deadline=None)
@given(keep=st.integers(0, 10_000))
def test_cut_anywhere_the_log_goes_on(tmp_path_factory, keep):
    folder = tmp_path_factory.mktemp("cut")
    for number in (1, 2, 3):
        append(folder, deed(number), AT)
    data = (folder / LOG).read_bytes()
    (folder / LOG).write_bytes(data[: keep % (len(data) + 1)])
    append(folder, deed(4), AT)
    append(folder, deed(5), AT)
    assert faults(folder / LOG) == {}
    assert [one["command"][-5:] for one in deeds(folder)][-2:] == ["4.tif", "5.tif"]


WRITER = textwrap.dedent(
    """
    import os, sys
    from yardwatch.store import custody
    deed = custody.Deed(what="ran", who=sys.argv[2], command="x" * 300, versions={})
    if len(sys.argv) > 3:
        write = custody.BinaryIO
        dumps = custody.canonical_json
        def halt(value):
            text = dumps(value)
            if "hash" in value:
                with open(os.path.join(sys.argv[1], custody.LOG), "ab", buffering=0) as file:
                    file.write(text.encode()[:200])
                print("half-way", flush=True)
                sys.stdin.read()
            return text
        custody.canonical_json = halt
    for _ in range(40):
        custody.append(sys.argv[1], deed)
    """
)


def test_two_processes_write_one_chain(tmp_path):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, who]) for who in ("one", "other")]
    assert [writer.wait(timeout=100) for writer in writers] == [0, 0]
    assert faults(tmp_path / LOG) == {}
    who = [one["who"] for one in deeds(tmp_path)]
    assert (who.count("one"), who.count("other")) == (40, 40)


def test_kill_in_the_middle_of_a_line(log):
    command = [sys.executable, "-c", WRITER, log.parent, "killed", "slowly"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "half-way\n"
        os.kill(writer.pid, signal.SIGKILL)
        assert writer.wait(timeout=60) == -signal.SIGKILL
    assert list(faults(log)) == [6]
    append(log.parent, deed(7))
    assert faults(log) == {}
    assert len(list(deeds(log.parent))) == 7


def test_a_folder_that_cannot_be_written(tmp_path):
    with pytest.raises(UnavailableError, match=r"custody\.jsonl: cannot be written"):
        append(tmp_path / "nowhere", deed())


def test_an_unknown_deed_is_a_mistake_of_the_program(tmp_path):
    with pytest.raises(ValueError, match="knows no deed"):
        append(tmp_path, deed(what="lost"))
    assert read(tmp_path) == ()
    assert head(tmp_path) == ""


def test_a_full_disk_is_told_and_nothing_is_lost(log):
    """The disk is full in the middle of a line; the limit on a file's size stands in for it."""
    before = log.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, hard))
    try:
        with pytest.raises(UnavailableError, match=r"custody\.jsonl: cannot be written .*is there room"):
            append(log.parent, deed(6), AT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert log.read_bytes().startswith(before)
    assert list(faults(log)) in ([], [6])
    append(log.parent, deed(7), AT)
    assert faults(log) == {}
    assert [one["command"][-5:] for one in deeds(log.parent)][-1] == "7.tif"
