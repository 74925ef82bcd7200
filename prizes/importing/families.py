"""The trackers of the ai-deadlines family: what each calls a date, and what it leaves unsaid.

ai-deadlines and its forks write `title`, `deadline`, `abstract_deadline`; ccfddl nests years with a
`timeline` in each conference; sec-deadlines lists several deadlines, some as templates of a year;
python-deadlines writes `cfp` and `cfp_ext`. Each says in its README which zone goes without saying.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from markup.text import clean_line, clean_text
from markup.urls import clean_url
from prizes.importing.calls import Call, CallDate, Trouble
from prizes.importing.dates import ABSTRACT, SUBMISSION, ImpossibleDate, read_date, read_zone_of
from prizes.importing.yaml_lines import Mapping, UnreadableYaml, read_records
from prizes.reader.zones import AOE

MOST_DATES = 50
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Family:
    """How one kind of tracker writes its records."""

    name: str
    is_one: Callable[[Mapping], bool]
    read: Callable[[Mapping], Iterator[Call]]


def calls_in(data: bytes) -> Iterator[Call]:
    """Every call of a file; UnreadableYaml if it is none of the known trackers'."""
    for record in read_records(data):
        family = next((each for each in FAMILIES if each.is_one(record)), None)
        if family is None:
            known = ", ".join(each.name for each in FAMILIES)
            raise UnreadableYaml(f"Line {record.line}: a record of none of: {known}.")
        yield from family.read(record)


def _ai(record: Mapping) -> Iterator[Call]:
    call = _call(record, "title", "full_name")
    for name, kind in (("abstract_deadline", ABSTRACT), ("deadline", SUBMISSION)):
        if name in record:
            _add(call, record, name, kind, None)
    yield call


def _ccf(record: Mapping) -> Iterator[Call]:
    confs = record.get("confs")
    for conf in confs if isinstance(confs, list) else []:
        if not isinstance(conf, Mapping):
            continue
        call = _call(conf, "", "", name=record.get("title"), about=record.get("description"))
        rounds = conf.get("timeline")
        rounds = [each for each in rounds or [] if isinstance(each, Mapping)]
        for number, each in enumerate(rounds[:MOST_DATES], 1):
            label = _line(each.get("comment"))[:200] or (f"round {number}" if rounds[1:] else "")
            for name, kind in (
                ("abstract_deadline", ABSTRACT),
                ("abstract deadline", ABSTRACT),
                ("deadline", SUBMISSION),
            ):
                if name in each:
                    _add(call, each, name, kind, None, label=label, zone=conf.get("timezone"))
        yield call


def _sec(record: Mapping) -> Iterator[Call]:
    call = _call(record, "name", "description")
    stated = record.get("deadline")
    texts = stated if isinstance(stated, list) else [stated]
    for number, text in enumerate(texts[:MOST_DATES], 1):
        label = f"round {number}" if texts[1:] else ""
        _add(call, record, "deadline", SUBMISSION, AOE, label=label, text=_filled(text, record))
    yield call


def _python(record: Mapping) -> Iterator[Call]:
    call = _call(record, "conference", "alt_name")
    _add(call, record, "cfp", SUBMISSION, AOE)
    if record.get("cfp_ext"):
        before = call.dates.pop() if call.dates else None
        _add(call, record, "cfp_ext", SUBMISSION, AOE)
        if call.dates and before is not None:
            call.dates[-1] = replace(call.dates[-1], moved_from=before)
        elif before is not None:
            call.dates.append(before)
    for name, label in (
        ("workshop_deadline", "workshops"),
        ("tutorial_deadline", "tutorials"),
        ("finaid", "financial aid"),
    ):
        # Financial aid is a date for some and the address of a page for others.
        if record.get(name) and not str(record[name]).startswith("http"):
            _add(call, record, name, SUBMISSION, AOE, label=label)
    yield call


FAMILIES = (
    Family("ccfddl", lambda record: "confs" in record, _ccf),
    Family("python-deadlines", lambda r: "conference" in r and "cfp" in r, _python),
    Family("sec-deadlines", lambda r: "name" in r and "deadline" in r, _sec),
    Family("ai-deadlines", lambda r: "title" in r and "deadline" in r, _ai),
)


def _call(
    record: Mapping, title: str, long_name: str, *, name: Any = None, about: Any = None
) -> Call:
    name = _line(name or record.get(title))
    year = _line(record.get("year"))
    call = Call(name=name, line=record.line)
    if not name:
        call.troubles.append(Trouble(record.line, "has no name"))
    if year and year not in name:
        call.name = f"{name} {year}"
    if len(call.name) > LONGEST_NAME:
        call.troubles.append(Trouble(record.line, f"the name is longer than {LONGEST_NAME}"))
    link = _line(record.get("link"))
    call.website = clean_url(link) if link else None
    if link and call.website is None:
        call.troubles.append(Trouble(record.lines["link"], f"{link[:80]!r} is no web address"))
    told = clean_text(str(about or record.get(long_name) or "")).strip()
    call.description = told[:2000] or None
    call.key = _line(record.get("id")) or f"{name}|{year}"
    call.raw = repr(dict(record)).encode(errors="replace")[:20_000]
    return call


def _add(
    call: Call,
    record: Mapping,
    name: str,
    kind: str,
    default: str | None,
    *,
    label: str = "",
    text: Any = None,
    zone: Any = None,
) -> None:
    """Read one date into a call; what is wrong with it is noted with its line, never skipped."""
    line = record.lines.get(name, record.line)
    text = record.get(name) if text is None else text
    if isinstance(text, list | dict):
        call.troubles.append(Trouble(line, f"{name} is no single date"))
        return
    named = _line(zone or record.get("timezone"))
    try:
        date = read_date(text, kind, label, line, read_zone_of(named, default))
    except ImpossibleDate as problem:
        call.troubles.append(Trouble(line, f"{name}: {problem}"))
        return
    said = f"{name}: {date.quote or 'none'}" + (f", timezone: {named}" if named else "")
    call.dates.append(replace(date, quote=said))


def _filled(text: Any, record: Mapping) -> Any:
    """ "%y-01-15" is of the conference's year, "%Y-10-31" of the year before (sec-deadlines)."""
    year = _line(record.get("year"))
    if not isinstance(text, str) or "%" not in text or not year.isdecimal():
        return text
    return text.replace("%y", year).replace("%Y", str(int(year) - 1))


def _line(value: Any) -> str:
    return clean_line(str(value)) if value is not None else ""


def dated(call: Call) -> list[CallDate]:
    return [date for date in call.dates if date.date is not None]
