"""Where a person is in the conversation. Kept as JSON with the person, so that a restart changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.model import Json


@dataclass(slots=True)
class Session:
    """``place`` can be drawn again at any time; ``draft`` holds what is said but not yet agreed to."""

    place: str = "home"
    revision: int = 0
    choices: list[list[str]] = field(default_factory=list)
    """[label, action, further words ...] of the present screen's pressable options, in order."""
    numbers: list[str] = field(default_factory=list)
    """The actions that a typed 1, 2, 3 ... names. Empty: the screen's own ①②③ are no choices."""
    page: int = 0
    """大字模式: which page of the present screen's choices is shown."""
    shown: str = ""
    """When something was shown last (ISO); what came after it, came from a reminder."""
    kept: bool = False
    """Whether the present screen must not be edited away."""
    draft: dict[str, Json] = field(default_factory=dict)
    welcomed: bool = False
    last_number: int = 0
    """The highest number of a 问题单 that was deleted: none is given twice, an old button must not lead to another."""
    keep_until: str = ""
    """多留90天: until when (ISO) nothing of the person is deleted for lying idle. Empty: as usual."""

    @classmethod
    def from_json(cls, raw: Mapping[str, Json]) -> "Session":
        """Tolerates keys of other versions."""
        choices = [list(map(str, choice)) for choice in raw.get("choices", ())]
        return cls(
            place=str(raw.get("place", "home")),
            revision=int(raw.get("revision", 0)),
            choices=choices,
            numbers=list(map(str, raw.get("numbers", [choice[1] for choice in choices]))),
            page=int(raw.get("page", 0)),
            shown=str(raw.get("shown", "")),
            kept=bool(raw.get("kept", False)),
            draft=dict(raw.get("draft", {})),
            welcomed=bool(raw.get("welcomed", False)),
            last_number=int(raw.get("last_number", 0)),
            keep_until=str(raw.get("keep_until", "")),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "place": self.place,
            "revision": self.revision,
            "choices": self.choices,
            "numbers": self.numbers,
            "page": self.page,
            "shown": self.shown,
            "kept": self.kept,
            "draft": self.draft,
            "welcomed": self.welcomed,
            "last_number": self.last_number,
            "keep_until": self.keep_until,
        }
