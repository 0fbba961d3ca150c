"""Plain pages without scripts: one's cases to read, the password, a one-time link, and what went wrong."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from markupsafe import Markup, escape

from bot.channels.web.richtext import markup, nodes
from bot.channels.web.security import FORM_REFERRER
from bot.channels.web.settings import CaseText

_PAGE = Markup("""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="/static/icon.svg">
<link rel="stylesheet" href="/static/style.css">
</head>
<body class="plain">
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
""")
_LINK = Markup('<p><a href="{href}">{label}</a></p>\n')
_TEXT = Markup("<p>{text}</p>\n")
_CASE = Markup('<div class="text">{text}</div>\n')
_ERROR = Markup('<p class="error" role="alert">{text}</p>\n')
_ITEM = Markup('<li><a href="/cases/{number}">{title}</a></li>\n')
_LIST = Markup("<ul>\n{items}</ul>\n")
_JOIN = Markup("""<form method="post" action="/join">
<input type="hidden" name="token" value="{token}">
<button type="submit">{label}</button>
</form>
""")
_LOGIN = Markup("""<form method="post" action="/login">
<input type="hidden" name="next" value="{onward}">
<input type="text" name="username" value="jieru" autocomplete="username" hidden>
<p><label for="password">{label}</label></p>
<p><input type="password" name="password" id="password" autocomplete="current-password" required autofocus></p>
<button type="submit">{enter}</button>
</form>
""")


class Pages:
    """The pages, with the sentences of ``[web.plain]`` and ``[web.error]``."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def cases(self, cases: Sequence[CaseText]) -> web.Response:
        """The list; every case is a link."""
        items = Markup("").join(_ITEM.format(number=case.number, title=case.title) for case in cases)
        body = _LIST.format(items=items) if cases else _TEXT.format(text=self._t("no_cases"))
        return self._page(self._t("cases"), body + self._chat())

    def case(self, case: CaseText) -> web.Response:
        """One case as text."""
        html = str(case.text if isinstance(case.text, Markup) else escape(case.text))
        back = _LINK.format(href="/cases", label=self._t("cases"))
        return self._page(case.title, _CASE.format(text=markup(nodes(html))) + back + self._chat())

    def stranger(self) -> web.Response:
        """No session came with the request. The link asks again as a page of ours, which brings a Strict cookie."""
        again = _LINK.format(href="/cases", label=self._t("cases"))
        return self._page(self._t("cases"), _TEXT.format(text=self._t("no_session")) + again + self._chat())

    def join(self, token: str) -> web.Response:
        """Asks by a button: the preview of a messenger opens links, but presses nothing."""
        body = _TEXT.format(text=self._t("join_text")) + _JOIN.format(token=token, label=self._t("join_button"))
        return self._page(self._t("join"), body, headers=FORM_REFERRER)

    def login(
        self, onward: str, error: str = "", status: int = 200, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        """Asks for the password; then leads to ``onward``."""
        body = _ERROR.format(text=error) if error else Markup("")
        body += _LOGIN.format(onward=onward, label=self._t("password"), enter=self._t("enter"))
        return self._page(self._t("login"), body, status, {**FORM_REFERRER, **(headers or {})})

    def error(self, status: int, sentence: str, headers: Mapping[str, str]) -> web.Response:
        """What went wrong, and the way back."""
        return self._page(self._t("error"), _ERROR.format(text=sentence) + self._chat(), status, headers)

    def _chat(self) -> Markup:
        return _LINK.format(href="/", label=self._t("chat"))

    def _t(self, key: str) -> str:
        return self._texts[f"plain.{key}"]

    def _page(
        self, title: str, body: Markup, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        text = str(_PAGE.format(title=title, body=body))
        return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=headers)
