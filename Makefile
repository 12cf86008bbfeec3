# Yardwatch. Everything lives in .venv; nothing global is touched. `make help` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
SERVICES := .venv-services
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export UV_NO_PROGRESS = 1

.PHONY: help setup demo test test-services lint bench bench-count bench-network bench-reading bench-history bench-peer train peer format lock clean bench-align bench-quality bench-report bench-lint bench-change bench-catalogue test-slow

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with the console script .venv/bin/yardwatch
	@scripts/optional.sh

$(STAMP): requirements/installer.lock requirements/requirements.lock pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" scripts/setup.sh $(VENV)
	@touch $@

demo: setup ## the published case and a fictional yard, pixels to report
	@$(BIN)/yardwatch demo

test: setup ## all tests, under 5 minutes on two cores
	@scripts/axe.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

test-slow: setup ## dear tests: every form of a counted site and of an image, and the same bytes again
	@$(BIN)/python -m pytest -m slow

test-services: setup $(SERVICES)/.ready ## the same store and scenes on PostGIS, S3 and a STAC API, started for real
	@scripts/services.sh $(SERVICES) $(BIN)/python -m pytest -m services

$(SERVICES)/.ready: requirements/services.lock | $(STAMP)
	@$(PYTHON) -m venv --clear $(SERVICES)
	@VIRTUAL_ENV=$(SERVICES) $(BIN)/uv pip install --quiet --require-hashes -r requirements/services.lock
	@touch $@

lint: setup ## ruff and mypy --strict
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: setup ## let ruff format the code
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: setup ## accuracy and speed: prints tables, writes benchmarks/*.json
	@$(BIN)/python -m benchmarks

bench-count: setup ## accuracy of the count; WEST=FILE and NORTHEAST=FILE are weights that saw one block each
	@YARDWATCH_DATA="$${YARDWATCH_DATA:-../shared/data}" OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.count \
	  $(if $(WEST),--west $(WEST)) $(if $(NORTHEAST),--northeast $(NORTHEAST))

bench-report: setup ## the report: numbers traced, time and memory with 200 scenes, the same bytes again
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.report

bench-peer: setup ## the counter beside a detector; WEST, NORTHEAST, PEER_WEST, PEER_NORTHEAST: weights that saw one block each
	@YARDWATCH_DATA="$${YARDWATCH_DATA:-../shared/data}" OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.peer.compare \
	  --west "$(WEST)" --northeast "$(NORTHEAST)" --peer-west "$(PEER_WEST)" --peer-northeast "$(PEER_NORTHEAST)"

bench-network: setup $(SERVICES)/.ready ## a window out of a gigapixel over HTTP and S3, beside rasterio reading the same blocks
	@OMP_NUM_THREADS=1 scripts/services.sh $(SERVICES) $(BIN)/python -m benchmarks.network

bench-reading: setup ## bytes and memory of a count in a gigapixel; two minutes, 250 MB of temporary disk
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.reading

bench-align: setup ## alignment of real pixels, 500 known shifts; five minutes; FIGURE=FILE.png draws one before and after
	@YARDWATCH_DATA="$${YARDWATCH_DATA:-../shared/data}" OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.align \
	  $(if $(FIGURE),--figure $(FIGURE))

bench-quality: setup ## cloud and snow told, blur measured, the sun held against the clock
	@YARDWATCH_DATA="$${YARDWATCH_DATA:-../shared/data}" OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.quality

bench-catalogue: setup ## ten thousand scenes listed and searched; a window of a remote gigapixel; five minutes, 300 MB of disk
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.catalogue && OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.window

train: training/.venv/.ready ## weights from nothing: make train BLOCKS=west,northeast OUT=FILE
	@test -n "$(BLOCKS)" -a -n "$(OUT)" || { echo "usage: make train BLOCKS=west,northeast OUT=FILE"; exit 2; }
	@YARDWATCH_DATA="$${YARDWATCH_DATA:-../shared/data}" OMP_NUM_THREADS=1 PYTHONPATH=src training/.venv/bin/python -m training \
	  --blocks "$(BLOCKS)" --out "$(OUT)" $(if $(STEPS),--steps $(STEPS)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(WORKERS),--workers $(WORKERS))

peer: training/.venv/.ready ## weights of the detector the counter is held against: make peer BLOCKS=west OUT=FILE
	@test -n "$(BLOCKS)" -a -n "$(OUT)" || { echo "usage: make peer BLOCKS=west OUT=FILE"; exit 2; }
	@YARDWATCH_DATA="$${YARDWATCH_DATA:-../shared/data}" OMP_NUM_THREADS=1 PYTHONPATH=src training/.venv/bin/python \
	  -m benchmarks.peer.train --blocks "$(BLOCKS)" --out "$(OUT)" $(if $(STEPS),--steps $(STEPS)) $(if $(SEED),--seed $(SEED))

training/.venv/.ready: training/requirements.txt
	@$(PYTHON) -m venv --clear training/.venv
	@training/.venv/bin/pip install --quiet -r training/requirements.txt
	@touch $@

bench-change: setup ## new construction: the method beside three others, simulated and real; about a quarter of an hour
	@YARDWATCH_DATA="$${YARDWATCH_DATA:-../shared/data}" OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.change
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.change_speed

bench-history: setup ## surge calibration, level shifts and onsets: tables and plots to benchmarks/results
	@$(BIN)/python -m benchmarks.history && $(BIN)/python -m benchmarks.history_shifts

bench-lint: setup ## the linter on seeded sentences: caught and false by kind
	@$(BIN)/python -m benchmarks.lint

lock: setup ## renew the hash-locked requirements from pyproject.toml
	@cd requirements && for pair in "installer.in installer.lock" "services.in services.lock" "../pyproject.toml requirements.lock"; do set -- $$pair; \
	  ../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --no-emit-index-url $$([ $$1 != ../pyproject.toml ] || echo --extra dev) $$1 -o $$2; done

clean: ## remove .venv and what the demo made
	rm -rf $(VENV) $(SERVICES) demo
