"""The page of a case shows all of it, needs nothing from outside, and nobody's words become markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.documents import CaseFile
from bot.exports import html
from bot.exports.html import index, page

from .cases import FILM, HEADINGS, HOSTILE, PHOTO, SCREENSHOT, SPOILED, spoilt_by

PIXEL = "data:image/png;base64,iVBORw0KGgo="
PICTURES = {PHOTO: PIXEL, SCREENSHOT: PIXEL}
VOID = {"meta", "img", "br"}
ADDRESSES = {"src", "href", "srcset", "action", "formaction", "data", "poster", "background", "style", "xlink:href"}


class Seen(HTMLParser):
    """What a browser would find on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.style = ""
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def shape(self) -> list[tuple[str, list[str]]]:
        """Tags and names of attributes, without any word."""
        return [(tag, sorted(attributes)) for tag, attributes in self.tags]


def words(case: CaseFile) -> list[str]:
    return [
        *(one.text for one in (*case.facts, *case.history)),
        *(one.text for one in case.letters),
        *(text for one in case.deadlines for text in (one.when, one.what, one.source, *one.links)),
        *(text for one in case.evidence for text in (one.name, one.received, one.size_text, one.sha256)),
        *(rule for one in case.letters for rule in one.rules),
        case.title,
        case.stage,
        case.made,
        case.disclaimer,
    ]


def test_everything_of_the_case_is_on_the_page() -> None:
    seen = Seen(page(SPOILED, PICTURES))
    assert [word for word in words(SPOILED) if word not in seen.text] == []
    assert seen.faults == []


def test_the_headings_lead_through_it_in_order() -> None:
    seen = Seen(page(SPOILED, PICTURES))
    levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch("h[1-6]", tag)]
    assert levels == [1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 2, 3]
    assert [attributes["aria-labelledby"] for attributes in seen.all("section")] == [
        attributes["id"] for attributes in seen.all("h2")
    ]
    assert seen.all("html") == [{"lang": "zh-CN"}]


def test_it_needs_nothing_from_outside_and_runs_nothing() -> None:
    seen = Seen(page(SPOILED, PICTURES))
    assert {tag for tag, _ in seen.tags} & {"script", "link", "iframe", "object", "embed", "form", "base"} == set()
    assert [picture["src"] for picture in seen.all("img")] == [PIXEL, PIXEL]
    assert "url(" not in seen.style
    assert "@import" not in seen.style
    (policy,) = [one["content"] for one in seen.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nobodys_words_become_markup(text: str) -> None:
    """Hostile words in every place give the same page as harmless ones, but for the words."""
    harmless, hostile = (Seen(page(spoilt_by(SPOILED, word), PICTURES)) for word in ("草莓", text))
    assert hostile.shape() == harmless.shape()
    assert hostile.style == harmless.style
    assert hostile.faults == []


def test_what_was_written_is_shown_letter_by_letter() -> None:
    text = "</style><script>&amp; \"'{}{0} 镕燚彧囍𠮷 👨‍👩‍👧‍👦 #panic()"
    seen = Seen(page(spoilt_by(SPOILED, text), PICTURES))
    assert seen.text.count(text) >= 20


def test_no_mark_turns_the_order_of_letters_and_every_byte_is_utf8() -> None:
    text = page(spoilt_by(SPOILED, "\u202eexe.gpj\u2066 \x00\x1b\ud800 ok"), PICTURES)
    assert re.findall("[\x00\x1b\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text) == []
    assert "exe.gpj" in text.encode().decode()


@pytest.mark.parametrize(
    "picture",
    [
        "https://example.com/x.png",
        "data:image/svg+xml;base64,AAAA",
        "data:text/html;base64,AAAA",
        'data:image/png;base64,AA" onerror="x',
        "javascript:alert(1)",
        "",
    ],
)
def test_what_is_no_picture_in_itself_is_not_shown_but_told(picture: str) -> None:
    seen = Seen(page(SPOILED, {PHOTO: picture, SCREENSHOT: PIXEL}))
    assert [one["alt"] for one in seen.all("img")] == ["证据2 商家拒绝的页面"]
    assert seen.text.count(HEADINGS.missing) == 2  # The photo, and the receipt that nobody has.


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://example.com/",
        "//example.com",
        "data:text/html,x",
        "https://",
        "https://[",
        "file:///",
    ],
)
def test_only_an_https_address_becomes_a_link(address: str) -> None:
    deadline = replace(SPOILED.deadlines[0], links=(address, "https://www.gov.cn/a?b=1&c=2"))
    seen = Seen(page(replace(SPOILED, deadlines=(deadline,)), {}))
    assert [one["href"] for one in seen.all("a")] == [
        "https://www.gov.cn/a?b=1&c=2",
        "./%E8%AF%81%E6%8D%AE/%E8%AF%81%E6%8D%AE4.mp4",
    ]
    assert address in seen.text


def test_a_film_is_named_where_it_lies_beside_the_page() -> None:
    film = next(one for one in SPOILED.evidence if one.sha256 == FILM)
    told = "这个文件不是图片，原件是 证据/证据4.mp4。"
    assert told in Seen(page(SPOILED, {})).text
    alone = page(replace(SPOILED, evidence=(replace(film, file=""),)), {})
    assert (told in Seen(alone).text, "这个文件不是图片" in alone) == (False, False)


def test_a_name_beside_the_page_cannot_lead_elsewhere() -> None:
    film = replace(SPOILED.evidence[3], file="javascript:alert(1)//?#")
    seen = Seen(page(replace(SPOILED, evidence=(film,), deadlines=()), {}))
    assert [one["href"] for one in seen.all("a")] == ["./javascript%3Aalert%281%29//%3F%23"]


def test_empty_parts_say_so() -> None:
    bare = replace(SPOILED, facts=(), deadlines=(), history=(), evidence=(), letters=())
    assert Seen(page(bare, {})).text.count(HEADINGS.none) == 5


def test_the_index_leads_to_every_page() -> None:
    other = replace(SPOILED, title="问题单5 · <b>水壶</b>", stage="待商家处理")
    seen = Seen(index("我的问题单", "11月22日 周日 10:30", {"问题单3.html": SPOILED, "5.html": other}))
    assert [one["href"] for one in seen.all("a")] == ["./%E9%97%AE%E9%A2%98%E5%8D%953.html", "./5.html"]
    assert [text for text in (SPOILED.title, other.title, other.stage, "我的问题单") if text not in seen.text] == []
    assert seen.faults == []


def test_the_style_prints_on_a4_and_knows_the_dark() -> None:
    style = Path(html.__file__).with_name("case_file.css").read_text(encoding="utf-8")
    for needed in ("size: A4", "break-inside: avoid", "break-after: avoid", "screen and (prefers-color-scheme: dark)"):
        assert needed in style
    assert "<" not in style
