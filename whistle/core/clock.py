"""The zone's day and the reviewers' minute, from seconds that a caller passes in. The zone lives at UTC+08:00."""

from datetime import UTC, datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=8))


def zone_day(now: float) -> str:
    """YYYY-MM-DD of the zone."""
    return datetime.fromtimestamp(now, ZONE).date().isoformat()


def zone_hour(now: float) -> int:
    """0…23 in the zone; kept only for urgent reports."""
    return datetime.fromtimestamp(now, ZONE).hour


def zone_minute(now: float) -> str:
    """hh:mm in the zone, as the audit has it; of reviewers, never of a reporter."""
    return datetime.fromtimestamp(now, ZONE).strftime("%H:%M")


def minute(now: float) -> str:
    """YYYY-MM-DDThh:mmZ, the `when` of a reviewer's post."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%MZ")


def seconds(when: str) -> float:
    """Unix seconds of a reviewer's minute. Raises ValueError."""
    return datetime.strptime(when, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC).timestamp()
