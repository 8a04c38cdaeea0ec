"""Reconcile the integration responses of AWS API Gateway with the YAML manifests that declare them.

How data flows::

    manifests --load--> documents --resolve (environment, vars, sets, overlays, files)--> Desired --lint--> diagnostics
    AWS --read (bulk)--> Live                     both are in normal form, so they are compared with ==
    AWS --read (export of a stage)--> Served      in the same form (WebSocket: the fingerprint of a deployment)
    Desired + Live --bind--> the same names on both sides; fields that the manifests do not own carry live values
                   --defer--> without the responses of methods that do not exist yet, where that is allowed
    Desired + Live --check--> diagnostics --compare--> changes --order--> Plan --guard--> saved plan | report | apply
    Desired at base + Desired + Live --causes--> Plan with the cause of each action: manifests, drift, both
    Plan + Live + Served --undeployed--> what a deployment would publish, within the plan and outside of it
    apply, phase 1: read again, plan again, compare with what was approved, guard: all targets, or nothing is written
           phase 2: begin the journal, write (a journal line for each write), read again, verify, deploy, verify
    drift    = compare Live and Served, report     status = the same, as a table of responses
    coverage = AWS's listings of APIs against the APIs that manifests find
    deploy   = phase 2 without the writes          review = compare(Desired at base, Desired at head), without AWS
    export   = Live -> YAML                        adopt  = drift -> edits of the existing YAML
    export --openapi = an OpenAPI document -> YAML       openapi = Desired -> edits of an OpenAPI document
    fmt      = YAML -> the same YAML in one layout
    rollback = a run's "before" as Desired, through the same engine
    test     = a call + a backend's answer + Desired --respond--> what the client gets; render and select show it
    effects  = the same with the responses before and after a change

The rooms. Each imports only rooms below it, and rooms on one line do not import each other (import-linter enforces
that, see `pyproject.toml`)::

    cli | lambda_handler           commands (what can be typed), handlers (what they do), options, terminal
                                     | drift as a Lambda function
    views | api                    a command's text, report and JSON, side by side | the engine for Python programs
    engine                         what the commands do, as functions over ports: plan, apply, drift, journaled runs;
                                   load, read, adopt, review, deploy, rollback, response_tests
    resolve                        documents -> Desired: layers, sets, overlays, origins, bind
    config                         reconciler.yaml: its shape, its problems, the projects it makes
    manifest | aws | sandbox       manifests: schema, loader, writer | the adapter to AWS | a strict local AWS
      | render | planfile            formats: Markdown, HTML, SARIF, JUnit, GitHub | saved plans
      | journal                      runs on disk, and the lock that keeps them apart
      | history | notify             drift runs in a folder | webhooks and Apprise: channels to people
    git | yamlio                   git, with no say for the working tree | all that knows YAML's text
    atomic_write | file_tree       files written as a whole or not at all | globs over files, on disk and in git
    documents                      plans, runs and reports as JSON documents; the schemas
    apply | guard                  runs actions through the port | refuses unsafe plans, the only judge of its rules
    deployments | fleet            what a deployment would publish, and whose change it is | what a run over many APIs
                                     knows besides its findings: ages, blame, coverage
    plan | findings | review       changes -> ordered actions and causes | -> drift | Desired twice -> effects
    diff | effects | lint          Desired and Live -> changes (DeepDiff) | what they do to clients | checks
    mapping                        what API Gateway evaluates at run time: patterns, mappings, templates -> answers
    openapi | meter                an export of a stage -> what it serves | counts calls
    normal | ports | definitions   what AWS treats as equal | protocols of the outside world | models and validators
      | trail_events                 | CloudTrail's events about API Gateway
    members                        the other members of integrations and methods
    models                         keys, responses, targets, Desired, Live: plain values in normal form
    wording | deadline             how texts of others are shown in sentences | when a run has to end
    diagnostics | errors | ...     problems with places | exceptions and exit codes | suggested commands, quoting, globs
                                   | schedule: the order of reads that share quotas
    rules | parallel | ...         every rule id with its meaning | a pool of threads | counted steps | JSON of clients
"""

__version__ = "0.1.0"
