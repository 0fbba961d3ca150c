"""Time zone, quiet hours, phone, 大字模式: how a person wants to be reminded and guided."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from itertools import product
from zoneinfo import ZoneInfo, available_timezones

from bot.conversation import formats
from bot.conversation.turn import Turn
from bot.conversation.understand.times import Ambiguous, read_time
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Preferences
from bot.domain.moment import Moment

ZONES: Mapping[str, str] = {
    "china": "Asia/Shanghai", "hong_kong": "Asia/Hong_Kong", "japan": "Asia/Tokyo", "singapore": "Asia/Singapore",
    "sydney": "Australia/Sydney", "london": "Europe/London", "new_york": "America/New_York",
    "los_angeles": "America/Los_Angeles", "macau": "Asia/Macau", "taiwan": "Asia/Taipei", "korea": "Asia/Seoul",
    "malaysia": "Asia/Kuala_Lumpur", "thailand": "Asia/Bangkok", "vietnam": "Asia/Ho_Chi_Minh",
    "indonesia": "Asia/Jakarta", "philippines": "Asia/Manila", "dubai": "Asia/Dubai", "moscow": "Europe/Moscow",
    "paris": "Europe/Paris", "berlin": "Europe/Berlin", "rome": "Europe/Rome", "madrid": "Europe/Madrid",
    "toronto": "America/Toronto", "vancouver": "America/Vancouver", "chicago": "America/Chicago",
    "melbourne": "Australia/Melbourne", "perth": "Australia/Perth", "auckland": "Pacific/Auckland",
}  # fmt: skip
"""Zones with a Chinese name (``zone.name.*``) and Chinese places in them (``zone.places.*``)."""
_CONTINENTS = frozenset({"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})
LISTED = (("china", "hong_kong", "japan", "singapore"), ("sydney", "london", "new_york", "los_angeles"))
"""The two pages of buttons."""
QUIET: Mapping[str, tuple[time, time]] = {
    "early": (time(21), time(7)),
    "usual": (time(22), time(8)),
    "late": (time(23), time(7)),
}
LONGEST_NIGHT = timedelta(hours=16)
"""Longer quiet hours would hold back reminders whose deadline falls in them (our choice)."""
_NIGHT_AT, _HALF_NIGHT = 3, timedelta(hours=14)
"""10点到8点 is read as the stretch of at most 14 hours that holds three at night, if there is exactly one."""
_HOUR = re.compile(r"[0-9]{1,2}")
_PLAIN_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
LONGEST_ANSWER = 16
"""An unreadable text longer than this is no slip of the pen but about something else."""
PHONES = ("iphone", "android", "unsure")


def settings(turn: Turn) -> View:
    """What is set, and what can be changed."""
    t, preferences = turn.t, turn.person.preferences
    text = lines(
        t("settings.text"),
        t("settings.zone", zone=zone_name(turn, preferences.zone), clock=_local_clock(turn)),
        _quiet_line(turn),
        t(f"settings.phone.{preferences.phone or 'unsure'}"),
        t("big_text.is_on" if preferences.big_text else "big_text.is_off"),
    )
    size = "turn_off" if preferences.big_text else "turn_on"
    options = [
        Option(t.plain("settings.change_quiet"), "quiet"),
        Option(t.plain("settings.change_zone"), "zone"),
        Option(t.plain("settings.change_phone"), "phone"),
        Option(t.plain(f"big_text.{size}"), f"text_size:{size}"),
        Option(t.plain("nav.home"), "home", words=("@back", "@stop")),
    ]
    return View(text, pairs(options))


def prefer(turn: Turn, preferences: Preferences) -> None:
    """Keep a changed preference; the reminders of every open case follow it in the same commit."""
    turn.person = replace(turn.person, preferences=preferences)
    turn.zone = ZoneInfo(preferences.zone)
    for case in turn.open_cases():
        turn.touch(case)
    turn.acted = True


# --- time zone -------------------------------------------------------------------------------------------------------


def zone(turn: Turn, page: str = "") -> View:
    """Common zones on two pages; any city may be typed."""
    t, second = turn.t, page == "more"
    options = [Option(t.plain(f"zone.name.{name}"), f"set_zone:{ZONES[name]}") for name in LISTED[second]]
    options.append(
        Option(t.plain("nav.first_page"), "zone") if second else Option(t.plain("nav.next_page"), "zone:more")
    )
    options.append(Option(t.plain("nav.back"), "settings", words=("@back", "@stop")))
    now = t("settings.zone", zone=zone_name(turn, turn.person.preferences.zone), clock=_local_clock(turn))
    return View(lines(now, t("zone.text")), pairs(options))


def zone_name(turn: Turn, key: str) -> str:
    """中国时间, or the zone's own name where there is no Chinese one."""
    found = next((name for name, zone in ZONES.items() if zone == key), None)
    return turn.t.plain(f"zone.name.{found}") if found else key


def find_zone(turn: Turn, text: str) -> str | None:
    """The IANA name for a typed city, country or IANA name in any case."""
    bare = unicodedata.normalize("NFKC", text).strip(" ,.。，").replace(" ", "_").casefold()
    suffixes = turn.t.plain("zone.suffixes").split()
    forms = [bare, *(bare.removesuffix(suffix) for suffix in suffixes if bare.endswith(suffix))]
    for form in forms:
        for name, key in ZONES.items():
            if form == turn.t.plain(f"zone.name.{name}") or form in turn.t.plain(f"zone.places.{name}").split():
                return key
        if form in _known():
            return _known()[form]
    return None


@cache
def _known() -> Mapping[str, str]:
    by_name = {key.casefold(): key for key in available_timezones()}
    # Not Etc/GMT+8: its sign is the reverse of what people mean by GMT+8.
    places = [key for key in sorted(by_name.values()) if key.partition("/")[0] in _CONTINENTS]
    cities = {key.rpartition("/")[2].casefold(): key for key in places}
    return {**cities, **by_name}


def _set_zone(turn: Turn, key: str) -> None:
    if key in available_timezones():
        prefer(turn, replace(turn.person.preferences, zone=key))
        turn.note = turn.t("zone.set", zone=zone_name(turn, key), clock=_local_clock(turn))
    turn.go("settings")


def _type_zone(turn: Turn, text: str, *_: str) -> bool:
    found = find_zone(turn, text)
    if found is None and len(text) > LONGEST_ANSWER:
        return False
    if found is None:
        turn.note = turn.t("zone.unread", text=text[:20])
    else:
        _set_zone(turn, found)
    return True


def _local_clock(turn: Turn) -> str:
    return formats.clock(turn.t, turn.now, turn.zone, turn.now)


# --- quiet hours -----------------------------------------------------------------------------------------------------


def quiet(turn: Turn) -> View:
    """On with these hours, or off."""
    t = turn.t
    options = [Option(t.plain(f"quiet.{name}"), f"set_quiet:{name}") for name in ("usual", "late", "early")]
    options.append(Option(t.plain("quiet.off"), "set_quiet:off"))
    options.append(Option(t.plain("nav.back"), "settings", words=("@back", "@stop")))
    return View(lines(_quiet_line(turn), t("quiet.text")), pairs(options))


def _quiet_line(turn: Turn) -> str:
    preferences = turn.person.preferences
    if not preferences.quiet or preferences.quiet_from == preferences.quiet_to:
        return turn.t("quiet.is_off")
    return turn.t("quiet.is_on", begin=f"{preferences.quiet_from:%H:%M}", end=f"{preferences.quiet_to:%H:%M}")


def _set_quiet(turn: Turn, choice: str) -> None:
    if choice == "off":
        prefer(turn, replace(turn.person.preferences, quiet=False))
        turn.note = turn.t("quiet.set_off")
        turn.go("settings")
    elif choice in QUIET:
        _keep_hours(turn, *QUIET[choice])


def _keep_hours(turn: Turn, begin: time, end: time) -> None:
    prefer(turn, replace(turn.person.preferences, quiet=True, quiet_from=begin, quiet_to=end))
    turn.note = turn.t("quiet.set", begin=f"{begin:%H:%M}", end=f"{end:%H:%M}")
    turn.go("settings")


def _type_quiet(turn: Turn, text: str, *_: str) -> bool:
    if text.strip() in turn.t.plain("quiet.off_words").split():
        _set_quiet(turn, "off")
        return True
    found = read_hours(turn, text)
    if found is None and len(text) > LONGEST_ANSWER:
        return False
    if found is None:
        turn.note = turn.t("quiet.unread", text=text[:20])
    elif _stretch(*found) > LONGEST_NIGHT:
        turn.note = turn.t("quiet.too_long", begin=f"{found[0]:%H:%M}", end=f"{found[1]:%H:%M}")
    else:
        _keep_hours(turn, *found)
    return True


def read_hours(turn: Turn, text: str) -> tuple[time, time] | None:
    """From when to when: 22-8, 23:00-7:00, 晚上10点到早上8点. None: unreadable, or it could be meant in two ways."""
    folded = unicodedata.normalize("NFKC", text).strip()
    between = "|".join(re.escape(word) for word in turn.t.plain("quiet.between").split())
    parts = [part.strip() for part in re.split(between, folded)]
    if len(parts) != 2:
        return None
    begins, ends = (_clocks(turn, part) for part in parts)
    chosen = [(begin, end) for begin, end in product(begins, ends) if begin != end]
    if len(chosen) > 1:
        chosen = [each for each in chosen if _stretch(*each) <= _HALF_NIGHT and _holds_the_night(*each)]
    return chosen[0] if len(chosen) == 1 else None


def _clocks(turn: Turn, part: str) -> list[time]:
    """The times of day that a part may mean; a bare 8 is either half of the day."""
    bare = next((part.removesuffix(word) for word in turn.t.plain("quiet.hour").split() if part.endswith(word)), part)
    if _HOUR.fullmatch(bare):
        hour = int(bare)
        return [time(each) for each in ([hour, (hour + 12) % 24] if 0 < hour <= 12 else [hour % 24]) if hour <= 24]
    if plain := _PLAIN_CLOCK.fullmatch(part):
        hour, minute = int(plain[1]), int(plain[2])
        return [time(hour % 24, minute)] if hour <= 24 and minute < 60 and (hour < 24 or minute == 0) else []
    reading = read_time(part, said=turn.said, zone=turn.zone, expect="future")
    options = reading.options if isinstance(reading, Ambiguous) else (reading,)
    found = [each.at.astimezone(turn.zone).time() for each in options if isinstance(each, Moment)]
    exact = [each for each in options if isinstance(each, Moment) and each.precision != "day"]
    return sorted({each.replace(second=0, microsecond=0) for each in found}) if exact else []


def _stretch(begin: time, end: time) -> timedelta:
    day = datetime(2000, 1, 1)  # noqa: DTZ001 - only the difference counts
    length = datetime.combine(day, end) - datetime.combine(day, begin)
    return length if length > timedelta() else length + timedelta(days=1)


def _holds_the_night(begin: time, end: time) -> bool:
    return _stretch(begin, time(_NIGHT_AT)) < _stretch(begin, end)


# --- phone -----------------------------------------------------------------------------------------------------------


def phone(turn: Turn) -> View:
    """Which walk through the app fits."""
    t = turn.t
    options = [Option(t.plain(f"phone.{name}"), f"set_phone:{name}") for name in PHONES]
    options.append(Option(t.plain("nav.back"), "settings", words=("@back", "@stop")))
    known = t(f"settings.phone.{turn.person.preferences.phone or 'unsure'}")
    return View(lines(known, t("phone.text")), pairs(options))


def _set_phone(turn: Turn, choice: str) -> None:
    if choice in PHONES:
        kept = replace(turn.person.preferences, phone="" if choice == "unsure" else choice)  # type: ignore[arg-type]
        turn.person = replace(turn.person, preferences=kept)
        turn.acted = True
        turn.note = turn.t(f"phone.set.{choice}")
    turn.go("settings")


def _type_phone(turn: Turn, text: str, *_: str) -> bool:
    choice = _phone_named(turn, text)
    if choice:
        _set_phone(turn, choice)
        return True
    if len(text) > LONGEST_ANSWER:
        return False
    turn.note = turn.t("phone.unread", text=text[:20])
    return True


def _phone_named(turn: Turn, text: str) -> str:
    # The whole answer must be about a phone: 苹果烂了 is none.
    bare = unicodedata.normalize("NFKC", text).casefold()
    for filler in turn.t.plain("phone.fillers").split():
        bare = bare.replace(filler, "")
    bare = re.sub(r"[\d\s.,+-]", "", bare)
    return next((choice for choice in PHONES if bare in turn.t.plain(f"phone.words.{choice}").split()), "")


def _type_settings(turn: Turn, text: str) -> bool:
    """A city, hours or a phone typed on the overview itself."""
    found, hours, named = find_zone(turn, text), read_hours(turn, text), _phone_named(turn, text)
    if named:
        _set_phone(turn, named)
    elif found is not None:
        _set_zone(turn, found)
    elif hours is not None:
        return _type_quiet(turn, text)
    else:
        return False
    return True


PLACES: dict[str, Callable[..., View | None]] = {"settings": settings, "zone": zone, "quiet": quiet, "phone": phone}
ACTS: dict[str, Callable[..., None]] = {"set_zone": _set_zone, "set_quiet": _set_quiet, "set_phone": _set_phone}
TYPED: dict[str, Callable[..., bool]] = {
    "settings": _type_settings,
    "zone": _type_zone,
    "quiet": _type_quiet,
    "phone": _type_phone,
}
