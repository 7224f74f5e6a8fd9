#!/bin/sh
# An ffmpeg that looks at files as usual and finds the disk full as soon as it must write one.
case "$*" in
*-map*) echo "av_interleaved_write_frame(): No space left on device" >&2; exit 228 ;;
*) exec "$VECU_TEST_REAL_FFMPEG" "$@" ;;
esac
