# Runs all shards, then merges their reports: sh run.sh. For whatever has kubectl and a schedule: a CI job, a machine.
set -eu
folder=$(dirname "$0")
run=$(date -u +%Y%m%d-%H%M%S)

start() { sed "s/RUN/$run/g" "$folder/$1" | kubectl create -f -; }

# kubectl waits for one condition at a time. `activeDeadlineSeconds` ends a job in any case.
finish() {
  until kubectl wait --for=condition=complete --timeout=20s "job/$1" >/dev/null 2>&1; do
    kubectl get "job/$1" >/dev/null || return 1
    if kubectl wait --for=condition=failed --timeout=1s "job/$1" >/dev/null 2>&1; then return 1; fi
  done
}

start shards.yaml
# Merged even if a shard has failed: the merge then says which part is missing.
finish "reconciler-drift-$run" || echo "Some shard wrote no report." >&2
start merge.yaml
code=0
finish "reconciler-merge-$run" || code=$?
kubectl logs "job/reconciler-merge-$run"
exit "$code"
