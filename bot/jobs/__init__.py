"""Slow work, done outside of any transaction: downloads, reading pictures, exports."""

from bot.jobs.loop import AwayError, Jobs, Progress, Worker

__all__ = ["AwayError", "Jobs", "Progress", "Worker"]
