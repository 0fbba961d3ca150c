"""Bodies outside the platform: what a case keeps of each, which clock runs there, which body shuts out which.

Rules ``12315.*``, ``consumer_assoc*``, ``post.12305*``, ``court.*`` (KNOWLEDGE C).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.facts import State

HANDED_IN = "handed"
"""The first thing that is known of a body: the person has handed it in there."""
ACCEPTED, REFUSED, SETTLED = "accepted", "refused", "settled"
ENDINGS = frozenset({REFUSED, SETTLED, "failed", "ended", "judged"})
"""Results after which that body's clock stands still."""
ASSOCIATION_PLACE = "association_place"
"""Whose consumer association it is; only Shanghai's time limit is settled (rule ``consumer_assoc.shanghai``)."""
PROOF_UNTIL = "complaint_proof_until"
"""Until when 12315 wants proof (rule ``12315.identity``)."""


@dataclass(frozen=True, slots=True)
class Body:
    """One body. Its facts are named after ``prefix``; every body has a date of its own."""

    id: str
    """The rung of the ladder."""
    prefix: str
    handed: str
    """The fact that dates the handing in."""
    results: tuple[str, ...]
    """What can be reported, in the order in which it can happen."""
    waits: str = ""
    """The rule whose clock runs from the handing in."""
    works: str = ""
    """The rule whose clock runs from the acceptance."""
    beside: bool = False
    """A complaint about somebody other than the merchant: the merchant and the platform go on with the case."""

    @property
    def result(self) -> str:
        """The text fact: how far it is there."""
        return f"{self.prefix}_result"

    @property
    def accepted(self) -> str:
        """The fact that dates the acceptance."""
        return f"{self.prefix}_accepted_at"

    @property
    def ended(self) -> str:
        """The fact that dates the last result."""
        return f"{self.prefix}_result_at"


_MEDIATES = (ACCEPTED, REFUSED, SETTLED, "failed", "ended")
BODIES: Mapping[str, Body] = {
    body.id: body
    for body in (
        Body("odr", "green", "green_received_at", (SETTLED, "failed"), waits="12315.odr"),
        Body("12315", "complaint", "complaint_received_at", _MEDIATES, "12315.accept", "12315.mediation"),
        Body("association", "association", "association_received_at", _MEDIATES, works="consumer_assoc.shanghai"),
        Body("courier", "courier", "courier_complained_at", (SETTLED, "failed"), "post.12305.courier", beside=True),
        Body("12305", "postal", "postal_received_at", (REFUSED, SETTLED, "failed"), "post.12305", beside=True),
        Body("12300", "operator", "operator_received_at", (SETTLED, "failed"), beside=True),
        Body("court", "court", "court_filed_at", (ACCEPTED, REFUSED, SETTLED, "judged"), "court.filing", "court.small"),
    )
}
CLOCK_OF: Mapping[str, Body] = {rule: body for body in BODIES.values() for rule in (body.waits, body.works) if rule}
"""Which body's clock a rule is."""

_TOLD_OF = frozenset(
    {"outside", *(fact for body in BODIES.values() for fact in (body.handed, body.result, body.accepted))}
)
"""Facts without which no body has the case: most cases never leave the platform."""

_SHUT_OUT: Mapping[str, tuple[str, ...]] = {
    "odr": ("association", "court"),
    "12315": ("association", "court"),
    "association": ("12315", "court"),
    "12305": ("court",),
}
"""Bodies that refuse what one of these has taken (rules ``12315.refuse``, ``post.12305``)."""
_NEXT: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("odr", "failed"): ("12315",),
    ("12315", REFUSED): ("association", "court"),
    ("12315", "failed"): ("court",),
    ("12315", "ended"): ("court",),
    ("association", REFUSED): ("12315", "court"),
    ("association", "failed"): ("court",),
    ("association", "ended"): ("court",),
    ("courier", "failed"): ("12305",),
    ("12305", REFUSED): ("12315",),
    ("12305", "failed"): ("12315",),
}
"""What comes after a result that did not help, the nearer first."""


def result(state: State, body: Body) -> str:
    """How far it is there: ``handed``, one of its results, or empty if nothing was handed in."""
    told = state.text(body.result)
    if told:
        return told
    if state.moment(body.accepted):
        return ACCEPTED
    return HANDED_IN if state.moment(body.handed) or state.text("outside") == body.id else ""


def taken(state: State) -> tuple[Body, ...]:
    """The bodies that the case was brought to."""
    if _TOLD_OF.isdisjoint(state.facts):
        return ()
    return tuple(body for body in BODIES.values() if result(state, body))


def waiting(state: State) -> tuple[Body, ...]:
    """The bodies that have it and have not ended it."""
    return tuple(body for body in taken(state) if result(state, body) not in ENDINGS)


def latest(state: State) -> Body | None:
    """The body that was spoken of last."""
    spoken = [body for body in taken(state) if body.result in state.known]
    if not spoken:
        return next(iter(taken(state)), None)
    return max(spoken, key=lambda body: state.known.get(body.result, datetime.min.replace(tzinfo=UTC)))


def clock_of(state: State, body: Body) -> tuple[str, str]:
    """The rule whose clock runs at that body now and the fact that it counts from; empty strings if none does."""
    told = result(state, body)
    if not told or told in ENDINGS or (body.id == "courier" and state.moment(BODIES["12305"].handed)):
        return "", ""
    if told == ACCEPTED:
        shanghai = body.id != "association" or state.text(ASSOCIATION_PLACE) == "shanghai"
        return (body.works, body.accepted) if body.works and shanghai else ("", "")
    return (body.waits, body.handed) if body.waits else ("", "")


def clocks(state: State) -> tuple[str, ...]:
    """The rules whose clocks run outside the platform, each from its own date."""
    return tuple(rule for body in taken(state) if (rule := clock_of(state, body)[0]))


def shut_out_by(state: State, body_id: str) -> str:
    """The body because of which that one would refuse the same thing, or an empty string.

    What was refused was not taken. What an association has dealt with 12315 refuses even afterwards; of the other way
    round nothing is known once it is over.
    """
    for other in _SHUT_OUT.get(body_id, ()):
        told = result(state, BODIES[other])
        over = told in ENDINGS and body_id == "association" and other == "12315"
        if told and told != REFUSED and not over:
            return other
    return ""


def open_next(state: State) -> Iterator[str]:
    """The bodies that follow from the results so far: not brought there yet, and not shut out."""
    seen: set[str] = set()
    for body in taken(state):
        for following in _NEXT.get((body.id, result(state, body)), ()):
            if following in seen or result(state, BODIES[following]) or shut_out_by(state, following):
                continue
            seen.add(following)
            yield following
