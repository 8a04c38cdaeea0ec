"""Reconcile the integration responses of AWS API Gateway with what YAML manifests declare.

The stages, and the way of the data through them::

    *.yaml --load--> documents --resolve (environment, vars, sets, overlays, files)--> Desired --lint--> diagnostics
    AWS --read (bulk)--> Live                (both in normal form: the edges normalise, so comparing is ==)
    AWS --read (export of a stage)--> openapi --> Served, in the same form (WebSocket: the marks of a deployment)
    AWS --read (models, validators, gateway responses)--> Live, for deployments and status only
    Desired + Live --bind--> the same under the same names, with live values where the manifests own nothing
                   --defer--> without what waits for methods that are not there yet, where that is allowed
    Desired + Live --check--> diagnostics --compare--> changes --order--> Plan --guard--> saved plan | report | apply
    Desired at base + Desired + Live --causes--> Plan, with who made each action necessary: manifests, drift, both
    Plan + Live + Served --pending--> what a deployment would publish, within the plan and outside of it
    apply, phase 1: re-read, recompute, compare with what was approved (a saved plan: in its canonical form), guard:
                    all targets, or nothing is written
           phase 2: begin the journal -> write, one journal line each -> re-read -> verify -> deploy -> verify
    drift    = compare Live, and Served, + report      status = the same, as a table of responses
    deploy   = phase 2 without the writes              review = compare(Desired at base, Desired at head); no AWS
    export   = Live -> YAML                            adopt  = drift -> edits of the existing YAML
    rollback = a run's "before" as Desired, through the same engine

The layers; each line imports only lines below it, and units on one line do not import each other (import-linter holds
them to it, see `pyproject.toml`)::

    cli                                        one file per verb: parse, call a workflow, print, exit code
    workflows                                  validate, plan, apply, drift ... as functions over ports
    aws | manifest | render | sandbox          the edges: AWS, YAML and git, texts for people and tools, a local AWS
      | planfile | journal                       saved plans on disk | runs on disk, and who is at work
    placing                                    files put into place, whole or not at all
    documents                                  plans, runs and reports as JSON documents
    apply | guard                              run actions and deploy through the port | refuse unsafe plans
    deploying                                  the draft as planned, what stages serve -> what would be published
    plan | findings | review                   changes -> ordered actions, causes | -> drift | Desired, twice -> effects
    diff | lint                                Desired, Live -> changes | rules -> diagnostics
    resolve | mapping                          documents -> Desired, bound to Live | templates, patterns evaluated
    openapi                                    AWS's export of a stage -> what the stage serves
    normal | ports | definitions               table of AWS equivalences | protocols of the outside world | models,
                                                 request validators, gateway responses out of reads and exports
    members                                    what else integrations and methods have, out of reads and exports
    models                                     keys, responses, targets, Desired, Live: always in normal form
    diagnostics | errors                       severity, location | exception tree, exit codes
      | invocation | quoting                     the commands that texts suggest | texts as YAML, as code in a sentence
      | globs | line_diff | suggest              matching | texts compared by line | similar names; all of them limited
    work                                       steps counted, up to a limit
"""

__version__ = "0.1.0"
