# Everything is run through here: a newcomer types `make demo`, CI types `make check`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN    := .venv/bin
READY  := .venv/.ready
ARQ    := .venv/arq/.ready
# What the signals say is noticed in the figures of a busy machine too: by itself.
JUDGED := tests/live/test_demo_actions.py
ALONE  := tests/live/test_demo_figures.py tests/live/postgres/test_footprint.py

# Programs are started hundreds of times: none is to be compiled anew each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test check lint format types imports faults acts bench soak screenshots reference clean

setup: $(READY)

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint requirements.lock --editable '.[demo,test]'
	touch $@

# arq wants an older Redis client than ours: its workers run in an environment of their own.
$(ARQ): requirements-arq.lock $(READY)
	$(PYTHON) -m venv .venv/arq
	.venv/arq/bin/python -m pip install --quiet --disable-pip-version-check \
		--requirement requirements-arq.lock
	touch $@

demo: setup            ## the console on a small real production, to break and to mend
	$(BIN)/warroom demo

# The strictest first, one at a time. Then three at a time, for many of them wait.
test: setup $(ARQ)     ## all tests
	$(BIN)/python -m pytest -m alone $(ALONE)
	$(BIN)/python -m pytest --numprocesses=3 --dist=loadgroup --no-loadscope-reorder \
		--durations=12 -m 'not alone and not long' tests

check: lint format types imports test

lint: setup
	$(BIN)/ruff check .

format: setup
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports --no-logo

faults: setup $(ARQ)   ## every trap of docs/faults.md, which it writes; hundreds of kills, not dozens
	$(BIN)/python -m pytest $(JUDGED)
	$(BIN)/python -m pytest --numprocesses=3 --dist=loadgroup --no-loadscope-reorder \
		--durations=12 -m '(faults or long or trap) and not alone' \
		--traps --repetitions=200 --ignore=$(JUDGED) tests

acts: setup            ## every action of the demo, to every outcome and verdict
	$(BIN)/python -m pytest --repetitions=200 $(JUDGED)

bench: setup           ## what a user pays, as ratios in one run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint requirements.lock --editable '.[bench]'
	$(BIN)/python -m tests.bench

soak: setup            ## half an hour of a bad night: does anything grow? docs/soak.md
	$(BIN)/python -m tests.soak --out docs/soak.md

screenshots: setup     ## the README's pictures, from the running demo
	$(BIN)/python screenshots/make.py
	$(BIN)/python screenshots/page.py

reference: setup       ## docs/sources.md, configuration.md, keys.md, the list in docs/playbooks.md
	$(BIN)/python -m docs.make_reference

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
