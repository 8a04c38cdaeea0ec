"""What each rule that a remark may have is about, in a sentence: the glossary of SARIF."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reconciler.lint import RULES

_OTHERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "access-denied": "The credentials may not do what the command needs.",
        "account-id": "A text that is to be an account id is none.",
        "alias": "An alias of YAML stands for nothing, or for what it is part of.",
        "api": "A manifest says which API it is for by exactly one of a name and an id.",
        "api-id": "A text that is to be the id of an API is none.",
        "api-not-found": "The API that a manifest is for is not there, or not the only one of its name.",
        "auto-deploy": "A stage deploys every write by itself.",
        "aws": "AWS, or the way to it, said no.",
        "aws-settings": "The settings of the AWS SDK do not make sense.",
        "base": "There was nothing at the base to compare with.",
        "circular-use": "Response sets use each other in a circle.",
        "contradicting-routes": "Two listed routes lead to one integration and want different things of it.",
        "credentials": "There are no credentials, or AWS does not accept them.",
        "deployed-unknown": "What a stage serves cannot be told.",
        "duplicate-integration": "An integration is listed twice.",
        "duplicate-key": "A key stands twice in one map.",
        "duplicate-method": "One method of an API is listed in two manifests.",
        "duplicate-name": "Two documents of a kind have the same name.",
        "empty": "There is no document in the file.",
        "empty-set": "No manifest was found, which is more likely a wrong path than a wish.",
        "encoding": "The file is not UTF-8.",
        "expired-ignore": "The day until which differences were to be ignored is over.",
        "failed": "The command could not go on.",
        "field": "A text that is to name a field of a response names none.",
        "idle-ignore": "A rule about what is to be ignored matches nothing.",
        "journal": "The journal of a run cannot be written, or does not say what it should.",
        "left-out": "Manifests have no environment of the name that was asked for.",
        "managed-by-stack": "Another tool manages the API as well, and may undo what is applied.",
        "merge-key": "Merge keys of YAML are not understood.",
        "missing-file": "There is no such file.",
        "missing-key": "A key that has to be there is missing.",
        "name": "A name has a form that is not allowed.",
        "no-base": "A rule asks for the causes of changes, and no base was given to tell them by.",
        "no-merge-base": "The history that git has here does not reach back to where the branches part.",
        "no-stage": "A manifest declares no stage to deploy to.",
        "no-stages": "No stage was named to be deployed to.",
        "not-owned": "A manifest writes what it does not own.",
        "not-written": "A file could not be written.",
        "path": "A resource path, or a glob over them, has a wrong form.",
        "pattern-taken": "A response that stays holds the pattern that another one is to have.",
        "placeholder": "A placeholder stands where none can be, or names what is not there.",
        "plan-file": "The file is no saved plan that can be applied.",
        "refused": "A safety rule speaks against going on at all.",
        "root": "The root of a configuration is no folder that files may be read from.",
        "set-kind": "A response set is for the other kind of API.",
        "stage-name": "A text that is to be the name of a stage is none.",
        "syntax": "The file is not YAML.",
        "tag": "A tag of YAML is not understood.",
        "template-file": "A template file cannot be used.",
        "throttled": "AWS still throttles the calls after the last try.",
        "too-deep": "Maps and lists are nested more deeply than anybody needs.",
        "too-large": "The file is larger than what is read.",
        "undefined-variable": "A placeholder names a variable that is not defined.",
        "unknown-cause": "Whether a change is the branch's or undoes one made in AWS cannot be told by the base.",
        "unknown-environment": "There is no environment of that name.",
        "unknown-key": "There is no such key in this place.",
        "unknown-manifest": "There is no manifest of that name.",
        "unknown-set": "There is no response set of that name.",
        "unknown-stage": "The API has no stage of that name.",
        "unreachable": "Nothing listens where AWS should be.",
        "unread-variable": "No manifest reads a variable that was given.",
        "unreadable-answer": "The answer is cut off, or not one of API Gateway.",
        "unreadable-file": "The file cannot be read.",
        "unset-variable": "A variable has no value here.",
        "verb": "There is no such HTTP method.",
        "wrong-kind": "The document is not of a kind that belongs here.",
        "wrong-protocol": "The API is an HTTP API, which has no integration responses.",
        "wrong-type": "A value is of another type than the one that belongs there.",
        "wrong-value": "A value is not among those that are allowed.",
        "guard/maxDelete": "The plan deletes a larger share of the live responses than it may.",
        "guard/maxUpdate": "The plan updates a larger share of the live responses than it may.",
        "guard/emptyMethod": "The plan takes all responses from a method.",
        "guard/defaultRemoved": "The plan takes its default response from a method.",
        "guard/protect": "The plan deletes a protected response.",
        "guard/emptySet": "The plan is a plan of nothing.",
        "guard/revertsLive": "The plan undoes what was changed in AWS.",
        "guard/publishesOthers": "A deployment would publish what lies outside of the plan.",
        "guard/unknownStage": "The stage to deploy to does not exist.",
        "guard/activeCanary": "The stage to deploy to has an active canary.",
        "guard/changedSince": "What a rollback would restore was changed since the run.",
        "plan/create": "An apply would create an integration response.",
        "plan/update": "An apply would update an integration response.",
        "plan/delete": "An apply would delete an integration response.",
        "plan/deferred": "A response waits until its method exists.",
        "drift/changed": "AWS holds something else than the manifest says.",
        "drift/missing": "AWS lacks what the manifest says.",
        "drift/unexpected": "AWS holds what the manifest does not say.",
        "deploy/failed": "AWS refused a deployment.",
        "deploy/unknown": "The answer to a deployment was lost, and what became of it could not be told.",
        "deploy/not-run": "A deployment was not tried.",
        "deploy/unverified": "It could not be seen that a stage serves what was deployed.",
        "apply/refused": "AWS changed between the plan and its approval.",
        "apply/applied": "The write was carried out.",
        "apply/skipped": "AWS held what the write was for already.",
        "apply/failed": "AWS refused the write.",
        "apply/unknown": "The answer to a write was lost, and what became of it could not be told.",
        "apply/not-run": "The write was not tried, because an earlier one failed or somebody stopped the run.",
    }
)


def meaning(rule: str) -> str:
    """What a breach of the rule is; of a rule that nobody explained, that the message does."""
    if rule in RULES:
        return RULES[rule].meaning
    return _OTHERS.get(rule, "The message says what is wrong.")


def remedy(rule: str) -> str:
    """What is to be done about it in general, "" where only the message knows."""
    return RULES[rule].remedy if rule in RULES else ""
