"""Telegram updates as no client sends them: valid ones with their parts exchanged, left out, blown up or forged."""

import random
import string
from collections.abc import Callable
from typing import Any

from tests.abuse.beings import Being
from tests.abuse.crowd import Crowd
from tests.channels.web.pictures import PDF, mp4, png

WORDS = (
    "草莓烂了一半商家不给退", "商家拒绝了", "还剩1天3小时", "昨天下午三点", "钱到了", "1", "①", "第三个", "对", "不对",
    "39.90", "全部删除",
    "订单号 261118-123456789012345", "查快递", "大字", "小字", "改回上一步", "给客服的话",
    "撤销申请就给你退", "验证码 123456", "？", "。", "谢谢",
    "你个骗子我要去你家", "99999999999999999999999", "0000-00-00", "2026年13月40日", "-1天", "1e999",
    "http://127.0.0.1/?a=b&c=<script>", "<b>粗", "&lt;", "&#0;", "&", "</b></i>", "{number}", "%s%n",
    "${jndi:ldap://x}", "'; DROP TABLE persons;--", "..\\..\\etc", "A" * 300, "\u202e反\u202c", "\u200b", "\ufeff",
    "e\u0301" * 40, "👨‍👩‍👧‍👦" * 30, "ﷺ" * 50, "\x00", "\ud800", "\udfff\ud800", "a\ud83d", "\x1b[31m", "\r\n\r\n",
    "长" * 4096, "字\n" * 2000, "٣", "１２３", "½", "Ⅳ", "零", "二〇二六年", "十万", "1" * 400, "昨天" * 200,
    "明天后天大后天" * 60,
    "23:59:59",
)  # fmt: skip
COMMANDS = (
    "/start", "/start c_1", "/start new_quality", "/start c_99999999999999999999", "/start x", "/new", "/cases",
    "/next", "/undo", "/settings", "/help", "/privacy", "/forget", "/cancel", "/export", "/start@jieru_test_bot c_1",
    "/", "/@", "//", "/start " + "a" * 900, "/\u202estart", "/START",
)  # fmt: skip
ACTIONS = (
    "home", "cases", "card:1", "card:2", "card:-1", "card:٣", "card:999999999999999999999", "card:", "card",
    "card:1:2:3", "proof:1", "which_proof:1:1", "walk:punish:0:1", "walk:x:0:1", "words:1:service", "words:1:x",
    "results:1:all:0", "results:1:all:-1", "forget", "forget_yes", "settings", "history:1", "unknown", "confirm",
    "fraud", "draft", "ask:1:x", "when:1:refunded", "when:1:x", "snooze:1:x", "fact:1:amount", "fact:1:__class__",
    "calendar:1", "export:zip", "take:1", "more:1:0", "more:1:99", "delete:1", "zone", "quiet", "number",
    "text_size", "part:1", "ledger:1", "owed:1",
)  # fmt: skip
KINDS = (
    "message", "edited_message", "callback_query", "my_chat_member", "channel_post", "edited_channel_post",
    "business_message", "edited_business_message", "business_connection", "deleted_business_messages",
    "inline_query", "chosen_inline_result", "shipping_query", "pre_checkout_query", "poll", "poll_answer",
    "chat_member", "chat_join_request", "message_reaction", "message_reaction_count", "chat_boost",
    "purchased_paid_media", "x",
)  # fmt: skip
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 10**30, 1.5, float(10**18), "", "x", "\x00", "\ud800",
    "\u202e", "9" * 5000, [], [[]], {}, {"id": 1}, [None], [{}], {"id": None}, {"a": {"b": {"c": []}}}, "-1",
    "2026-11-22",
)  # fmt: skip
CONTENTS = (
    png(1),
    png(2, 40, 40),
    png(3)[:-9],
    b"",
    b"MZ\x90",
    PDF,
    mp4(),
    b"PK\x03\x04" + b"\0" * 99,
    b"<svg onload=alert(1)>",
    b"GIF89a" + b"\xff" * 50,
)


class Updates:
    """``next`` makes one more, by the dice alone: the same seed gives the same updates."""

    def __init__(self, crowd: Crowd, dice: random.Random) -> None:
        self._crowd, self._dice = crowd, dice
        self._number = 1000
        self._makers: tuple[Callable[[Being], dict[str, Any]], ...] = (
            self._text, self._text, self._command, self._press, self._press, self._forged, self._edit, self._file,
            self._file, self._album, self._other, self._member, self._elsewhere,
        )  # fmt: skip

    def next(self) -> tuple[Being, dict[str, Any]]:
        """Whose deed it looks like, and the update."""
        dice = self._dice
        people = [each for each in self._crowd.beings if each.session is None]
        being = dice.choice(people)
        self._number += dice.choice((1, 1, 1, 1, 0, 5))
        update: dict[str, Any] = {"update_id": self._number} | dice.choice(self._makers)(being)
        for _ in range(dice.choice((0, 0, 0, 0, 1, 1, 2))):
            self._mutate(update)
        return being, update

    def word(self, being: Being) -> str:
        """Something that the person might say; never what belongs to others, for the bot repeats what it is told."""
        dice = self._dice
        kind = dice.random()
        if kind < 0.6:
            return dice.choice(WORDS)
        if kind < 0.7:
            return dice.choice(being.secrets)
        if kind < 0.85:
            return "".join(dice.choice(WORDS)[: dice.randrange(9)] for _ in range(dice.randrange(1, 6)))
        signs = dice.choice((string.printable, "一二三天小时退货款元商家客服", "\u0600\u0627\u202e\u0e33🙂\u20e3"))
        return "".join(dice.choice(signs) for _ in range(dice.randrange(1, 60)))

    def action(self, being: Being) -> str:
        """Data of a button: one's own, somebody else's, or made up."""
        dice = self._dice
        kind = dice.random()
        if kind < 0.25 and being.pressed:
            return dice.choice(being.pressed[-12:])
        if kind < 0.45:
            other = dice.choice((*self._crowd.beings, *self._crowd.watching))
            return dice.choice(other.pressed) if other.pressed else "s1.home"
        if kind < 0.75:
            head = f"{dice.choice('skrjxS')}{dice.choice(('0', '1', '2', 'a', 'ff', '', '٣', '-1', '²', '9' * 30))}"
            return f"{head}.{dice.choice(ACTIONS)}"
        if kind < 0.9:
            verbs = ("stop", "words", "done", "snooze", "card", "later", "mute", "x", "stop:1", "", "hour", "ok")
            return f"{dice.choice('rj')}{dice.randrange(60)}.{dice.choice(verbs)}"
        return self.word(being)[:64]

    # --- valid ones --------------------------------------------------------------------------------------------------

    def _message(self, being: Being, **content: Any) -> dict[str, Any]:
        return {
            "message_id": self._dice.randrange(1, 400),
            "from": {"id": being.number, "is_bot": False, "first_name": "小李", "language_code": "zh-hans"},
            "chat": {"id": being.number, "type": "private", "first_name": "小李"},
            "date": int(self._crowd.now.timestamp()) - self._dice.choice((0, 0, 1, 3600, 10**7)),
        } | content

    def _text(self, being: Being) -> dict[str, Any]:
        return {"message": self._message(being, text=self.word(being))}

    def _command(self, being: Being) -> dict[str, Any]:
        text = self._dice.choice(COMMANDS)
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        return {"message": self._message(being, text=text, entities=entities)}

    def _press(self, being: Being) -> dict[str, Any]:
        data = self._dice.choice(being.pressed[-8:]) if being.pressed else "s0.home"
        return self._pressed(being, data)

    def _forged(self, being: Being) -> dict[str, Any]:
        return self._pressed(being, self.action(being))

    def _pressed(self, being: Being, data: str) -> dict[str, Any]:
        message = self._message(being, text="-") | {"from": {"id": 1, "is_bot": True, "first_name": "b"}}
        if self._dice.random() < 0.1:
            message = {"chat": message["chat"], "message_id": 7, "date": 0}
        query = {"id": str(self._number), "from": self._message(being)["from"], "message": message}
        return {"callback_query": query | {"chat_instance": "1", "data": data}}

    def _edit(self, being: Being) -> dict[str, Any]:
        return {"edited_message": self._message(being, text=self.word(being), edit_date=1)}

    def _file(self, being: Being, **more: Any) -> dict[str, Any]:
        dice = self._dice
        ref = f"ref-{self._number}-{dice.randrange(10**9)}"
        if dice.random() < 0.8:
            self._crowd.uploads[ref] = dice.choice(CONTENTS) + dice.choice((b"", being.secrets[3].encode()))
        sent = {"file_id": ref, "file_unique_id": ref[-9:], "file_size": dice.choice((0, 5, 10**6, 2**40, -5))}
        sized = sent | {"width": dice.choice((0, 90, 10**9, -3)), "height": 90}
        named = {"file_name": dice.choice(("a.pdf", "../../x", "\u202egpj.exe", "", "名" * 500, being.secrets[4]))}
        kind = dice.choice(("application/pdf", "text/html", "x\r\ny", "", "a" * 300))
        content: dict[str, Any] = dice.choice((
            {"photo": [sized, sized | {"width": 1280}]},
            {"document": sent | named | {"mime_type": kind}},
            {"video": sized | named | {"duration": 3}}, {"animation": sized | {"duration": 3}, "document": sent},
            {"video_note": sent | {"duration": 3, "length": 240}},
        ))  # fmt: skip
        return {"message": self._message(being, **content, **more, caption=self.word(being)[:1024])}

    def _album(self, being: Being) -> dict[str, Any]:
        return self._file(being, media_group_id=self._dice.choice(("1", "2", "", "9" * 40, "字")))

    def _other(self, being: Being) -> dict[str, Any]:
        still, quoted = {"is_animated": False, "is_video": False}, {"quote": {"text": "x", "position": 0}}
        content: dict[str, Any] = self._dice.choice((
            {"sticker": {"file_id": "s", "file_unique_id": "u", "width": 1, "height": 1, "type": "regular"} | still},
            {"voice": {"file_id": "v", "file_unique_id": "u", "duration": 3}},
            {"location": {"latitude": 1.0, "longitude": 2.0}},
            {"contact": {"phone_number": "13800138000", "first_name": "x"}}, {"dice": {"emoji": "🎲", "value": 3}},
            {"poll": {"id": "1", "question": "?", "options": []}}, {"new_chat_title": "x"},
            {"pinned_message": self._message(being, text="x")}, {"delete_chat_photo": True},
            {"forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": 1}, "text": self.word(being)},
            {"reply_to_message": self._message(being, text="x"), "text": self.word(being)} | quoted,
            {"web_app_data": {"data": "x", "button_text": "y"}}, {"successful_payment": {}}, {},
        ))  # fmt: skip
        return {"message": self._message(being, **content)}

    def _member(self, being: Being) -> dict[str, Any]:
        bot = {"id": 1, "is_bot": True, "first_name": "b"}
        status = self._dice.choice(("member", "kicked", "left", "restricted", "x"))
        member = {"status": status, "user": bot, "until_date": 0}
        change = {"chat": self._message(being)["chat"], "from": self._message(being)["from"], "date": 1}
        return {
            "my_chat_member": change | {"old_chat_member": {"status": "member", "user": bot}, "new_chat_member": member}
        }

    def _elsewhere(self, being: Being) -> dict[str, Any]:
        """The wrong chat, the wrong sender, the wrong kind of update."""
        dice = self._dice
        other = dice.choice(self._crowd.watching)
        chat = dice.choice((
            {"id": -100123, "type": "supergroup", "title": "x"}, {"id": -5, "type": "group", "title": "x"},
            {"id": -1007, "type": "channel", "title": "x"}, {"id": being.number, "type": "sender"},
            {"id": 0, "type": "private"}, {"id": -other.number, "type": "private"}, {"id": 2**52, "type": "private"},
        ))  # fmt: skip
        kind = dice.choice(KINDS)
        # Not their own secrets: the chat is another person, who would be told what they themselves wrote.
        message = self._message(being, text=dice.choice(WORDS)) | {"chat": chat}
        if dice.random() < 0.3:
            message["from"]["is_bot"] = True
        return {kind: dice.choice((message, {"id": "1", "from": message["from"], "query": "x", "offset": ""}, {}))}

    # --- and worse ---------------------------------------------------------------------------------------------------

    def _mutate(self, update: dict[str, Any]) -> None:
        """Change one part, anywhere in the depth. The chat's number stays that of somebody who may be answered."""
        dice, place = self._dice, update
        while True:
            keys = [key for key in place if key != "update_id"]
            if not keys:
                return
            key = dice.choice(keys)
            inner = place[key]
            if isinstance(inner, list) and inner and isinstance(inner[0], dict):
                inner = dice.choice(inner)
            if not isinstance(inner, dict) or dice.random() < (0.03 if place is update else 0.2):
                break
            place = inner
        self._change(place, key)

    def _change(self, place: dict[str, Any], key: str) -> None:
        dice = self._dice
        if key in ("chat", "from") or (key == "id" and "type" in place):
            # Another chat's number is another person, and no forgery: Telegram itself says who wrote.
            return
        kind = dice.random()
        if kind < 0.25:
            place.pop(key)
        elif kind < 0.75 or not isinstance(place[key], str):
            place[key] = dice.choice(STRANGE)
        elif kind < 0.85:
            place[key] = place[key] * dice.choice((2, 50))
        else:
            at = dice.randrange(len(place[key]) + 1)
            place[key] = (
                place[key][:at] + dice.choice(("\x00", "\ud83d", "\u202e", "<", "&", "🙂", "\n")) + place[key][at:]
            )
