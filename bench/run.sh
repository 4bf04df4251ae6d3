#!/bin/sh
# Run all benchmarks with the programs of a build folder and renew docs/performance.md.
#
#   bench/run.sh BUILD_DIR [quick]
#
# "quick" only tries the benchmarks out, in about two minutes: small inputs, few repetitions, and
# the page stays as it is. Results are in BUILD_DIR/bench/ in either case.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ "${2:-quick}" != quick ]; then
  echo "usage: bench/run.sh BUILD_DIR [quick]" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
if [ "${2:-}" = quick ]; then
  set -- --quick
else
  set --
fi
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
python3 "$here/compare.py" "$build" "$@"
python3 "$here/growth.py" "$build" "$@"
python3 "$here/books.py" "$build" "$@"
python3 "$here/attacks.py" "$build" "$@"
