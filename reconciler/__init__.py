"""Reconcile the integration responses of AWS API Gateway with what YAML manifests declare.

The stages, and the way of the data through them::

    *.yaml --load--> documents --resolve (environment, vars, sets, overlays, files)--> Desired --lint--> diagnostics
    AWS --read (bulk)--> Live                (both in normal form: the edges normalise, so comparing is ==)
    Desired + Live --bind--> the same under the same names, with live values where the manifests own nothing
    Desired + Live --check--> diagnostics --compare--> changes --order--> Plan --guard--> report | apply
    apply, phase 1: re-read, recompute, compare with what was approved, guard: all targets, or nothing is written
           phase 2: write -> re-read -> verify
    drift  = compare + report
    export = Live -> YAML                    adopt = drift -> edits of the existing YAML

The layers; each line imports only lines below it, and units on one line do not import each other (import-linter holds
them to it, see `pyproject.toml`)::

    cli                                        one file per verb: parse, call a workflow, print, exit code
    workflows                                  validate, plan, apply, drift ... as functions over ports
    aws | manifest | render | sandbox          the edges
    documents                                  plans and drift reports as JSON documents
    apply | guard                              run actions through the port | refuse unsafe plans
    plan | findings                            changes -> ordered actions with reasons | changes -> drift
    diff | lint                                Desired, Live -> changes | rules -> diagnostics
    resolve | mapping                          documents -> Desired, bound to Live | templates, patterns evaluated
    normal | ports                             table of AWS equivalences | protocols of the outside world
    models                                     keys, responses, targets, Desired, Live: always in normal form
    diagnostics | errors                       severity, location | exception tree, exit codes
"""

__version__ = "0.1.0"
