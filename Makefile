# What to run in this repository; `make help` explains each target.
# Needs Python 3.11 to 3.13 and make. Everything else comes into .venv from the lock with hashes.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOCK := .ci/requirements.txt
LOCK_TOOLS := build/lock-tools

.DEFAULT_GOAL := help

.PHONY: help
help: ## Explain the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: venv
venv: $(VENV)/.installed ## Install segctl and all tools into .venv, from the lock

$(VENV)/.installed: $(LOCK) pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: demo
demo: venv ## The example shop: plan, apply, change a segment, be refused, say why, roll back
	@PATH="$(abspath $(BIN)):$$PATH" .ci/demo

.PHONY: test
test: venv ## Say what will be skipped and how long it takes; run all tests, on two cores
	@$(BIN)/python -m tests.house.requirements
	$(BIN)/python -m pytest -n 2 --dist worksteal -q

.PHONY: check
check: venv ## Format, lint, types, schema drift, import direction, sizes, docs, and our own segments
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tests.house.imports
	$(BIN)/python -m tests.house.sizes
	$(BIN)/segctl schema --check schema
	$(BIN)/python -m tests.house.pages --check
	$(BIN)/segctl fmt --check
	$(BIN)/segctl validate --no-data

.PHONY: format
format: venv ## Format the code and fix what ruff can fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: bench
bench: venv ## Measure: 1 M users, 20 M events, 100 segments, against DuckDB
	$(BIN)/python -m benchmarks

.PHONY: schema
schema: venv ## Write the JSON Schemas in schema/ from the models
	$(BIN)/segctl schema schema

.PHONY: docs
docs: venv ## Write what is generated in README.md and docs/
	$(BIN)/python -m tests.house.pages

.PHONY: wheel
wheel: venv ## Build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel -d dist

.PHONY: lock
lock: ## Resolve the dependencies again into .ci/requirements.txt (UPGRADE=1 takes newer versions)
	$(PYTHON) .ci/requirements.py > .ci/requirements.in
	test -x $(LOCK_TOOLS)/bin/uv || { $(PYTHON) -m venv $(LOCK_TOOLS) && $(LOCK_TOOLS)/bin/python -m pip install --quiet uv; }
	$(LOCK_TOOLS)/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) -o $(LOCK) .ci/requirements.in

.PHONY: clean
clean: ## Remove what make, the tests and the demo have made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find segctl tests benchmarks -name __pycache__ -prune -exec rm -rf {} +
