# The commands of the project. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build build-release demo test bench check lint docs clean

PYTHON := .venv/bin/python
export PYTHONPATH := $(CURDIR)/python

# One compiler cache for every checkout: paths below the checkout do not count.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
export CCACHE_SLOPPINESS := pch_defines,time_macros,include_file_ctime,include_file_mtime
export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc)

help:
	@echo "make demo    set up, build, and run the flights job in Python and C++ on real data (into demo-output/)"
	@echo "make test    every test: C++, Python, examples in both languages, layers, packages"
	@echo "make check   the fast loop: build, lint, fast tests"
	@echo "make lint    what only reads the sources: the layout of C++, faults and types of Python"
	@echo "make bench   measure Plait beside its peers; the table goes into README.md"
	@echo "make docs    the pages of docs/ and the headers' reference as HTML (into build/docs/)"
	@echo "make clean   remove what was built"

setup:
	@tools/setup

# Warnings are errors in the build that is tested; another compiler's warnings must not keep a user from the demo.
build: setup
	@cmake --preset dev -DPLAIT_WERROR=ON --log-level=NOTICE
	@cmake --build --preset dev

# What a user runs: the release preset without the tests.
build-release: setup
	@cmake --preset release -DPLAIT_BENCHMARKS=ON --log-level=NOTICE
	@cmake --build --preset release --target _plait plait_link examples benchmarks

demo: build-release
	$(PYTHON) examples/make_flights.py demo-output/data
	$(PYTHON) examples/flights.py demo-output
	build/release/examples/flights demo-output/data

lint: build
	tools/lint

test: lint
	ctest --preset dev
	$(PYTHON) -m pytest

check: setup
	@$(MAKE) --no-print-directory lint
	ctest --preset dev -LE slow
	$(PYTHON) -m pytest -m "not slow"

bench: build-release
	benchmarks/run --readme

docs: setup
	$(PYTHON) tools/build_docs.py build/docs

clean:
	rm -rf build demo-output python/plait/_plait*.so
