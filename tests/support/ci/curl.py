"""The program `curl`, as far as the recipe for GitLab uses it: the API on notes, merge requests, pipelines and jobs.

What the service holds is a JSON file; each call is written down in it, with the body that it sent. An address that is
not known here, or one without the token, ends it with 22, as `--fail` does. The token comes on stdin: a `--header` on
the command line is not known.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

State = dict[str, Any]
_ME = {"id": 42, "username": "project_1_bot"}
_PAGE = 2
"""How many notes stand on a page, so that nobody gets by with the first."""


def main() -> int:
    """Run a command line."""
    parser = argparse.ArgumentParser()
    for flag in ("--fail", "--silent", "--show-error", "--location"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--config", required=True, choices=["-"])
    parser.add_argument("--output", required=True)
    parser.add_argument("--request")
    parser.add_argument("--data", action="append", default=[])
    parser.add_argument("--data-urlencode", action="append", default=[])
    parser.add_argument("address")
    given = parser.parse_args()
    home = Path(os.environ["FAKE_GITLAB"])
    state: State = json.loads((home / "state.json").read_text(encoding="utf-8"))
    fields = dict(one.split("=", 1) for one in given.data)
    for one in given.data_urlencode:
        name, _, file = one.partition("@")
        fields[name] = Path(file).read_text(encoding="utf-8")
    method = given.request or ("POST" if fields else "GET")
    state["calls"].append({"method": method, "address": given.address, "fields": fields})
    url = urlsplit(given.address)
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    answer = _answer(home, state, method, url.path, asked, fields)
    (home / "state.json").write_text(json.dumps(state), encoding="utf-8")
    if answer is None or sys.stdin.read() != f'header = "Authorization: Bearer {state["token"]}"\n' or not given.fail:
        sys.stderr.write(f"curl: (22) {method} {given.address}: 404\n")
        return 22
    Path(given.output).write_text(answer if isinstance(answer, str) else json.dumps(answer), encoding="utf-8")
    return 0


def _answer(  # noqa: C901, PLR0911, PLR0913, PLR0917 - a table of addresses, for one call
    home: Path, state: State, method: str, path: str, asked: dict[str, str], fields: dict[str, str]
) -> Any:  # noqa: ANN401 - JSON
    match method, path.removeprefix("/api/v4/").removeprefix("projects/1/").split("/"):
        case "GET", ["user"]:
            return _ME
        case "GET", ["merge_requests", number, "notes"]:
            begin = (int(asked["page"]) - 1) * _PAGE
            return [one for one in state["notes"] if one["request"] == number][begin : begin + _PAGE]
        case "POST", ["merge_requests", number, "notes"]:
            state["notes"].append({"id": len(state["notes"]) + 1, "request": number, "author": _ME, **fields})
            return state["notes"][-1]
        case "PUT", ["merge_requests", number, "notes", note]:
            return _changed(state["notes"], request=number, id=int(note), fields=fields)
        case _, ["issues", *rest]:
            return _issues(state, method, rest, asked, fields)
        case "GET", ["repository", "commits", commit, "merge_requests"]:
            return [one for one in state["requests"] if commit in one["commits"]]
        case "GET", ["merge_requests", number, "pipelines"]:
            return [one for one in state["pipelines"] if one["request"] == int(number)][::-1]
        case "GET", ["pipelines", number, "jobs"]:
            if int(number) not in {one["id"] for one in state["pipelines"] if one["project_id"] == 1}:
                return None
            jobs = [one for one in state["jobs"] if one["pipeline"] == int(number)]
            return [job for job in jobs if job["status"] == asked["scope[]"]]
        case "GET", ["jobs", number, "artifacts", name]:
            file = home / "artifacts" / number / name
            return file.read_text(encoding="utf-8") if file.is_file() else None
    return None


def _issues(state: State, method: str, rest: list[str], asked: dict[str, str], fields: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
    match method, rest:
        case "GET", []:
            assert {"scope": "all", "state": "opened", "author_id": str(_ME["id"]), "per_page": "100"} == asked
            return [one for one in state["issues"] if one["state"] == "opened" and one["author"] == _ME]
        case "POST", []:
            state["issues"].append({"iid": len(state["issues"]) + 1, "state": "opened", "author": _ME, **fields})
            return state["issues"][-1]
        case "PUT", [number]:
            closed = {"state": "closed"} if fields.get("state_event") == "close" else fields
            return _changed(state["issues"], iid=int(number), fields=closed)
        case "POST", [number, "notes"]:
            state["issue_notes"].append({"issue": int(number), "author": _ME, **fields})
            return state["issue_notes"][-1]
    return None


def _changed(things: list[dict[str, Any]], *, fields: dict[str, str], **known: object) -> dict[str, Any] | None:
    found = next((thing for thing in things if known.items() <= thing.items()), None)
    if found:
        found.update(fields)
    return found
