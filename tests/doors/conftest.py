"""Both doors with people at them: a hand that bends posts, the office's team, and a zone that may be changed."""

from collections.abc import Iterator

import pytest

from tests.conftest import Demo, start
from tests.doors.hand import Hand
from tests.doors.office import Team


@pytest.fixture(scope="session")
def team(demo: Demo) -> Team:
    return Team(demo)


@pytest.fixture
def hand(demo: Demo) -> Hand:
    """At the door with the directory of this moment."""
    return Hand(demo)


@pytest.fixture(scope="session")
def zone_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo whose zone the tests sign anew, and whose cases they may do anything to."""
    running = start(tmp_path_factory.mktemp("zone") / "data", WHISTLE_WORK_BITS="4")
    yield running
    running.kill()
