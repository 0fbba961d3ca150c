"""Instants in the database: whole microseconds since 1970-01-01T00:00Z, so that they sort and compare as numbers."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(instant: datetime) -> int:
    """The stored form. Raises ValueError for a naive datetime: nobody knows which instant it means."""
    if instant.utcoffset() is None:
        raise ValueError(f"naive datetime: {instant.isoformat()}")
    return (instant - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The instant, aware, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)
