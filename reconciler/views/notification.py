"""What channels are sent about drift: a title, a text for people, a JSON document for programs.

Names of APIs and routes come from AWS and from manifests. In the text they are printable, and `<`, which begins a
mention of everybody in chats, is replaced.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from reconciler.documents import dumped
from reconciler.documents.notification import notification_document
from reconciler.engine.drift.result import Drift
from reconciler.fleet.history import OpenFinding
from reconciler.fleet.news import News
from reconciler.ports import Notification
from reconciler.render.style import plural, printable

_MOST_LINES: Final = 20
_MOST_ENVIRONMENTS: Final = 3
_LONGEST_NAME: Final = 200
_LONGEST_LINK: Final = 500

_MENTIONS: Final = str.maketrans({"<": "\u2039", ">": "\u203a", "`": "'"})

_JOB_PAGES: Final = ("CI_JOB_URL", "BUILD_URL", "CODEBUILD_BUILD_URL", "BUILDKITE_BUILD_URL")
"""Of GitLab CI, Jenkins, AWS CodeBuild and Buildkite."""


def drift_notification(
    process: Mapping[str, str],
) -> Callable[[Drift, News, Mapping[str, OpenFinding]], Notification]:
    """Return the words for notifications of a process with these environment variables."""
    link = ci_link(process)

    def compose(drift: Drift, news: News, findings: Mapping[str, OpenFinding]) -> Notification:
        ordered = sorted(findings.values(), key=lambda finding: finding.fingerprint not in news.new)
        title = _title(news, ordered)
        text = "\n".join(_lines(drift, news, ordered, link, title))
        document = notification_document(drift.created_at, news, ordered, title, text, link)
        return Notification(title, text, dumped(document))

    return compose


def _title(news: News, findings: list[OpenFinding]) -> str:
    names = sorted({finding.environment for finding in findings if finding.environment})
    shown = ", ".join(map(_name, names[:_MOST_ENVIRONMENTS]))
    more = f" and {len(names) - _MOST_ENVIRONMENTS} more" if len(names) > _MOST_ENVIRONMENTS else ""
    place = f" in {shown}{more}" if names else ""
    if news.reason == "cleared":
        return "API Gateway drift is cleared"
    errors = sum(finding.type == "error" for finding in findings)
    differences = len(findings) - errors
    parts = [plural(differences, "finding")] if differences else []
    parts += [plural(errors, "error")] if errors else []
    prefix = "Reminder: " if news.reason == "reminder" else ""
    return f"{prefix}API Gateway drift{place}: {', '.join(parts)}"


def _lines(drift: Drift, news: News, findings: list[OpenFinding], link: str, title: str) -> Iterator[str]:
    yield f"{title}."
    counts = Counter(new=len(news.new), known=len(news.known), resolved=len(news.resolved))
    parts = [f"{count:,} {word}" for word, count in counts.items() if count]
    if parts:
        yield f"{', '.join(parts)} since the last notification."
    for finding in findings[:_MOST_LINES]:
        yield f"- {_line(finding, news)}"
    if len(findings) > _MOST_LINES:
        yield f"- and {len(findings) - _MOST_LINES:,} more"
    if drift.facts.run.stopped:
        yield f"The run was stopped before it had read everything: {_name(drift.facts.run.stopped)}."
    if link:
        yield link


def _line(finding: OpenFinding, news: News) -> str:
    stage = f"stage {finding.stage}" if finding.stage else ""
    place = ", ".join(map(_name, filter(None, (finding.environment, finding.region, stage))))
    known = f"known since {finding.first_seen[:10]}" if finding.first_seen else "known"
    age = "new" if finding.fingerprint in news.new else known
    what = "could not be compared" if finding.type == "error" else finding.type
    return f"`{_name(finding.address)}`{f' ({place})' if place else ''}: {what}, {age}"


def _name(text: str) -> str:
    return printable(text[:_LONGEST_NAME]).translate(_MENTIONS)


def ci_link(process: Mapping[str, str]) -> str:
    """Return the page of the CI job, "" if there is none: only a plain http(s) URL, without user and password."""
    urls = [process.get(name, "") for name in _JOB_PAGES]
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (process.get(name, "") for name in names)
    urls += [f"{server}/{repository}/actions/runs/{run}"] if server and repository and run else []
    return next(filter(_is_plain, urls), "")


def _is_plain(url: str) -> bool:
    if not url or len(url) > _LONGEST_LINK or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and "@" not in parts.netloc
