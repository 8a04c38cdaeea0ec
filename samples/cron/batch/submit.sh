# Runs a check in so many shards, then merges their reports: sh submit.sh QUEUE SHARDS. Prints the id of the merging job.
#
# Once: aws batch register-job-definition --cli-input-json file://job-definition.json
set -eu
queue=$1 shards=$2
run=$(date -u +%Y%m%d-%H%M%S)

# An array has at least two jobs. Each is told its number (AWS_BATCH_JOB_ARRAY_INDEX) and the size of the array.
array=$(aws batch submit-job --job-name "reconciler-drift-$run" --job-queue "$queue" --job-definition reconciler-drift \
  --array-properties "size=$shards" \
  --container-overrides "environment=[{name=RUN,value=$run},{name=RECONCILER_SHARD_COUNT,value=$shards}]" \
  --query jobId --output text)

# It starts when every job of the array has written its report, and not if one has failed: AWS Batch reports that one.
aws batch submit-job --job-name "reconciler-merge-$run" --job-queue "$queue" --job-definition reconciler-drift \
  --depends-on "jobId=$array" \
  --container-overrides "{\"command\": [\"sh\", \"-c\", \"exec sh /srv/reconciler/check.sh /reports/$run-drift.json reconciler report merge /reports/$run/*.json --format html=/reports/$run-drift.html\"]}" \
  --query jobId --output text
