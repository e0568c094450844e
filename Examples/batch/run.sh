#!/bin/sh
# Makes two clips, and runs this folder's manifest as a batch; run once more, it finds everything done.
# Usage: run.sh FOLDER
set -eu
sluice=${SLUICE_PROGRAM:-sluice}
PATH=$(dirname "$(command -v "$sluice")"):$PATH
mkdir -p "$1/clips"
cp "$(dirname "$0")/manifest.yaml" "$1"
cd "$1"
for clip in trailer extras; do
    sluice testsrc --size 320x180 --framerate 24 --frames 48 -o "clips/$clip.y4m"
done
sluice batch manifest.yaml --report report.json --html report.html
sluice batch manifest.yaml --report again.json
