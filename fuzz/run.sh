#!/usr/bin/env bash
# Builds the fuzz targets (preset dev) and runs them, as many at a time as there are processors.
#
# usage: fuzz/run.sh [SECONDS | smoke]
#
# SECONDS (60) is the time per target. `smoke` does a fixed number of runs from a fixed seed, so
# that it gives the same answer every time. New inputs are kept in build/dev/fuzz/corpus; an input
# that breaks a target is left in build/dev/fuzz/findings, and the seeds in fuzz/corpus stay as they
# are.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly budget=${1:-60}
readonly work=build/dev/fuzz
case $budget in
  smoke) limit=(-seed=1 -runs=3000) ;;
  *[!0-9]* | '') echo "fuzz: expected seconds or 'smoke', found '$budget'" >&2; exit 2 ;;
  *) limit=(-max_total_time="$budget") ;;
esac

# Runs one target and prints its last lines, or all of its output when it breaks.
fuzz_one() {
  local name=$1 corpus=$work/corpus/$1 log=$work/$1.log
  local seeds=fuzz/corpus/${1%_fuzz} options=("${limit[@]}")
  if [[ $budget == smoke ]]; then
    corpus=$(mktemp -d)  # what an earlier run has found would change the answer
  fi
  mkdir -p "$corpus" "$work/findings"
  [[ -f fuzz/$name.dict ]] && options+=(-dict="fuzz/$name.dict")
  [[ -d $seeds ]] || { echo "fuzz: $name has no seeds in $seeds" >&2; return 1; }

  # libFuzzer writes new inputs to the first folder and only reads the second.
  if "$work/$name" "${options[@]}" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
      -artifact_prefix="$work/findings/$name-" "$corpus" "$seeds" >"$log" 2>&1; then
    echo "fuzz: $name: $(grep -a '^Done' "$log" || tail -n 1 "$log")"
  else
    tail -n 80 "$log" >&2
    echo "fuzz: $name failed; again with: $work/$name FILE (see 'Test unit written to')" >&2
    return 1
  fi
}

shopt -s nullglob
sources=(fuzz/*_fuzz.cpp)
if [[ ${#sources[@]} -eq 0 ]]; then
  echo "fuzz: there is no fuzz/*_fuzz.cpp" >&2
  exit 1
fi

cmake --preset dev
cmake --build --preset dev --target fuzzers

failed=0
running=0
for source in "${sources[@]}"; do
  if [[ $running -ge $(nproc) ]]; then
    wait -n || failed=1
    running=$((running - 1))
  fi
  fuzz_one "$(basename "$source" .cpp)" &
  running=$((running + 1))
done
while [[ $running -gt 0 ]]; do
  wait -n || failed=1
  running=$((running - 1))
done
exit $failed
