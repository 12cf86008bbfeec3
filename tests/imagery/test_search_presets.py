"""Presets: bundled ones are whole and honest, the user's are checked, and no key is ever in a file or a message."""

from __future__ import annotations

import logging

import pytest

from yardwatch.errors import InputError
from yardwatch.imagery.search.presets import api_of, presets


@pytest.fixture
def own(tmp_path, monkeypatch):
    path = tmp_path / "apis.toml"
    monkeypatch.setenv("YARDWATCH_APIS", str(path))

    def write(text: str):
        path.write_text(text)
        return path

    return write


@pytest.fixture(autouse=True)
def no_own(tmp_path, monkeypatch):
    monkeypatch.delenv("YARDWATCH_APIS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))


def test_the_bundled_ones():
    known = presets()
    assert {"swissimage", "earth-search", "planetary-computer"} <= set(known)
    assert known["swissimage"].collections == ("ch.swisstopo.swissimage-dop10",)
    assert known["swissimage"].date_precision == "year"
    assert all(api.url.startswith("https://") for api in known.values())
    assert not any(api.tried for api in known.values())  # nobody has: there was no network where they were written


def test_the_users_own_go_before(own):
    own('[swissimage]\nurl = "https://mirror.example.org/stac"\n[mine]\nurl = "https://a.org"\ncollections = ["x"]\n')
    assert api_of("swissimage").url == "https://mirror.example.org/stac"
    assert api_of("mine").collections == ("x",)
    assert api_of("https://b.org/stac").url == "https://b.org/stac"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[mine]\n", r"\[mine\]: has no url"),
        ("[mine", "is not TOML"),
        ('mine = "x"', "is no table"),
        ('[mine]\nurl = "file:///etc/passwd"', "only http:// and https://"),
        ('[mine]\nurl = "https://a.org"\nkey = "s3cr3t"', r"unknown line 'key'; keys stand in the environment"),
        ('[mine]\nurl = "https://a.org"\napi_token = "s3cr3t"', "name the variable in key_env"),
        ('[mine]\nurl = "https://a.org"\ncolour = "red"', "unknown line 'colour'; known: url, title"),
        ('[mine]\nurl = "https://a.org"\ncollections = "x"', "is not of its kind"),
        ('[mine]\nurl = "https://a.org"\ntried = "yes"', "is not of its kind"),
        ('[mine]\nurl = "https://a.org"\ndate_precision = "hour"', "date_precision is one of"),
        ('[mine]\nurl = "https://me:pw@a.org"', "name or password"),
    ],
)
def test_a_list_that_is_wrong(own, text, said):
    path = own(text)
    with pytest.raises(InputError, match=said) as caught:
        presets()
    assert path.name in str(caught.value) or "password" in said or "http" in said
    assert "s3cr3t" not in str(caught.value)


def test_a_list_that_is_named_and_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("YARDWATCH_APIS", str(tmp_path / "gone.toml"))
    with pytest.raises(InputError, match="no such file; YARDWATCH_APIS names it"):
        presets()


def test_an_unknown_name_lists_the_known():
    with pytest.raises(InputError, match=r"'swis' is no preset and no address; presets: .*swissimage"):
        api_of("swis")


def test_a_key_comes_from_the_environment_and_shows_nowhere(own, caplog):
    own('[mine]\nurl = "https://a.org/stac"\nkey_env = "MINE_KEY"\nkey_header = "X-Key"\nkey_prefix = "api-key "\n')
    api = api_of("mine")
    with pytest.raises(InputError, match="needs a key; put it into the environment variable MINE_KEY"):
        api.key({})
    with pytest.raises(InputError, match="no header may have"):
        api.key({"MINE_KEY": "a\nb"})
    key = api.key({"MINE_KEY": "s3cr3t"})
    assert (key.origin, key.header, key.value) == (("https", "a.org", None), "X-Key", "api-key s3cr3t")
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("x").info("%s %r", api, key)
    assert "s3cr3t" not in caplog.text
