"""The program `gh`, as far as the recipes use it: `gh api` on comments, issues, pull requests and runs, `run download`.

What the service holds is a JSON file; each call is written down in it, with the body that it sent. A path or an option
that is not known here ends it with 1, as an unknown address ends the real one.
"""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jq

State = dict[str, Any]


def main() -> int:
    """Run a command line."""
    home = Path(os.environ["FAKE_GITHUB"])
    state: State = json.loads((home / "state.json").read_text(encoding="utf-8"))
    if not os.environ.get("GH_TOKEN"):
        return _failed("no token")
    code = _api(state) if sys.argv[1] == "api" else _download(state, home)
    (home / "state.json").write_text(json.dumps(state), encoding="utf-8")
    return code


def _api(state: State) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--method", default="GET")
    parser.add_argument("--jq")
    parser.add_argument("--paginate", action="store_true")
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("-f", "--raw-field", action="append", default=[])
    parser.add_argument("-F", "--field", action="append", default=[])
    given = parser.parse_args(sys.argv[2:])
    fields = dict(map(_pair, given.raw_field)) | {name: _read(value) for name, value in map(_pair, given.field)}
    state["calls"].append({"method": given.method, "address": given.address, "fields": fields})
    url = urlsplit(given.address)
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    answer = _answer(state, given.method, url.path, asked, fields)
    if answer is None:
        return _failed(f"{given.method} {given.address}: HTTP 404")
    # Pages of two, so that nobody gets by without --paginate
    pages = [answer[at : at + 2] for at in range(0, len(answer), 2)] if isinstance(answer, list) else [answer]
    for page in pages if given.paginate else pages[:1]:
        _print(page, given.jq, silent=given.silent)
    return 0


def _print(page: Any, program: str | None, *, silent: bool) -> None:  # noqa: ANN401 - JSON
    if silent:
        return
    for one in jq.compile(program).input_value(page).all() if program else [page]:
        sys.stdout.write(f"{one if isinstance(one, str) else json.dumps(one)}\n")


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _read(value: str) -> str:
    return Path(value[1:]).read_text(encoding="utf-8") if value.startswith("@") else value


def _answer(state: State, method: str, path: str, asked: dict[str, str], fields: dict[str, str]) -> Any:  # noqa: ANN401, PLR0911 - a table of addresses
    match method, path.removeprefix(f"repos/{state['repository']}/").split("/"):
        case "GET", ["issues"]:
            return [one for one in state["issues"] if one["state"] == asked["state"]]
        case "POST", ["issues"]:
            return _added(state["issues"], {"number": len(state["issues"]) + 100, "state": "open", **fields})
        case "PATCH", ["issues", "comments", number]:
            return _changed(state["comments"], "id", number, fields)
        case "PATCH", ["issues", number]:
            return _changed(state["issues"], "number", number, fields)
        case "GET", ["issues", number, "comments"]:
            return [one for one in state["comments"] if one["issue"] == number]
        case "POST", ["issues", number, "comments"]:
            return _added(state["comments"], {"id": len(state["comments"]) + 1, "issue": number, **fields})
        case "GET", ["commits", commit, "pulls"]:
            return [one for one in state["pulls"] if commit in one["commits"]]
        case "GET", ["actions", "workflows", workflow, "runs"]:
            return {"workflow_runs": [one for one in state["runs"] if _is_asked_for(one, workflow, asked)]}
    return None


def _is_asked_for(run: dict[str, Any], workflow: str, asked: dict[str, str]) -> bool:
    names = {"event": "event", "branch": "head_branch", "head_sha": "head_sha", "status": "conclusion"}
    wanted = {names[name]: value for name, value in asked.items() if name != "per_page"}
    return run["workflow"] == workflow and all(run[name] == value for name, value in wanted.items())


def _added(things: list[dict[str, Any]], thing: dict[str, Any]) -> dict[str, Any]:
    things.append({"user": {"type": "Bot", "login": "github-actions[bot]"}, "pull_request": None, **thing})
    return things[-1]


def _changed(things: list[dict[str, Any]], key: str, number: str, fields: dict[str, str]) -> dict[str, Any] | None:
    found = next((thing for thing in things if str(thing[key]) == number), None)
    if found:
        found.update(fields)
    return found


def _download(state: State, home: Path) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs=3)
    for option in ("--repo", "--dir"):
        parser.add_argument(option, required=True)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--name")
    wanted.add_argument("--pattern", action="append")
    given = parser.parse_args(sys.argv[1:])
    number = given.words[2]
    if given.words[:2] != ["run", "download"] or given.repo != state["repository"] or not number.isdecimal():
        return _failed("no such run")
    folder = home / "artifacts" / number
    found = [one for pattern in given.pattern or [given.name] for one in folder.glob(pattern)]
    for one in found:
        # What is found by a pattern has a folder of its own
        shutil.copytree(one, given.dir if given.name else Path(given.dir) / one.name, dirs_exist_ok=True)
    return 0 if found else _failed("no valid artifacts found to download")


def _failed(why: str) -> int:
    sys.stderr.write(f"gh: {why}\n")
    return 1
