"""Asking a STAC API: pages are followed; one that lies, lags or leads elsewhere is told apart from one that works."""

from __future__ import annotations

import pytest
from tests.imagery.local_stac import CONFORMS, item, serve_items
from tests.imagery.misbehaving import serving

from yardwatch.errors import InputError, UnavailableError
from yardwatch.imagery.fetching.patience import Patience, retry_after_s
from yardwatch.imagery.fetching.web import Key, Web
from yardwatch.imagery.search import asking
from yardwatch.imagery.search.asking import Query, ask
from yardwatch.imagery.search.presets import Api

BOX = (-123.41, -48.85, -123.40, -48.84)
HASTE = Patience(attempts=3, first_wait_s=0.01, longest_wait_s=1.0, silence_s=2.0)
ITEMS = [item(f"n{i:02d}", BOX, datetime=f"2021-{i:02d}-01T10:00:00Z") for i in range(1, 13)]


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(tmp_path) as served:
        yield served


def asked(url, key=None, **query):
    with Web(patience=HASTE, private=True, key=key) as web:
        return ask(Api(name="x", url=url), Query(bbox=BOX, **{"when": "../..", **query}), web)


def ids(answered):
    return [one["id"] for one in answered.items]


def test_all_pages_are_followed(server):
    url = serve_items(server, ITEMS, page=5)
    answered = asked(url)
    assert ids(answered) == [f"n{i:02d}" for i in range(1, 13)]
    assert not answered.more
    assert answered.collections["aerial"]["license"] == "CC-BY-4.0"


def test_days_place_collection_and_most(server):
    url = serve_items(server, [*ITEMS, item("far", (5, 5, 6, 6), datetime="2021-03-01T10:00:00Z")], page=5)
    assert ids(asked(url, when="2021-03-01T00:00:00Z/2021-04-30T23:59:59Z")) == ["n03", "n04"]
    assert ids(asked(url, collections=("other",))) == []
    answered = asked(url, most=7)
    assert (len(answered.items), answered.more) == (7, True)


def test_an_api_with_trouble_is_asked_again(server):
    url = serve_items(server, ITEMS)
    server.faults.status, server.faults.retry_after = [503, 0, 429], "0"
    assert len(ids(asked(url))) == 12
    server.faults.status = [500] * 9
    with pytest.raises(UnavailableError, match=r"could not be reached, 3 attempts in a row \(answers 500\)"):
        asked(url)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([1, 2], "does not answer as a STAC API"),
        ({"hello": "world"}, "does not answer as a STAC API"),
        ({"type": "Catalog", "stac_version": "1.0.0", "id": "x", "description": "", "links": []}, "without search"),
    ],
)
def test_what_is_no_stac_api(server, document, said):
    server.json["/stac"] = lambda *_: document
    with pytest.raises(InputError, match=said) as caught:
        asked(f"{server.url}/stac")
    assert caught.value.exit_code == 2


def test_html_in_place_of_json(server, tmp_path):
    (tmp_path / "stac").write_text("<html>log in</html>")
    with pytest.raises(InputError, match="does not answer as a STAC API"):
        asked(f"{server.url}/stac")


def test_a_next_link_in_circles_ends(server, monkeypatch):
    monkeypatch.setattr(asking, "MOST_PAGES", 8)
    url = serve_items(server, ITEMS)
    round_ = {"rel": "next", "href": f"{url}/search", "method": "GET"}
    server.json["/stac/search"] = lambda *_: {"type": "FeatureCollection", "features": ITEMS[:1], "links": [round_]}
    with pytest.raises(UnavailableError, match=r"page after page \(8 with 8 items\)"):
        asked(url)


@pytest.mark.parametrize("href", ["file:///etc/passwd", "/etc/passwd", "ftp://x.org/y"])
def test_a_next_link_to_a_local_file_is_not_followed(server, href):
    url = serve_items(server, ITEMS)
    away = {"rel": "next", "href": href, "method": "GET"}
    server.json["/stac/search"] = lambda *_: {"type": "FeatureCollection", "features": ITEMS[:1], "links": [away]}
    with pytest.raises((InputError, UnavailableError), match=r"only http:// and https://|404"):
        asked(url)


def test_features_that_are_no_items_are_passed_over(server):
    url = serve_items(server, ITEMS)
    server.json["/stac/search"] = lambda *_: {"features": [7, None, "x", ITEMS[0]], "links": []}
    assert ids(asked(url)) == ["n01"]


def test_an_answer_without_end_is_cut_off(server, monkeypatch):
    monkeypatch.setattr("yardwatch.imagery.fetching.web.LARGEST_TEXT_BYTES", 1000)
    url = serve_items(server, ITEMS)
    with pytest.raises(UnavailableError, match="answers with more than 50 MB"):
        asked(url)


def test_the_key_goes_to_the_api_alone(server, tmp_path):
    with serving(tmp_path) as other:
        url = serve_items(server, ITEMS)
        away = {"rel": "next", "href": f"{other.url}/stac/search", "method": "GET"}
        server.json["/stac/search"] = lambda *_: {"features": ITEMS[:1], "links": [away]}
        serve_items(other, ITEMS[1:3])
        scheme, host = "http", "127.0.0.1"
        key = Key(origin=(scheme, host, int(url.split(":")[2].split("/")[0])), header="X-Key", value="s3cr3t")
        asked(url, key=key)
        assert all(headers.get("X-Key") == "s3cr3t" for headers in server.headers)
        assert other.headers
        assert not any("s3cr3t" in str(headers) for headers in other.headers)


def test_a_service_that_does_not_say_it_can_search(server):
    url = serve_items(server, ITEMS)
    landing = server.json["/stac"](None, b"")
    server.json["/stac"] = lambda *_: {**landing, "conformsTo": CONFORMS[:1]}
    assert len(ids(asked(url))) == 12


def test_401_names_the_variable(server):
    url = serve_items(server, ITEMS)
    server.faults.status = [401]
    with pytest.raises(UnavailableError, match="asks for a key"):
        asked(url)


def test_retry_after_and_patience_by_hand():
    from datetime import UTC, datetime

    now = datetime(2024, 1, 1, 12, 0, 0, tzinfo=UTC)
    assert retry_after_s("7", now) == 7
    assert retry_after_s("Mon, 01 Jan 2024 12:00:30 GMT", now) == 30
    assert retry_after_s("Mon, 01 Jan 2024 11:00:00 GMT", now) == 0
    assert retry_after_s("soon", now) is None
    assert retry_after_s(None, now) is None
    patience = Patience(first_wait_s=1, longest_wait_s=60)
    assert [patience.wait_s(n, None, lambda: 1.0) for n in (1, 2, 3, 7, 9)] == [1, 2, 4, 60, 60]
    assert patience.wait_s(3, None, lambda: 0.0) == 2
    assert patience.wait_s(1, 9.0) == 9
