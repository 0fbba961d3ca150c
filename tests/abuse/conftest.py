"""The fixtures of the web channel's tests are needed here too."""

from tests.channels.web.conftest import visits, world

__all__ = ["visits", "world"]
