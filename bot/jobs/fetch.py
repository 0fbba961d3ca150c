"""What somebody sent, from the channel into the files."""

from collections.abc import Mapping

from bot.domain.model import Json
from bot.jobs.loop import AwayError, Progress
from bot.ports import Channel, FetchError, Files, Kept, Store, Work


class Fetch:
    """Job kind ``fetch``: {"ref"} -> {"kept", "size", "type"} or {"fault"}. ``quota``: bytes that are kept for one
    person, 0 for no limit; as a size is known only afterwards, the last file may lead over it."""

    def __init__(self, channels: Mapping[str, Channel], files: Files, store: Store, quota: int) -> None:
        self._channels, self._files, self._store, self._quota = channels, files, store, quota

    async def __call__(self, work: Work, progress: Progress) -> Mapping[str, Json]:
        channel = self._channels.get(work.person.partition(":")[0])
        if channel is None:
            raise AwayError
        if self._quota and await self._store.bytes_of(work.person) >= self._quota:
            return {"fault": "quota"}
        try:
            kept = await self._files.keep(channel.fetch(str(work.job.data["ref"])))
        except FetchError as error:
            if error.fault is None:
                raise AwayError from error
            return {"fault": error.fault}
        if isinstance(kept, Kept):
            return {"kept": kept.sha256, "size": kept.size, "type": kept.type}
        return {"fault": kept}


async def album(work: Work, progress: Progress) -> Mapping[str, Json]:
    """Job kind ``album``: nothing but the wait until the last picture has come."""
    return {}
