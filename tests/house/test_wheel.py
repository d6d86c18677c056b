"""What is in the wheel: the house without its window, its resources and its migrations; nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.house import sources


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    wheel = next(WheelBuilder(str(sources.ROOT)).build(directory=str(folder), versions=["standard"]))
    return set(zipfile.ZipFile(wheel).namelist())


def test_nothing_but_isdesk_is_in_the_wheel(names: set[str]) -> None:
    strange = {n for n in names if not n.startswith("isdesk/") and not n.split("/")[0].endswith(".dist-info")}
    assert not strange


def test_every_module_resource_and_migration_is_in_the_wheel(names: set[str]) -> None:
    wanted = {sources.name(path) for path in sources.modules("isdesk")}
    for folder in ("resources", "migrations"):
        files = [p for p in (sources.ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        wanted |= {f"isdesk/_data/{sources.name(path)}" for path in files}
    assert not wanted - names


def test_the_wheel_offers_the_command(tmp_path: Path) -> None:
    wheel = next(WheelBuilder(str(sources.ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    archive = zipfile.ZipFile(wheel)
    entry = next(n for n in archive.namelist() if n.endswith("entry_points.txt"))
    assert "isdesk = isdesk.cli.main:main" in archive.read(entry).decode()
