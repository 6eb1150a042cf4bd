"""One kind of alert: how it behaves, and what the owner reads of it."""

from dataclasses import dataclass

from analysis.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKind:
    """A kind of alert; whoever emits it declares it once, and everything else reads it here.

    Attributes
    ----------
    name
        The kind of its verdicts.
    is_momentary
        Whether it is something that happens, such as a jump, rather than a state that lasts.
    has_end
        Whether its end is told, quietly.
    is_news_each_time
        Whether each sighting is another piece of news, rather than the same again.
    is_about_health
        False of what concerns the collar or the home: it carries no red flags, and is moot once
        it is over.
    is_told_as_watch
        Whether it is told although it is no more than a watch: the owner has to act on it.
    explained_by
        Circumstances that the owner can note, and that make a warning of this kind a watch.
    subject
        Whom a title is about, if not the dog.
    title, seen
        The dog and what, as a phone shows it; what was seen, as the first line.
    about
        What it is about, in the middle of a sentence.
    advice, advice_urgent
        What to do now; the second where it is urgent, if it says something else then.
    usual, certainty, limit
        Against what usual or plan; how sure; what a collar cannot see.
    over
        That the state is over.

    Notes
    -----
    A tuple holds the fullest sentence first: the first one whose numbers are all known is taken,
    so the last needs none. Numbers stand in braces, by their names in the evidence. Formats:
    percent (0.34 -> 34 %), fall (-0.34 -> 34 %), whole, one and two (decimals), times, span
    (minutes, or hours from two on), days ("day", "3 days"), few (a number of days below 14),
    known (says nothing, so that a sentence may depend on a number that it does not name).
    """

    name: str
    title: tuple[str, ...]
    about: str
    seen: tuple[str, ...]
    advice: tuple[str, ...]
    usual: tuple[str, ...]
    certainty: tuple[str, ...]
    limit: str
    over: str = ""
    advice_urgent: tuple[str, ...] = ()
    subject: str = ""
    is_momentary: bool = False
    has_end: bool = True
    is_news_each_time: bool = False
    is_about_health: bool = True
    is_told_as_watch: bool = False
    explained_by: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        needed = (self.title, self.seen, self.advice, self.usual, self.certainty)
        if not all(each and isinstance(each, tuple) for each in needed):
            msg = f"{self.name}: title, seen, advice, usual and certainty need a sentence each"
            raise SettingsError(msg)
        if self.has_end and (self.is_momentary or not self.over):
            msg = f"{self.name}: what has an end is a state, and says in `over` that it is over"
            raise SettingsError(msg)

    @property
    def is_moot_when_over(self) -> bool:
        """Whether the owner need not hear of it if it was over before it was told.

        So it is of collar and home, which work again; what the dog went through is told all the
        same.
        """
        return self.has_end and not self.is_about_health


def by_name(*kinds: AlertKind) -> dict[str, AlertKind]:
    """Return kinds by their names."""
    return {each.name: each for each in kinds}
