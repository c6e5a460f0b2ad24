# The commands of the project. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build build-release demo test bench check lint sanitize docs clean

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest --numprocesses=auto --dist=loadfile
export PYTHONPATH := $(CURDIR)/python

export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc)

help:
	@echo "make demo      set up, build, and run the flights job in Python and C++ on real data (into demo-output/)"
	@echo "make test      lint, C++ tests, Python tests, examples, packages, sanitizers"
	@echo "make check     the fast loop: build, lint, fast tests"
	@echo "make lint      what only reads the sources: layout, clang-tidy, faults and types of Python"
	@echo "make sanitize  the C++ tests under asan + ubsan and tsan; modules that did not change rest"
	@echo "make bench     measure Plait beside its peers; the table goes into README.md"
	@echo "make docs      the pages of docs/ and the headers' reference as HTML (into build/docs/)"
	@echo "make clean     remove what was built"

setup:
	@tools/setup

# Warnings are errors in the build that is tested; another compiler's warnings must not keep a user from the demo.
build: setup
	@cmake --preset dev -DPLAIT_WERROR=ON -DPLAIT_BENCHMARKS=ON --log-level=NOTICE
	@cmake --build --preset dev

# What a user runs: the release preset without the tests.
build-release: setup
	@cmake --preset release -DPLAIT_BENCHMARKS=ON --log-level=NOTICE
	@cmake --build --preset release --target _plait plait_link examples benchmarks

demo: build-release
	$(PYTHON) examples/make_flights.py demo-output/data
	$(PYTHON) examples/flights.py demo-output
	build/release/examples/flights demo-output/data
	$(PYTHON) examples/flights_late.py demo-output/data
	build/release/examples/flights_late demo-output/data
	@echo
	@echo "Plait is built. From any folder:"
	@echo "  $(CURDIR)/.venv/bin/python -c 'import plait.array as da; print(da.arange(10).sum().compute())'"
	@echo "  $(CURDIR)/.venv/bin/plait run program.py     # a Dask program, unchanged"

lint: build
	tools/lint
	$(PYTHON) tools/tidy.py

sanitize: setup
	$(PYTHON) tools/sanitize.py

test: lint
	ctest --preset dev
	$(PYTEST)
	$(PYTHON) tools/sanitize.py

check: setup
	@$(MAKE) --no-print-directory build
	tools/lint
	ctest --preset dev -LE slow
	$(PYTEST) -m "not slow"

bench: build-release
	benchmarks/run --readme

docs: setup
	$(PYTHON) tools/build_docs.py build/docs

clean:
	rm -rf build demo-output python/plait/_plait python/plait/_plait*.so
