"""What several test modules open: a new ledger, and the pages over a small world and over nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import grounds
from contested.ledger import Ledger

if TYPE_CHECKING:
    from starlette.testclient import TestClient

settings.register_profile("untimed", deadline=None)  # a busy machine is no defect
settings.load_profile("untimed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once why the tests that want a server were skipped."""
    wanting = [each for each in terminalreporter.stats.get("skipped", ()) if grounds.NO_SERVER in str(each.longrepr)]
    if wanting:
        terminalreporter.write_line(f"{len(wanting)} skipped: {grounds.NO_SERVER}")


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The address of a database on a PostgreSQL server, if there is one to test on."""
    server = os.environ.get("CONTESTED_TEST_POSTGRES")
    if not server:
        pytest.skip(grounds.NO_SERVER)
    pytest.importorskip("psycopg")
    with grounds.database(server) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[grounds.Ground]:
    """A place for a ledger: each test that asks for one is run in a file, and on a server if there is one."""
    if request.param == "sqlite":
        yield grounds.InFile(tmp_path / "ledger.sqlite")
        return
    place = grounds.on_server(request.getfixturevalue("database"))
    yield place
    place.clear()


@pytest.fixture
def ledger(ground: grounds.Ground) -> Iterator[Ledger]:
    with ground.open(create=True) as ledger:
        yield ledger


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest) -> Callable[[], AbstractContextManager[Ledger]]:
    """New ledgers, as many as are wanted, for laws that want one for each example."""
    database = request.getfixturevalue("database") if request.param == "postgresql" else ""

    @contextmanager
    def begun() -> Iterator[Ledger]:
        with TemporaryDirectory() as folder:
            place = grounds.on_server(database) if database else grounds.InFile(Path(folder) / "ledger.sqlite")
            with place.open(create=True) as ledger:
                yield ledger
            place.clear()

    return begun


@pytest.fixture(scope="module")
def web() -> TestClient:
    from starlette.testclient import TestClient

    from contested.web import app
    from web_world import HERE, World

    return TestClient(app(World()), base_url=HERE)  # type: ignore[arg-type] - it answers as a workspace does


@pytest.fixture(scope="module")
def bare() -> TestClient:
    from starlette.testclient import TestClient

    from contested.web import app
    from web_world import HERE, World

    return TestClient(app(World((), ())), base_url=HERE)  # type: ignore[arg-type]
