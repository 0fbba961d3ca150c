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
    kept: bool = False
    """Whether the present screen must not be edited away."""
    draft: dict[str, Json] = field(default_factory=dict)
    welcomed: bool = False

    @classmethod
    def from_json(cls, raw: Mapping[str, Json]) -> "Session":
        """Tolerates keys of other versions."""
        return cls(
            place=str(raw.get("place", "home")),
            revision=int(raw.get("revision", 0)),
            choices=[list(map(str, choice)) for choice in raw.get("choices", ())],
            kept=bool(raw.get("kept", False)),
            draft=dict(raw.get("draft", {})),
            welcomed=bool(raw.get("welcomed", False)),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "place": self.place,
            "revision": self.revision,
            "choices": self.choices,
            "kept": self.kept,
            "draft": self.draft,
            "welcomed": self.welcomed,
        }
