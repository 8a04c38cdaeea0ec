"""Results -> text for people; for programs there are `reconciler.documents`.

Promise: pure functions to `str`; nothing here prints or knows an exit code. Whatever comes from outside, live state and
manifests alike, reaches the terminal only through `printable`, so no control character and no bidirectional override
does. The last line is the summary.
"""
