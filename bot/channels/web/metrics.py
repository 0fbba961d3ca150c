"""Counters of the web channel for Prometheus. Labels are routes, codes and kinds; nothing of a person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.channels.web.hub import Hub


class WebMetrics:
    """Its own registry, so that two channels in one process (tests) do not collide. Others may register theirs too."""

    def __init__(self, hub: Hub) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "jieru_web_requests", "Requests by route and status.", ("route", "status"), registry=self.registry
        )
        self.handled = Histogram(
            "jieru_web_handle_seconds",
            "From a deed of a person to its commit.",
            ("kind",),
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
            registry=self.registry,
        )
        self.reminders = Counter("jieru_web_reminders", "Reminders put into transcripts.", registry=self.registry)
        self.sessions = Counter("jieru_web_sessions", "Persons who opened the page first.", registry=self.registry)
        streams = Gauge("jieru_web_streams", "Open event streams.", registry=self.registry)
        streams.set_function(lambda: len(hub))
        people = Gauge("jieru_web_people", "Persons with an open event stream.", registry=self.registry)
        people.set_function(lambda: hub.people)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self.registry)


CONTENT_TYPE = CONTENT_TYPE_LATEST
