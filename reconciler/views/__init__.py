"""Views: the result of each command as text for people, as a report for other formats, and as JSON.

One module for each command, with its name. Several commands share `plan_lines`, `drift_lines`, `outcomes`,
`run_result`, `deploy` and `problems`; `review_sections` belongs to `review`. `targets` names APIs, `result_styles` says
how a result looks in each format, `view` renders a format only when it is asked for.

A view only words and arranges; the formats themselves are in `reconciler.render`.
"""
