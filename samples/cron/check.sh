# Runs a drift check for a scheduler, and decides by the document that it writes, never by the exit code alone: with 1, an
# API that could not be read, other APIs may have drifted as well, and without a document nothing was compared at all.
#
#     sh check.sh DOCUMENT COMMAND...          runs COMMAND --format json=DOCUMENT
#     sh check.sh --part DOCUMENT COMMAND...   the same for one of several shards
#
# Exit codes: 0 in sync, 2 AWS differs, 1 something could not be compared (and what could may differ). A part has done its
# work once its document is there, whatever is in it: 0; else the scheduler may run it again.
set -u
part=""
if [ "$1" = --part ]; then
  part=yes
  shift
fi
document=$1
shift

rm -f -- "$document" # so that yesterday's says nothing about today
code=0
"$@" --format "json=$document" || code=$?
if [ ! -s "$document" ]; then
  echo "Nothing was compared: there is no document (exit code $code)." >&2
  [ "$code" -gt 2 ] || code=1
  exit "$code"
fi
if [ -n "$part" ]; then
  [ "$code" -le 2 ] || exit "$code" # stopped before it was done
  exit 0
fi
exec python3 -c '
import json, sys
summary = json.load(open(sys.argv[1], encoding="utf-8"))["summary"]
differences = sum(summary[name] for name in ("changed", "missing", "unexpected", "deployed"))
errors = summary["errors"]
if differences or errors:
    print(f"Differences: {differences}. Could not be read: {errors}.", file=sys.stderr)
sys.exit(1 if errors else 2 if differences else 0)' "$document"
