"""A case as one page that needs nothing else: to read on a phone, to print, to hand on."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from bot.documents import CaseFile, DeadlineLine, Exhibit, HandedOut, Line
from bot.exports.text import clean, is_web_address, one_line

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_PICTURE = re.compile(r"data:image/(?:jpeg|png|gif|webp|bmp|avif);base64,[A-Za-z0-9+/]+={0,2}")
_FRAME = Markup(
    "<!doctype html>\n"
    '<html lang="zh-CN">\n'
    "<head>\n"
    '<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n'
    '<meta name="referrer" content="no-referrer">\n'
    '<meta name="robots" content="noindex">\n'
    # Otherwise an iPhone makes links to call out of order numbers.
    '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">\n'
    "<title>{title}</title>\n"
    "<style>\n{style}</style>\n"
    "</head>\n"
    "<body>\n<main>\n{body}</main>\n</body>\n"
    "</html>\n"
)


def page(case: CaseFile, pictures: Mapping[str, str]) -> str:
    """The whole case. ``pictures`` maps a SHA-256 to its ``data:`` address (see ``pictures.Picture.data_uri``); for a
    picture that is not in it the page says so."""
    words = case.headings
    body = (
        Markup('<header>\n<h1>{}</h1>\n<p class="stage">{}</p>\n<p class="quiet">{}</p>\n</header>\n').format(
            one_line(case.title), one_line(case.stage), clean(case.made)
        )
        + _part("facts", words.facts, map(_fact, case.facts), "dl", words.none)
        + _part("deadlines", words.deadlines, (_deadline(case, one) for one in case.deadlines), "ul", words.none)
        + _part("history", words.history, map(_event, case.history), "ol", words.none)
        + _part("evidence", words.evidence, (_exhibit(case, one, pictures) for one in case.evidence), "div", words.none)
        + _part("letters", words.letters, (_letter(case, one) for one in case.letters), "div", words.none)
        + Markup('<footer>\n<p class="quiet">{}</p>\n</footer>\n').format(clean(case.disclaimer))
    )
    return _framed(one_line(case.title), body)


def index(title: str, made: str, pages: Mapping[str, CaseFile]) -> str:
    """What leads to the pages of several cases: ``pages`` maps the entry name of a page to its case."""
    rows = Markup("").join(
        Markup('<li><a href="{}">{}</a><p>{}</p></li>\n').format(
            _beside(name), one_line(case.title), one_line(case.stage)
        )
        for name, case in pages.items()
    )
    body = Markup('<header>\n<h1>{}</h1>\n<p class="quiet">{}</p>\n</header>\n<ul class="cases">\n{}</ul>\n').format(
        one_line(title), clean(made), rows
    )
    return _framed(one_line(title), body)


def _framed(title: str, body: Markup) -> str:
    return str(_FRAME.format(policy=_POLICY, title=title, style=_style(), body=body))


@cache
def _style() -> Markup:
    return Markup(Path(__file__).with_name("case_file.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file


def _part(name: str, heading: str, rows: Iterable[Markup], tag: str, none: str) -> Markup:
    inside = Markup("").join(rows)
    content = (
        Markup("<{0}>\n{1}</{0}>\n").format(Markup(tag), inside)  # noqa: S704 - a name from above
        if inside
        else Markup('<p class="quiet">{}</p>\n').format(none)
    )
    return Markup('<section class="{0}" aria-labelledby="{0}">\n<h2 id="{0}">{1}</h2>\n{2}</section>\n').format(
        name, one_line(heading), content
    )


def _fact(line: Line) -> Markup:
    return Markup("<div><dt>{}</dt><dd>{}</dd></div>\n").format(one_line(line.label), clean(line.text))


def _deadline(case: CaseFile, line: DeadlineLine) -> Markup:
    source = Markup('<p class="quiet">{}<bdi>{}</bdi></p>').format(_label(case.headings.source), clean(line.source))
    links = Markup("").join(Markup('<p class="quiet">{}</p>').format(_link(one)) for one in line.links)
    return Markup('<li{}><p class="when">{}</p><p>{}</p>{}{}</li>\n').format(
        Markup(' class="over"') if line.over else "", clean(line.when), clean(line.what), source, links
    )


def _event(line: Line) -> Markup:
    return Markup('<li><span class="when">{}</span><span class="what">{}</span></li>\n').format(
        one_line(line.label), clean(line.text)
    )


def _exhibit(case: CaseFile, one: Exhibit, pictures: Mapping[str, str]) -> Markup:
    words = case.headings
    label = one_line(words.exhibit.replace("{number}", str(one.number)))
    name = one_line(one.name)
    facts = [clean(text) for text in (one.received, one.size_text) if text]
    lines = Markup('<p class="quiet">{}</p>').format(" · ".join(facts)) if facts else Markup("")
    if one.sha256:
        lines += Markup('<p class="quiet">{}<code>{}</code></p>').format(_label(words.sha256), one_line(one.sha256))
    return Markup("<figure>\n<figcaption><h3>{}{}</h3>{}</figcaption>\n{}</figure>\n").format(
        label, Markup(" <bdi>{}</bdi>").format(name) if name else "", lines, _content(case, one, label, name, pictures)
    )


def _content(case: CaseFile, one: Exhibit, label: str, name: str, pictures: Mapping[str, str]) -> Markup:
    """The picture, or what stands in its place."""
    if one.type.startswith("image/"):
        picture = pictures.get(one.sha256, "")
        if _PICTURE.fullmatch(picture):
            return Markup('<img alt="{}" src="{}">\n').format(f"{label} {name}".strip(), picture)
        return Markup('<p class="missing">{}</p>\n').format(case.headings.missing)
    if one.type and one.file:
        before, _, after = case.headings.not_shown.partition("{name}")
        link = Markup('<a href="{}"><bdi>{}</bdi></a>').format(_beside(one.file), one_line(one.file))
        return Markup('<p class="missing">{}{}{}</p>\n').format(before, link, after)
    return Markup("")


def _letter(case: CaseFile, one: HandedOut) -> Markup:
    rules = Markup("").join(Markup("<li>{}</li>").format(one_line(rule)) for rule in one.rules)
    leaning = (
        Markup('<p class="quiet">{}</p><ul class="rules">{}</ul>\n').format(_label(case.headings.rules), rules)
        if rules
        else ""
    )
    return Markup(
        '<article>\n<h3>{}</h3>\n<p class="quiet">{}</p>\n<blockquote>{}</blockquote>\n{}</article>\n'
    ).format(one_line(one.kind), clean(one.when), clean(one.text), leaning)


def _label(heading: str) -> str:
    words = one_line(heading)
    return words if words.endswith(("：", ":")) else f"{words} "


def _link(address: str) -> Markup:
    """An address as text, and as a link if it leads to a site over https."""
    shown = one_line(address)
    if not is_web_address(shown):
        return Markup("<bdi>{}</bdi>").format(shown)
    return Markup('<a href="{0}" rel="noreferrer noopener"><bdi>{0}</bdi></a>').format(shown)


def _beside(name: str) -> str:
    """The relative address of an entry of the same archive. ``./`` keeps a name with a colon from being a scheme."""
    return f"./{quote(one_line(name).lstrip('/'))}"


__all__: Sequence[str] = ("index", "page")
