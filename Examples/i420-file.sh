#!/bin/sh
# Encodes a file of raw I420 frames for a decoder that takes Constrained Baseline at level 3.1 and 1 Mbit/s.
# Usage: i420-file.sh INPUT.yuv WIDTHxHEIGHT RATE OUTPUT.h264
set -eu
"${SLUICE_PROGRAM:-sluice}" "$1" -s "$2" -r "$3" -p i420 \
    --codec avc1.42E01F --bitrate 1M --bitrate-mode constant --key-frame-interval 50 -o "$4" --receipt "$4.json"
