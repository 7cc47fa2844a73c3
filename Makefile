PYTHON ?= .venv/bin/python
BIN = $(dir $(PYTHON))

.PHONY: demo check test proof bench static lock

demo: ## a demonstration on this machine
	$(BIN)ilacs demo

check: ## format, lint, types, tests: the same as CI
	$(BIN)ruff format --check .
	$(BIN)ruff check .
	$(BIN)mypy
	$(BIN)djlint templates --lint --quiet
	$(BIN)pytest

test:
	$(BIN)pytest

proof: ## the large numbers; writes docs/proof.md
	$(BIN)pytest -m proof -n 0 --proof docs/proof.md

bench: ## measure against a running server; writes docs/performance.md
	$(PYTHON) bench/run.py --write docs/performance.md

static: ## compress what is served
	$(PYTHON) static/compress.py

lock: ## pin what is installed, with hashes and without addresses
	uv pip compile pyproject.toml --extra pdf --extra build --universal --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-emit-index-url --no-header -o requirements-dev.lock
