# Runs all shards, then merges their reports: sh run.sh. For whatever has kubectl and a schedule: a CI job, a machine.
set -eu
folder=$(dirname "$0")
run=$(date -u +%Y%m%d-%H%M%S)

start() { sed "s/RUN/$run/g" "$folder/$1" | kubectl create -f -; }

# kubectl waits for one condition at a time. A failed job ends the wait too, so that nobody waits an hour for it.
finish() {
  kubectl wait --for=condition=complete --timeout="$2" "job/$1" &
  complete=$!
  kubectl wait --for=condition=failed --timeout="$2" "job/$1" >/dev/null 2>&1 && kill "$complete" 2>/dev/null &
  failed=$!
  code=0
  wait "$complete" || code=$?
  kill "$failed" 2>/dev/null || :
  return "$code"
}

start shards.yaml
# Merged even if a shard has failed: the merge then says which part is missing.
finish "reconciler-drift-$run" 65m || echo "Some shard wrote no report." >&2
start merge.yaml
code=0
finish "reconciler-merge-$run" 15m || code=$?
kubectl logs "job/reconciler-merge-$run"
exit "$code"
