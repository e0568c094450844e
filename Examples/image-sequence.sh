#!/bin/sh
# Encodes a sequence of pictures, as Blender and other renderers write them: frame_0001.png, frame_0002.png, and so on.
# Usage: image-sequence.sh FOLDER RATE OUTPUT.h264
# The frames are counted first, so that one that cannot be read is an error and not a shorter video.
set -eu
sluice=${SLUICE_PROGRAM:-sluice}
count=$(find "$1" -name 'frame_*.png' | wc -l)
size=$(ffprobe -v error -show_entries stream=width,height -of csv=p=0:s=x "$(find "$1" -name 'frame_*.png' | sort | head -n 1)")
ffmpeg -v error -framerate "$2" -start_number 1 -i "$1/frame_%04d.png" -pix_fmt rgba -f rawvideo - |
    "$sluice" -s "$size" -r "$2" -p rgba --odd-size pad --expect-frames "$count" --crf 18 -o "$3"
