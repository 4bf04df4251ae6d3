# A thin door to CMake: `make` lists what there is.

JOBS ?= $(shell nproc)
DEMO ?= configs/scenarios/demo.yaml
nexa := build/release/cli/nexa

.DEFAULT_GOAL := help
.PHONY: help demo test test-all build bench fuzz format setup setup-test install clean

help: ## list the targets
	@echo "usage: make TARGET [JOBS=n]"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: build ## install what is missing, build, run a real trace, write a report
	@mkdir -p out
	$(nexa) sim run $(DEMO) --report out/demo.html --out out/demo.h5 --csv out/demo

test: setup-test ## install what is missing, build, run all tests but the long ones
	cmake --preset test
	cmake --build --preset test --parallel $(JOBS)
	ctest --preset test --parallel $(JOBS)
	fuzz/run.sh smoke

test-all: setup-test ## like test, with the long tests
	cmake --preset test
	cmake --build --preset test --parallel $(JOBS)
	ctest --preset test-all --parallel $(JOBS)
	fuzz/run.sh smoke

build: setup ## release binaries only
	cmake --preset release
	cmake --build --preset release --parallel $(JOBS)

bench: setup-test ## build and run the benchmarks; nothing else should run meanwhile
	cmake --preset release
	cmake --build --preset release --parallel $(JOBS) --target benchmarks nexa
	bench/run.sh build/release

fuzz: setup-test ## fuzz each reader for a minute
	fuzz/run.sh 60

format: ## format the sources in place
	find core tier ledger validator scheduler simulator tuner io plugins daemon cli tests bench fuzz \
	  \( -name '*.cpp' -o -name '*.hpp' \) -print 2>/dev/null | xargs clang-format -i

install: build ## install below PREFIX (/usr/local)
	cmake --install build/release --prefix $(or $(PREFIX),/usr/local)

setup: # what a build needs
	@packaging/setup.sh build

setup-test: # what the tests need as well
	@packaging/setup.sh test

clean: ## remove what the build and the demo wrote
	rm -rf build out
