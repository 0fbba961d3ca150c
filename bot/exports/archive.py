"""Everything of somebody's as one ZIP: pages to read, the data, and every file of theirs, as it came."""

import json
import os
import re
import shutil
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from bot.domain.model import Json
from bot.exports.text import one_line

DATA = "data.json"
MISSING = "missing_files"
"""The key in DATA that names the files which were to be in the archive and are not on the disk."""
_PART = 1024 * 1024
_NAME_LIMIT = 120
"""Bytes of one part of a name: within what Linux (255) takes, and Windows (260 characters for a whole path)."""
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*\\]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_OWNERS = stat.S_IFREG | 0o600


def entry_name(wanted: str) -> str:
    """The name under which ``write_export`` puts ``wanted`` into the archive, as long as no other entry has it: a
    relative path that unpacks everywhere, to nowhere else."""
    parts = [_fitting(part) for part in one_line(wanted).split("/")]
    return "/".join(part for part in parts if part) or "_"


def write_export(
    target: Path,
    pages: Mapping[str, bytes | str],
    data: Mapping[str, Json],
    files: Mapping[str, Path],
    progress: Callable[[int, int], None] | None = None,
    made: datetime | None = None,
) -> None:
    """Write the archive: ``pages`` (entry name -> content), then ``files`` (entry name -> where it is), then ``data``
    as DATA, each in the order given. ``target`` appears when it is complete, for its owner only.

    A file that is not there is named in the data, and the rest is written. ``progress`` hears how many files of how
    many are done. ``made`` (local time) stands on the entries. Raises OSError if there is no room: then ``target`` is
    untouched and nothing is left beside it.
    """
    names = _Names()
    missing: list[str] = []
    with _appearing(target) as whole, ZipFile(whole, "w") as archive:
        data_name = names.free(DATA)
        for wanted, content in pages.items():
            raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
            archive.writestr(_info(names.free(wanted), made, ZIP_DEFLATED), raw)
        for done, (wanted, path) in enumerate(files.items(), 1):
            name = names.free(wanted)
            try:
                source = path.open("rb")
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                missing.append(name)
            else:
                with source:
                    _copy(source, archive, _info(name, made, ZIP_STORED))
            if progress:
                progress(done, len(files))
        archive.writestr(_info(data_name, made, ZIP_DEFLATED), _pretty({**data, MISSING: missing}))


@contextmanager
def _appearing(target: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``target`` if the block succeeds, and is gone if it does not."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)  # Of a run that was killed.
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as whole:
            yield whole
            whole.flush()
            os.fsync(whole.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _copy(source: BinaryIO, archive: ZipFile, info: ZipInfo) -> None:
    info.file_size = os.fstat(source.fileno()).st_size  # Decides whether the entry needs zip64.
    with archive.open(info, "w") as entry:
        shutil.copyfileobj(source, entry, _PART)


def _info(name: str, made: datetime | None, method: int) -> ZipInfo:
    info = ZipInfo(name, made.timetuple()[:6]) if made else ZipInfo(name)
    info.compress_type = method
    info.create_system = 3
    info.external_attr = _OWNERS << 16
    return info


def _pretty(data: Json) -> bytes:
    """Half a surrogate pair has no UTF-8; its escape means the same in JSON."""
    return json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n"


def _fitting(part: str) -> str:
    """One part of a path, as Windows, macOS and Linux all take it; empty if nothing is left."""
    plain = _NOT_ON_WINDOWS.sub("_", unicodedata.normalize("NFC", part)).strip(" .")
    if _DEVICES.fullmatch(plain):
        plain = f"_{plain}"
    suffix = PurePosixPath(plain).suffix
    if len(suffix.encode()) > _NAME_LIMIT // 4:
        suffix = ""
    stem = plain.removesuffix(suffix) if suffix else plain
    return _cut(stem, _NAME_LIMIT - len(suffix.encode())) + suffix


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore").rstrip(" .")


class _Names:
    """Hands out each name once; Windows and macOS do not tell capitals apart."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, wanted: str) -> str:
        name = entry_name(wanted)
        path = PurePosixPath(name)
        number = 2
        while name.casefold() in self._taken:
            name = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
            number += 1
        self._taken.add(name.casefold())
        return name


__all__ = ["DATA", "MISSING", "entry_name", "write_export"]
