from __future__ import annotations

import hashlib
from importlib.resources import files

import pytest

from yardwatch.errors import InputError
from yardwatch.steps import weights


def test_the_shipped_weights_are_those_stated_and_small():
    folder = files("yardwatch") / "weights"
    data = (folder / weights.SHIPPED).read_bytes()
    stated = (folder / "strip-network.sha256").read_text().split()
    assert [hashlib.sha256(data).hexdigest(), weights.SHIPPED] == stated
    assert len(data) <= 3_000_000
    assert weights.load_network().sha256 == stated[0]


def test_altered_weights_are_refused(tmp_path, monkeypatch):
    folder = files("yardwatch") / "weights"
    (tmp_path / "weights").mkdir()
    for name in (weights.SHIPPED, "strip-network.sha256"):
        (tmp_path / "weights" / name).write_bytes((folder / name).read_bytes())
    whole = (tmp_path / "weights" / weights.SHIPPED).read_bytes()
    (tmp_path / "weights" / weights.SHIPPED).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    monkeypatch.setattr(weights, "files", lambda _: tmp_path)
    weights.load_network.cache_clear()
    with pytest.raises(InputError, match="altered"):
        weights.load_network()
    weights.load_network.cache_clear()


def test_missing_weights_say_what_to_do(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.onnx cannot be read .*make train"):
        weights.load_network(tmp_path / "nowhere.onnx")


def test_a_file_that_is_no_network_is_refused(tmp_path):
    (tmp_path / "junk.onnx").write_bytes(b"junk")
    with pytest.raises(InputError, match="no strip network"):
        weights.load_network(tmp_path / "junk.onnx")
