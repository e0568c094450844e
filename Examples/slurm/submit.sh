#!/bin/sh
# Has a Slurm cluster encode a plan. Usage: submit.sh PLAN OUTPUT [options of sbatch, for both jobs]
# Prints the numbers of both jobs: the array, and the join that runs when every task of it has succeeded. To go on with what
# is there, after whatever went wrong, submit the plan once more: a shard that is there is not encoded again.
set -eu
here=$(dirname "$(realpath "$0")")
plan=$(realpath "$1")
output=$(realpath "$2")
shift 2
[ ! -e "$output" ] || { echo "$output exists" >&2; exit 73; }
last=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["segments"]) - 1)' "$plan")
array=$(sbatch --parsable --array="0-$last" "$@" "$here/shards.sbatch" "$plan")
join=$(sbatch --parsable --dependency="afterok:$array" "$@" "$here/join.sbatch" "$plan" "$output")
echo "$array $join"
