"""What reports add to findings: who may have caused them, and what ignore rules leave out."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.models.targets import Target
from reconciler.quoting import span
from reconciler.render.style import Style, file_line, plural, printable

Blames: TypeAlias = Mapping[str, Blame]
"""By fingerprint."""

_ARN: Final = re.compile(r"arn:[\w-]+:(?:iam|sts)::(\d*):(.+)", re.DOTALL)
_LONGEST_AGENT: Final = 40
_MOST_ADDRESSES: Final = 200


def blame_lines(blame: Blame | None, target: Target, style: Style) -> Iterator[str]:
    """Yield a line for each write that may have caused a finding, the latest first."""
    for change in blame.changes if blame else ():
        yield write_line(change, target.account_id, style)


def write_line(change: AwsChange, account_id: str, style: Style) -> str:
    """Return a line about one write to an API of this account."""
    is_full = style.full and not style.marked
    return style.paint(printable(written(change, account_id, full=is_full)), "faint")


def written(change: AwsChange, account_id: str, *, full: bool = False) -> str:
    """Return who wrote what and when, from where and with what; in full, with the whole ARN and the event's id."""
    who = change.who if full else _principal(change.who, account_id)
    origin = f" from {change.address}" if change.address else ""
    agent = "" if change.agent in {"", change.address} else f" with {change.agent if full else _cut(change.agent)}"
    event = f" (event {change.event_id})" if full and change.event_id else ""
    what = " ".join(filter(None, (change.event, change.subject)))
    return f"{_utc(change.at)}: {what} by {who or 'an unknown principal'}{origin}{agent}{event}"


def _utc(moment: str) -> str:
    """`2026-11-30T08:15:02Z` for people."""
    return f"{moment.replace('T', ' ').removesuffix('Z')} UTC"


def _principal(arn: str, account_id: str) -> str:
    """Return the user or role of an ARN, and the account if it is not that of the API."""
    match = _ARN.fullmatch(arn)
    if not match:
        return arn
    account, name = match.groups()
    return name if account == account_id else f"{name} of account {account}"


def _cut(agent: str) -> str:
    """Return the first products of a user agent, which name the program."""
    if len(agent) <= _LONGEST_AGENT:
        return agent
    whole, _, _ = agent[: _LONGEST_AGENT + 1].rpartition(" ")
    return f"{whole or agent[:_LONGEST_AGENT]} ..."


def unknown_blame_lines(blames: Blames | None) -> Iterator[str]:
    """Yield a line for each reason why findings have no blame."""
    notes = Counter(blame.note for blame in (blames or {}).values() if blame.note)
    for note, count in notes.items():
        yield printable(f"Blame unknown for {plural(count, 'finding')}: {note}")


def ignored_lines(ignored: Sequence[IgnoredResponses], style: Style) -> Iterator[str]:
    """Yield what each ignore rule leaves out, why, and until when; in full, the addresses as well."""
    if not ignored:
        return
    count = sum(len(rule.addresses) for rule in ignored)
    rules = len({(rule.match, rule.fields, rule.location) for rule in ignored})
    yield f"Ignored: {plural(count, 'difference')} by {plural(rules, 'rule')}"
    for rule in ignored:
        yield f"  {rule_line(rule, style)}"
        if style.full and not style.marked:
            yield from (f"    {printable(address)}{_site(rule)}" for address in rule.addresses[:_MOST_ADDRESSES])
            more = len(rule.addresses) - _MOST_ADDRESSES
            yield from (style.paint(f"    ... and {more:,} more", "faint"),) if more > 0 else ()


def ignored_text(rule: IgnoredResponses) -> str:
    """Return in one line what an ignore rule leaves out."""
    count = plural(len(rule.addresses), "difference")
    return f"`{rule.match}`{_site(rule)}: {count} ignored{_fields(rule)}{_why(rule)}"


def rule_line(rule: IgnoredResponses, style: Style) -> str:
    """Return in one painted line what an ignore rule leaves out, why, until when, and where the rule is."""
    match = span(rule.match) if rule.match.isprintable() else rule.match
    source = style.paint(f"  {file_line(rule.location)}", "faint") if rule.location else ""
    text = f"{match}{_site(rule)}: {plural(len(rule.addresses), 'difference')}{_fields(rule)}{_why(rule)}"
    return f"{printable(text)}{source}"


def _site(rule: IgnoredResponses) -> str:
    return f" ({rule.environment}, {rule.region})" if rule.environment else ""


def _fields(rule: IgnoredResponses) -> str:
    return f" in {', '.join(rule.fields)}" if rule.fields else ""


def _why(rule: IgnoredResponses) -> str:
    parts = [rule.reason, f"until {rule.until}" if rule.until else ""]
    return f" ({', '.join(filter(None, parts))})" if any(parts) else ""
