# Two commands matter: `make chat` and `make test`. Both set up what they need, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: chat test setup check format essays score evaluate bench calibrate train clean help

help:
	@echo "make chat              zet alles klaar en start de pagina op http://127.0.0.1:7860"
	@echo "make essays SRC=map    neem de essays van de uitgevers over"
	@echo "make test              zet alles klaar en draai alle controles"
	@echo "make score             meet de antwoorden en houd ze tegen wat verwacht wordt"
	@echo "make evaluate          meet alle condities en maak er een verslag van"
	@echo "make bench             meet snelheid en geheugen"
	@echo "make clean             ruim op wat gebouwd is"

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Opgavewijzer heeft Python 3.11 of nieuwer nodig; kies er een met: make PYTHON=python3.12 chat" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(READY)

chat: setup
	@$(BIN)/opgavewijzer index build
	@$(BIN)/opgavewijzer serve

test: setup check

check: setup
	$(BIN)/ruff format --check assistant evals index prompts tests
	$(BIN)/ruff check assistant evals index prompts tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

format: setup
	$(BIN)/ruff format assistant evals index prompts tests
	$(BIN)/ruff check --fix assistant evals index prompts tests

essays: setup
	@test -n "$(SRC)" || { echo "Geef de map met de essays: make essays SRC=map" >&2; exit 2; }
	@$(BIN)/opgavewijzer essays "$(SRC)"

score: setup
	@$(BIN)/python -m evals check

evaluate: setup
	@$(BIN)/python -m evals run
	@$(BIN)/python -m evals report

bench: setup
	@$(BIN)/opgavewijzer index build
	@$(BIN)/python -m evals bench

calibrate: setup
	@$(BIN)/opgavewijzer index build
	@$(BIN)/python -m evals calibrate

train: setup
	@$(BIN)/python -m index train

clean:
	rm -rf $(VENV) .opgavewijzer .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
