#!/bin/sh
# Rebuilds web/dist/report.html from web/src with the pinned esbuild and uPlot.
# The result is checked in: building nexapod itself needs neither Node nor a network.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
node build.js
