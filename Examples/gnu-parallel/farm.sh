#!/bin/sh
# Has the machines of a list encode a plan, by GNU parallel and ssh. Usage: farm.sh PLAN OUTPUT [options of parallel]
#   farm.sh in.plan.json out.mp4 -S 2/render1,4/render2,:
# runs two shards at a time on render1, four on render2, and as many as there are cores here. The plan, its input and its shards
# are in a folder that every machine has under the same name.
set -eu
program=${SLUICE_PROGRAM:-sluice}
plan=$(realpath "$1")
output=$(realpath "$2")
shift 2
segments=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["segments"]))' "$plan")

# The log has the failed shards, and with --resume-failed only those are run again: in the next try, and when the same
# command is given once more. What is neither temporary (75) nor killed by a signal (above 128) would only fail again.
tries=3
until seq 0 "$((segments - 1))" |
    parallel --joblog "$plan.joblog" --resume-failed "$@" "$program" shard "$plan" --index {}; do
    awk -F '\t' 'NR > 1 { status[$1] = $8 ? 128 + $8 : $7 }
        END { for (job in status) if (status[job] && status[job] != 75 && status[job] < 129) exit 1 }' "$plan.joblog" ||
        { echo "a shard has failed for good: see $plan.joblog" >&2; exit 1; }
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "shards have failed three times: see $plan.joblog" >&2; exit 1; }
done
exec "$program" join "$plan" -o "$output"
