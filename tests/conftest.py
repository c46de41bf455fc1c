"""What several test modules open: a new ledger, and the pages over a small world and over nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from contested.ledger import Ledger

if TYPE_CHECKING:
    from starlette.testclient import TestClient

settings.register_profile("untimed", deadline=None)  # a busy machine is no defect
settings.load_profile("untimed")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite", create=True) as ledger:
        yield ledger


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
