"""One decision at work: what was known, what the person did, what changes, what is shown. No I/O."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.catalog import Catalog
from bot.catalog.content import DATA
from bot.catalog.problems import Problem
from bot.conversation.letters.draft_words import DraftWords, load_draft_words
from bot.conversation.session import Session
from bot.conversation.understand.fraud import FraudWords, load_fraud_words
from bot.conversation.understand.lexicon import Lexicon
from bot.conversation.understand.outside import OutsideWords, load_outside_words
from bot.conversation.understand.reply_words import ReplyWords, load_reply_words
from bot.conversation.view import View
from bot.domain.facts import State
from bot.domain.history import after, fold
from bot.domain.machine import Event
from bot.domain.model import Case, Dossier, Entry, Job, Json, KeptFile, Letter, Person, Reminder
from bot.domain.moment import Moment
from bot.domain.plan import LIVE_STATES, merge, plan
from bot.domain.schedule import Schedule, Told, derive
from bot.messages import Attachment, Incoming

ABOUT_NO_CASE = frozenset({"files", "guess", "phone_unsure", "trusted"})
"""What a session's draft may keep when a 问题单 is deleted."""


@cache
def _fraud_words() -> FraudWords:
    return load_fraud_words(DATA / "lexicon")


@cache
def _draft_words() -> DraftWords:
    return load_draft_words(DATA / "lexicon")


@cache
def _reply_words() -> ReplyWords:
    return load_reply_words(DATA / "lexicon")


@cache
def _outside_words() -> OutsideWords:
    return load_outside_words(DATA / "lexicon")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the bot knows before anybody speaks: content, and words to recognise."""

    catalog: Catalog
    lexicon: Lexicon
    abilities: frozenset[str] = frozenset()
    """What is installed beside the core: "ocr", "pdf"."""
    outcomes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(problem, outcome) -> how many cases of this database ended so, whosever they were."""
    fraud: FraudWords = field(default_factory=_fraud_words)
    drafts: DraftWords = field(default_factory=_draft_words)
    replies: ReplyWords = field(default_factory=_reply_words)
    outside: OutsideWords = field(default_factory=_outside_words)


class Turn:
    """Collects the changes of one decision; ``result`` is the dossier as it should be saved."""

    def __init__(self, knowledge: Knowledge, dossier: Dossier, incoming: Incoming | None, now: datetime) -> None:
        self.knowledge = knowledge
        self.catalog = knowledge.catalog
        self.t = knowledge.catalog.texts
        self.now = now
        self.said = incoming.said if incoming else now
        self.message = incoming.message if incoming else ""
        self.source_id = incoming.id if incoming else ""
        self.person: Person = dossier.person
        self.zone = ZoneInfo(dossier.person.preferences.zone)
        self.session = Session.from_json(dossier.person.session)
        self.cases: dict[int, Case] = {case.number: case for case in dossier.cases}
        self.found: Mapping[str, Case] = {case.id: case for case in dossier.cases}
        """The cases as they were before this decision, by id."""
        self.reminders: list[Reminder] = list(dossier.reminders)
        self.letters: list[Letter] = []
        self.jobs: list[Job] = list(dossier.jobs)
        self.files: list[KeptFile] = []
        self.dropped: list[tuple[str, str]] = []
        self.misses: list[str] = []
        self.before: list[View] = []
        """Messages of their own, sent before the place is shown."""
        self.toast = ""
        self.note: Markup | None = None
        """One line above the place, this time only."""
        self.fresh = False
        """True: show the place in a new message instead of editing."""
        self.paging = False
        """True: only another page of the present screen's choices is shown (大字模式)."""
        self.handing: Attachment | None = None
        """A file that is handed out with the place."""
        self.silent = False
        """True: nothing is shown (one of several pictures; work whose outcome will be shown)."""
        self.acted = False
        """True once anything but the place changed: the buttons shown before are then stale."""
        self.forgotten = False
        self._touched: set[int] = set()
        self._folded: dict[int, tuple[tuple[Entry, ...], State]] = {}
        self._scheduled: dict[int, tuple[Case, Schedule]] = {}
        self._changed: dict[int, tuple[Mapping[str, str], Mapping[str, str]]] = {}

    # --- reading -------------------------------------------------------------------------------------------------

    def case(self, number: int | str) -> Case | None:
        """The person's case of that number; other people's are not here at all."""
        return self.cases.get(int(number)) if str(number).isdecimal() else None

    def open_cases(self) -> list[Case]:
        return [case for case in self.cases.values() if self.state(case).open]

    def state(self, case: Case) -> State:
        kept = self._folded.get(case.number)
        if kept is None or kept[0] is not case.entries:
            kept = self._folded[case.number] = (case.entries, fold(case))
        return kept[1]

    def problem(self, case: Case) -> Problem:
        """What went wrong; a case whose problem file is gone is treated as one the merchant does not settle."""
        return self.catalog.problems.get(self.state(case).problem) or self.catalog.problems["quality"]

    def schedule(self, case: Case) -> Schedule:
        """The case's deadlines, as of the rule versions that it was told."""
        kept = self._scheduled.get(case.number)
        if kept is None or kept[0] is not case:
            told = Told(self.catalog.rules, case.told, self.now.astimezone(self.zone).date())
            clocks = self.problem(case).clocks
            schedule = derive(self.state(case), told, self.zone, self.catalog.holidays, clocks)
            kept = self._scheduled[case.number] = (case, schedule)
        return kept[1]

    def rules(self, case: Case | None = None) -> Told:
        """The rule book, as this case was told it or as it is in force today."""
        return Told(self.catalog.rules, case.told if case else {}, self.now.astimezone(self.zone).date())

    def rules_changed(self, case: Case) -> Mapping[str, str]:
        """Rule id -> present version, of those told rules that read differently now.

        A version that was over before the case was opened was told on purpose (it goes by an earlier date).
        """
        kept = self._changed.get(case.number)
        if kept is not None and kept[0] is case.told:
            return kept[1]
        today, opened = self.now.astimezone(self.zone).date(), case.opened.astimezone(self.zone).date()
        changed = {
            change.new.id: change.new.version
            for change in self.catalog.rules.changed_since(case.told, today)
            if change.new is not None
            and not (change.old and change.old.effective_until and change.old.effective_until < opened)
        }
        self._changed[case.number] = (case.told, changed)
        return changed

    # --- changing ------------------------------------------------------------------------------------------------

    def go(self, place: str) -> None:
        self.session.place = place
        self.session.page = 0

    def open_case(self, data: Mapping[str, Json]) -> Case:
        """A new 问题单 with the next number. Its id follows from the update, so a retried decision gives it again."""
        number = max(self.session.last_number, *self.cases, 0) + 1
        digest = hashlib.blake2s(f"{self.person.id}/{self.source_id}/{number}".encode(), digest_size=5).hexdigest()
        case = Case(id=digest, number=number, opened=self.now)
        self.cases[number] = case
        return self.record(case, "opened", data)

    def record(self, case: Case, kind: str, data: Mapping[str, Json] | None = None) -> Case:
        """Add a change to the case's history. Returns the case as it is then."""
        current = self.cases[case.number]
        seq = current.entries[-1].seq + 1 if current.entries else 1
        entry = Entry(seq, self.now, kind, dict(data or {}), self.message)
        changed = replace(current, entries=(*current.entries, entry))
        self.cases[case.number] = changed
        kept = self._folded.get(case.number)
        if kind != "undo" and kept is not None and kept[0] is current.entries:
            self._folded[case.number] = (changed.entries, after(kept[1], entry))
        self._touched.add(case.number)
        self.acted = True
        return changed

    def event(self, case: Case, event: Event, when: Moment | None = None, **facts: Json) -> Case:
        """Record what happened, with its date."""
        data: dict[str, Json] = {"event": event, **facts}
        if when is not None:
            data["when"] = when.to_json()
        return self.record(case, "event", data)

    def touch(self, case: Case) -> None:
        """Derive the case's reminders again, though no entry was added (a setting changed)."""
        self._touched.add(case.number)
        self.acted = True

    def set_reminder(self, changed: Reminder) -> None:
        """Replace a reminder row."""
        self.reminders = [changed if row.id == changed.id else row for row in self.reminders]
        self.acted = True

    def reminder(self, row_id: int) -> Reminder | None:
        return next((row for row in self.reminders if row.id == row_id and row_id), None)

    def case_by_id(self, case_id: str) -> Case | None:
        return next((case for case in self.cases.values() if case.id == case_id), None)

    def begin_job(self, kind: str, data: Mapping[str, Json], after: timedelta = timedelta()) -> None:
        """Have slow work done outside of this decision; its outcome comes back as an Incoming of kind ``job``."""
        self.jobs.append(Job(kind, dict(data), self.now + after))

    def drop_job(self, job: int) -> bool:
        """Call work off. False if it is not there any more."""
        left = [each for each in self.jobs if each.id != job or not job]
        found = len(left) < len(self.jobs)
        self.jobs = left
        return found

    def adopt_rules(self, case: Case) -> None:
        """From now on the case goes by the rules as they are in force."""
        current = self.cases[case.number]
        self.cases[case.number] = replace(current, told={**current.told, **self.rules_changed(current)})
        self.touch(case)

    def delete_case(self, case: Case) -> None:
        """Drop the 问题单 for good: its history, words, files, reminders and work go with it in the same commit."""
        del self.cases[case.number]
        self._touched.discard(case.number)
        self.reminders = [row for row in self.reminders if row.case != case.id]
        self.jobs = [job for job in self.jobs if job.data.get("case") not in (case.id, case.number)]
        self.letters = [letter for letter in self.letters if letter.case != case.id]
        self.files = [file for file in self.files if file.case != case.id]
        self.session.draft = {name: value for name, value in self.session.draft.items() if name in ABOUT_NO_CASE}
        self.session.last_number = max(self.session.last_number, case.number)
        self.acted = True

    # --- ending --------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Bring rule versions, open flags and reminder rows of every changed case in step with its facts."""
        for number in sorted(self._touched):
            case = self.cases[number]
            state, schedule = self.state(case), self.schedule(case)
            told = {**schedule.used, **case.told}
            case = replace(case, told=told, open=state.open)
            self.cases[number] = case
            # What it is told now is what its deadlines were counted by, so they stay.
            self._scheduled[number] = (case, schedule)
            changed = ",".join(sorted(self.rules_changed(case).values()))
            planned = plan(state, schedule.deadlines, self.person.preferences, self.zone, self.now, changed)
            rows = [row for row in self.reminders if row.case == case.id]
            others = [row for row in self.reminders if row.case != case.id]
            self.reminders = [*others, *merge(case.id, rows, planned, self.now)]

    def result(self) -> Dossier:
        """What is to be saved."""
        person = replace(self.person, session=self.session.to_json())
        return Dossier(
            person,
            tuple(self.cases.values()),
            tuple(self.reminders),
            tuple(self.letters),
            tuple(self.jobs),
            tuple(self.files),
            tuple(self.dropped),
        )

    def future_reminders(self, case: Case) -> list[Reminder]:
        """Planned rows of the case, nearest first."""
        rows = [row for row in self.reminders if row.case == case.id and row.state in LIVE_STATES]
        return sorted((row for row in rows if row.state in ("planned", "sending")), key=lambda row: row.due)
