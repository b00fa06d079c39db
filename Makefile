# Needs Python 3.11 or later, git and make. Everything else is set up in .venv, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: survey test proofs check clean help

help:
	@echo "make survey   set up, then replay a model's survey of the sample papers to build/survey"
	@echo "make test     set up, then run the tests"
	@echo "make proofs   set up, then run what takes longer: whole collections, thousands of cases"
	@echo "make check    set up, then lint, check types and imports"
	@echo "make clean    remove what the others made"

survey: $(VENV)/.installed
	$(BIN)/litreview --workspace build/sample survey examples/papers.jsonl --replay cassettes/survey.jsonl --out build/survey
	@echo "Open build/survey/survey.md; build/survey/evidence.md shows what every sentence rests on."

test: $(VENV)/.installed
	$(BIN)/pytest -n auto

proofs: $(VENV)/.installed
	$(BIN)/pytest -m proofs -rs

check: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "litreview needs Python 3.11 or later: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "this Python lacks venv; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
