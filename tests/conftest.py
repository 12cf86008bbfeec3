"""What every test may ask for."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real images and series; tests that use it skip where it is missing."""
    folder = Path(os.environ.get("YARDWATCH_DATA", ROOT / ".." / "shared" / "data")).resolve()
    if not (folder / "README.md").is_file():
        pytest.skip(f"no real data at hand: {folder} is missing; set YARDWATCH_DATA")
    return folder


def service(variable: str, what: str) -> str:
    """An address `make test-services` sets; the test is skipped where it is not running."""
    address = os.environ.get(variable)
    if not address:
        pytest.skip(f"{what} is not running: `make test-services` starts it ({variable} is not set)")
    return address


@pytest.fixture(name="service")
def _service() -> Callable[[str, str], str]:
    return service


@pytest.fixture
def postgis() -> Iterator[str]:
    """The address of a throw-away database with PostGIS; what a test made in it is gone afterwards."""
    address = service("YARDWATCH_TEST_POSTGIS", "PostGIS")
    yield address
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(address, autocommit=True) as connection:
        made = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'yardwatch%'").fetchall()
        for (schema,) in made:
            connection.execute(psycopg.sql.SQL("DROP SCHEMA {} CASCADE").format(psycopg.sql.Identifier(schema)))


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty bucket of a throw-away S3 server, and the environment that reaches it."""
    endpoint = service("YARDWATCH_TEST_S3", "an S3 server")
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "hush-hush",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    name = f"yard-{uuid.uuid4().hex[:12]}"
    with httpx.Client(trust_env=False, base_url=endpoint) as client:
        client.put(f"/{name}").raise_for_status()
        yield f"s3://{name}/scenes"
        client.post("/moto-api/reset").raise_for_status()
