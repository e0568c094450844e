#!/bin/sh
# Encodes any video that ffmpeg reads. Usage: ffmpeg-pipe.sh INPUT OUTPUT.h264
# Y4M carries size, rate, chroma and range, so that sluice needs none of them. The shell must see ffmpeg fail as well.
set -eu
sluice=${SLUICE_PROGRAM:-sluice}
status=$(mktemp)
trap 'rm -f "$status"' EXIT
{ ffmpeg -v error -i "$1" -pix_fmt yuv420p -f yuv4mpegpipe - || echo failed >"$status"; } | "$sluice" --crf 18 -o "$2"
[ ! -s "$status" ]
