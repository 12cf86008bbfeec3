"""Downloads from a server that misbehaves: nothing is lost, nothing wrong is taken, and the error says what to do."""

from __future__ import annotations

import os
import resource
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
import shapely
from affine import Affine
from rasterio.windows import Window
from tests.imagery.forked import Child, forked
from tests.imagery.misbehaving import serving

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.ground import reproject_geometry
from yardwatch.imagery.fetching import answers
from yardwatch.imagery.fetching.download import Wanted, download
from yardwatch.imagery.fetching.partial import RANGES
from yardwatch.imagery.fetching.patience import Patience
from yardwatch.imagery.fetching.web import Web

UTM, SIDE = "EPSG:32710", 1024
WEST, NORTH = 470_000.0, 4_590_000.0
HASTE = Patience(attempts=4, first_wait_s=0.01, longest_wait_s=2.0, silence_s=1.0, watch_s=0.3, slowest_bytes_s=5000.0)
OVER = reproject_geometry(shapely.box(WEST + 130, NORTH - 330, WEST + 290, NORTH - 160), UTM, "EPSG:4326")


def write_cog(path: Path, seed: int = 0) -> None:
    """Noise, which does not compress: 3 MB in tiles of 128."""
    data = np.random.default_rng(seed).integers(1, 255, (3, SIDE, SIDE), dtype=np.uint8)
    profile = {"driver": "GTiff", "width": SIDE, "height": SIDE, "count": 3, "dtype": "uint8", "crs": UTM}
    between = path.with_suffix(".between.tif")
    with rasterio.open(between, "w", transform=Affine(0.5, 0, WEST, 0, -0.5, NORTH), **profile) as out:
        out.write(data)
    rasterio.shutil.copy(between, path, driver="COG", compress="deflate", blocksize=128)
    between.unlink()


@pytest.fixture(scope="module")
def cog(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("cog") / "image.tif"
    write_cog(path)
    return path


@pytest.fixture
def server(cog, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "image.tif").write_bytes(cog.read_bytes())
    with serving(folder) as served:
        yield served


def fetch(server, tmp_path, patience=HASTE, name="image.tif", **wanted):
    with Web(patience=patience, private=True) as web:
        href = wanted.pop("href", f"{server.url}/{name}")
        return download(Wanted(href=href, over=OVER, name=name, **wanted), tmp_path / "in", web)


def assert_right(got, source: Path) -> None:
    """The window holds the very values rasterio reads from the file itself."""
    with rasterio.open(source) as whole, rasterio.open(got.path) as part:
        window = Window(*got.window)
        assert (part.read() == whole.read(window=window)).all()
        assert part.transform == whole.window_transform(window)
        assert part.crs == whole.crs


def test_the_window_is_what_rasterio_reads_and_little_else_is_fetched(server, cog, tmp_path):
    got = fetch(server, tmp_path)
    assert_right(got, cog)
    assert got.window == (260, 320, 320, 340)  # 130 m, 160 m from the corner; 160 × 170 m at 0.5 m
    tiles = 3 * 4 * 128 * 128 * 3  # columns 2–4 and rows 2–5 of tiles; noise is stored as it is
    assert got.fetched_bytes == server.bytes_sent
    assert got.fetched_bytes < 1.3 * tiles + 40_000


def test_429_waits_as_long_as_it_is_asked_to(server, cog, tmp_path):
    server.faults.status, server.faults.retry_after = [429], "1"
    assert_right(fetch(server, tmp_path), cog)
    assert server.times[1] - server.times[0] >= 1.0


def test_a_wait_that_is_too_long_is_told(server, tmp_path):
    server.faults.status, server.faults.retry_after = [503] * 9, "3600"
    with pytest.raises(UnavailableError, match=r"answers 503, and asks to come back in 3600 s; run the same command"):
        fetch(server, tmp_path)
    assert len(server.requests) == 1


@pytest.mark.parametrize("at", [0, 1, 3])
def test_500s_are_asked_again_and_in_the_end_told(server, cog, tmp_path, at):
    server.faults.status = [0] * at + [500, 502, 504]
    assert_right(fetch(server, tmp_path), cog)
    server.faults.status = [500] * 40
    with pytest.raises(UnavailableError, match=r"could not be reached, 4 attempts in a row \(answers 500\)") as caught:
        fetch(server, tmp_path)
    assert caught.value.exit_code == 3


def test_a_connection_cut_in_the_middle_goes_on_where_it_broke(server, cog, tmp_path):
    server.faults.cut_after, server.faults.cuts = 70_000, 6
    got = fetch(server, tmp_path)
    assert_right(got, cog)
    assert server.faults.cuts < 6
    assert got.fetched_bytes == server.bytes_sent  # nothing was fetched twice


def test_a_server_that_cuts_without_giving_anything_is_given_up(server, tmp_path):
    server.faults.cut_after, server.faults.cuts = 100, -1
    with pytest.raises(UnavailableError, match="4 attempts in a row"):
        fetch(server, tmp_path)


def test_slow_drip_is_cut_off_and_asked_again(server, cog, tmp_path):
    server.faults.drip_s, server.faults.drips = 0.01, 2
    assert_right(fetch(server, tmp_path), cog)
    server.faults.drips = -1
    began = time.monotonic()
    with pytest.raises(UnavailableError, match=r"sent only \d+ bytes a second"):
        fetch(server, tmp_path, name="image.tif?again")
    assert time.monotonic() - began < 15


def test_silence_is_cut_off(server, tmp_path):
    server.faults.delay_s = 3.0
    patience = Patience(attempts=2, first_wait_s=0.01, silence_s=0.3)
    with pytest.raises(UnavailableError, match="does not answer in time"):
        fetch(server, tmp_path, patience=patience)


def test_nobody_there(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Web(patience=HASTE, private=True) as web:
        wanted = Wanted(href="http://127.0.0.1:9/x.tif", over=OVER, name="x")
        with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:9/x\.tif: could not be reached.*no connection"):
            download(wanted, tmp_path, web)


@pytest.mark.parametrize(("more", "lies"), [(500, 2), (-500, 1)])
def test_a_wrong_content_length(server, cog, tmp_path, more, lies):
    """Too long a length looks like a cut; too short a one leaves bytes on the line that spoil the next answer too."""
    server.faults.say_more, server.faults.lies = more, lies
    assert_right(fetch(server, tmp_path), cog)


def test_a_content_length_that_always_lies_is_told(server, tmp_path):
    server.faults.say_more, server.faults.lies = 500, -1
    with pytest.raises(UnavailableError, match="4 attempts in a row"):
        fetch(server, tmp_path)


def test_a_server_that_ignores_ranges_gives_a_small_file_whole(server, cog, tmp_path, monkeypatch):
    server.faults.no_ranges = True
    assert_right(fetch(server, tmp_path), cog)
    assert len(server.requests) == 1
    monkeypatch.setattr(answers, "LARGEST_WHOLE_BYTES", 1_000_000)
    with pytest.raises(UnavailableError, match=r"gives whole files only, and this one is \d MB .*scenes add"):
        fetch(server, tmp_path, name="image.tif?again")


def test_a_server_that_ignores_ranges_half_way(server, cog, tmp_path):
    def stop_ranges(_):
        server.faults.no_ranges = len(server.requests) > 2

    server.before = stop_ranges
    assert_right(fetch(server, tmp_path), cog)


def test_an_expired_signature_is_renewed_or_told(server, cog, tmp_path):
    server.faults.token = "fresh"
    with pytest.raises(
        UnavailableError, match=r"image\.tif: is refused \(403\); a signed address may have expired"
    ) as e:
        fetch(server, tmp_path, href=f"{server.url}/image.tif?sig=old-secret")
    assert "secret" not in str(e.value)
    signed = f"{server.url}/image.tif?sig=fresh"
    got = fetch(server, tmp_path, href=f"{server.url}/image.tif?sig=old", renew=lambda: signed)
    assert_right(got, cog)
    kept = "".join(p.read_text(errors="replace") for p in (tmp_path / "in").rglob("*") if p.is_file())
    assert "sig=" not in kept


def test_a_signature_that_expires_half_way_loses_nothing(server, cog, tmp_path):
    server.faults.token = "one"

    def expire(_):
        if len(server.requests) == 3:
            server.faults.token = "two"

    server.before = expire
    renew = lambda: f"{server.url}/image.tif?sig=two"  # noqa: E731
    got = fetch(server, tmp_path, href=f"{server.url}/image.tif?sig=one", renew=renew)
    assert_right(got, cog)
    assert got.taken_up_bytes >= 16_384
    assert not any("sig=" in path.read_text(errors="replace") for path in (tmp_path / "in").rglob("*.json"))


@pytest.mark.parametrize("if_range", [True, False])
@pytest.mark.parametrize("weak", [True, False])
def test_a_file_that_changed_before_the_resume_is_begun_anew(server, cog, tmp_path, if_range, weak):
    server.faults.if_range, server.faults.weak = if_range, weak
    server.faults.status = [0, 0, *[500] * 20]
    with pytest.raises(UnavailableError):
        fetch(server, tmp_path)
    server.faults.status = []
    write_cog(server.folder / "image.tif", seed=9)
    got = fetch(server, tmp_path)
    assert_right(got, server.folder / "image.tif")
    assert got.taken_up_bytes == 0


def test_a_file_that_changes_while_it_is_read(server, tmp_path):
    changed = []

    def change(_):
        if len(server.requests) >= 3 and not changed:
            changed.append(True)
            new = write_cog(tmp_path / "new.tif", seed=9) or tmp_path / "new.tif"
            new.replace(server.folder / "image.tif")  # the server answers several at once: never half a file

    server.before = change
    assert_right(fetch(server, tmp_path), server.folder / "image.tif")
    assert changed


def test_a_file_that_keeps_changing_is_told(server, tmp_path):
    def change(_):
        part = tmp_path / f"{time.monotonic_ns()}.part"
        part.write_bytes((server.folder / "image.tif").read_bytes()[:-8] + os.urandom(8))
        part.replace(server.folder / "image.tif")  # the server answers several at once

    server.before = change
    with pytest.raises(UnavailableError, match="changes while it is read; wait"):
        fetch(server, tmp_path)


def test_without_any_mark_of_its_version_nothing_is_taken_up(server, cog, tmp_path):
    server.faults.etag = False
    assert_right(fetch(server, tmp_path), cog)
    got = fetch(server, tmp_path)
    assert (got.taken_up_bytes, got.fetched_bytes > 200_000) == (0, True)


def test_what_an_interrupted_download_brought_is_not_fetched_again(server, cog, tmp_path):
    server.faults.cut_after, server.faults.cuts = 150_000, -1
    server.faults.status = [0, 0, 0, *[500] * 40]
    with pytest.raises(UnavailableError, match="what was fetched is kept"):
        fetch(server, tmp_path)
    server.faults.status, server.faults.cuts = [], 0
    before = server.bytes_sent
    got = fetch(server, tmp_path)
    assert_right(got, cog)
    assert got.taken_up_bytes > 0
    tiles = 3 * 4 * 128 * 128 * 3
    assert server.bytes_sent - before < 1.3 * tiles + 40_000 - got.taken_up_bytes + 16_384


def test_a_torn_or_foolish_line_in_the_notes_is_not_believed(server, cog, tmp_path):
    fetch(server, tmp_path)
    (notes,) = (tmp_path / "in").rglob(RANGES)
    notes.write_text("0 16384\n-5 9\n9 5\n0 99999999999\nabc def\n1 2 3\n20000 9000")
    assert_right(fetch(server, tmp_path), cog)


def test_a_full_disk(server, cog, tmp_path, monkeypatch):
    real, left = os.pwrite, [200_000]

    def pwrite(file, data, offset):
        left[0] -= len(data)
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        return real(file, data, offset)

    monkeypatch.setattr("yardwatch.imagery.fetching.partial.os.pwrite", pwrite)
    with pytest.raises(UnavailableError, match=r"No space left on device.*make room.*what was fetched is kept"):
        fetch(server, tmp_path)
    monkeypatch.setattr("yardwatch.imagery.fetching.partial.os.pwrite", real)
    got = fetch(server, tmp_path)
    assert_right(got, cog)
    assert got.taken_up_bytes > 0


def start(server, tmp_path, limit=0) -> Child:
    def task():
        if limit:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return fetch(server, tmp_path).path

    return forked(task)


def test_a_disk_that_refuses_for_real(server, tmp_path):
    code, said = start(server, tmp_path, limit=100_000).wait()  # of a file of 3 MB, by the kernel
    assert code == 1
    assert said.startswith("UnavailableError")
    assert "cannot be written (File too large)" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(server, tmp_path):
    (tmp_path / "in").mkdir(mode=0o500)
    with pytest.raises(UnavailableError, match="cannot be written"):
        fetch(server, tmp_path)


def test_a_place_that_is_no_folder(server, tmp_path):
    (tmp_path / "in").write_text("a file")
    with pytest.raises(UnavailableError, match="cannot be written"):
        fetch(server, tmp_path)


@pytest.mark.parametrize("request_number", [1, 2, 3, 4])
def test_kill_9_at_each_request_and_go_on(server, cog, tmp_path, request_number):
    """Killed while the server holds back its n-th answer; the next process takes up what had come."""
    killed = []

    def kill(_):
        if len(server.requests) == request_number and not killed:
            killed.append(True)
            child.kill()

    server.before = kill
    child = start(server, tmp_path)
    assert (child.wait()[0], killed) == (-signal.SIGKILL, [True])
    assert not list((tmp_path / "in").rglob("*.tif"))
    assert_right(fetch(server, tmp_path), cog)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tif", b"<VRTDataset><SourceFilename>/etc/passwd</SourceFilename></VRTDataset>"),
        ("a.xml", b"<?xml version='1.0'?><GDAL_WMS><Service name='TMS'/></GDAL_WMS>"),
        ("a.json", b'{"type": "FeatureCollection", "features": []}'),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("a.html", b"<html>please log in</html>"),
    ],
)
def test_files_that_point_to_others_are_not_opened(server, tmp_path, name, data):
    (server.folder / name).write_bytes(data * 9)
    with pytest.raises(SceneError, match=r"is no GeoTIFF or JPEG 2000 \(a VRT, XML or JSON .* is not followed\)"):
        fetch(server, tmp_path, name=name)
    assert len(server.requests) == 1


def test_a_bomb_is_refused_before_it_is_unpacked(server, tmp_path):
    profile = {"driver": "GTiff", "width": 60_000, "height": 60_000, "count": 3, "dtype": "uint8", "crs": UTM}
    path = server.folder / "bomb.tif"
    with rasterio.open(
        path,
        "w",
        transform=Affine(0.01, 0, WEST, 0, -0.01, NORTH),
        tiled=True,
        compress="zstd",
        sparse_ok=True,
        **profile,
    ):
        pass
    assert path.stat().st_size < 2_000_000
    with pytest.raises(SceneError, match=r"window over the site has 1\d{4} × 1\d{4} pixels of 3 bands.*limit 400\)"):
        fetch(server, tmp_path, name="bomb.tif")


def test_blocks_and_bands_beyond_measure_are_refused(server, tmp_path):
    place = {"crs": UTM, "transform": Affine(0.5, 0, WEST, 0, -0.5, NORTH)}
    block = {"width": 33_500, "height": 33_500, "blockysize": 33_500, "compress": "deflate", "sparse_ok": True}
    bands = {"width": 16, "height": 16, "count": 65_535, "sparse_ok": True}
    for name, options, said in (
        ("b.tif", {"count": 1} | block, "one block of|cannot be read"),
        ("n.tif", bands, "has 65535 bands"),
    ):
        with rasterio.open(server.folder / name, "w", driver="GTiff", dtype="uint8", **place, **options):
            pass
        with pytest.raises(SceneError, match=said):
            fetch(server, tmp_path, name=name)


def test_an_image_of_elsewhere_is_refused(server, tmp_path):
    there = shapely.box(10, 50, 10.01, 50.01)
    with Web(patience=HASTE, private=True) as web, pytest.raises(SceneError, match="does not lie over the site"):
        download(Wanted(href=f"{server.url}/image.tif", over=there, name="x"), tmp_path / "in", web)


def test_half_a_file_is_damaged_and_told(server, cog, tmp_path):
    (server.folder / "half.tif").write_bytes(cog.read_bytes()[:1_500_000])
    with pytest.raises((SceneError, UnavailableError), match=r"half\.tif"):
        fetch(server, tmp_path, name="half.tif")
    assert not list((tmp_path / "in").rglob("*.tif"))


@pytest.mark.parametrize("driver", ["strips", "jp2", "band"])
def test_other_layouts_are_read_too(server, tmp_path, driver):
    data = np.random.default_rng(3).integers(1, 255, (3, 600, 700), dtype=np.uint8)
    profile = {"width": 700, "height": 600, "count": 3, "dtype": "uint8", "crs": UTM}
    options = {
        "strips": {"driver": "GTiff", "blockysize": 16, "compress": "lzw"},
        "jp2": {"driver": "JP2OpenJPEG", "QUALITY": "100", "REVERSIBLE": "YES"},
        "band": {"driver": "GTiff", "interleave": "band", "tiled": True, "blockxsize": 128, "blockysize": 128},
    }[driver]
    path = server.folder / ("x.jp2" if driver == "jp2" else "x.tif")
    with rasterio.open(path, "w", transform=Affine(0.5, 0, WEST, 0, -0.5, NORTH), **profile, **options) as out:
        out.write(data)
    got = fetch(server, tmp_path, name=path.name)
    assert_right(got, path)


def test_masks_palettes_types_and_scales_come_along(server, tmp_path):
    mask = np.full((600, 700), 255, np.uint8)
    mask[:350, :300] = 0
    data = np.random.default_rng(3).integers(1, 4000, (4, 600, 700), dtype=np.uint16)
    profile = {
        "driver": "GTiff",
        "width": 700,
        "height": 600,
        "crs": UTM,
        "transform": Affine(0.5, 0, WEST, 0, -0.5, NORTH),
    }
    path = server.folder / "m.tif"
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(path, "w", count=4, dtype="uint16", **profile) as out,
    ):
        out.write(data)
        out.write_mask(mask)
        out.scales, out.offsets = (0.0001,) * 4, (-0.1,) * 4
        out.set_band_description(4, "nir")
    got = fetch(server, tmp_path, name="m.tif")
    assert_right(got, server.folder / "m.tif")
    with rasterio.open(got.path) as part:
        assert (part.dataset_mask() == mask[got.window[1] :, got.window[0] :][:340, :320]).all()
        assert (part.scales[0], part.offsets[0], part.descriptions[3]) == (0.0001, -0.1, "nir")
    with rasterio.open(server.folder / "p.tif", "w", count=1, dtype="uint8", **profile) as out:
        out.write((data[:1] % 256).astype(np.uint8))
        out.write_colormap(1, {i: (i, 0, 255 - i, 255) for i in range(256)})
    with rasterio.open(fetch(server, tmp_path, name="p.tif").path) as part:
        assert part.colormap(1)[7] == (7, 0, 248, 255)


def test_redirects_are_followed_but_not_for_ever(server, cog, tmp_path):
    server.faults.redirect = "/image.tif"
    assert_right(fetch(server, tmp_path, name="elsewhere.tif"), cog)
    server.faults.redirect = "/round?x"
    with pytest.raises(UnavailableError, match="redirects more than 5 times"):
        fetch(server, tmp_path, name="image.tif")


def test_a_public_catalogue_may_not_send_us_into_our_own_network(server, tmp_path):
    with (
        Web(patience=HASTE, private=False) as web,
        pytest.raises(UnavailableError, match="leads into a private network"),
    ):
        download(Wanted(href=f"{server.url}/image.tif", over=OVER, name="x"), tmp_path / "in", web)
    assert server.requests == []
