# `make run` serves the graph of seeds/ on this machine; `make test` checks everything. `make help` lists the rest.

PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data
HOST ?= 127.0.0.1
PORT ?= 8080
INTEROP ?= $(abspath $(VENV))/interop
CLIENTS ?= $(abspath $(VENV))/clients
BROWSER ?= $(abspath $(VENV))/browser
TEXTS ?= ../shared/evaluation/real
MEANTIME ?= ../shared/corpora/meantime/intra-doc_annotation

# The tests start hundreds of processes: without cached bytecode each compiles every module that it imports
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run build test quick lint coverage interop bench-build bench-wikitext bench-server bench-pages service-test torture browser-test vendor ontology-docs clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 20

run: $(VENV)/.run  ## install into .venv, build the graph if there is none, serve it
	@test -e $(DATA)/current || $(BIN)/entente build --data $(DATA)
	@exec $(BIN)/entente serve --data $(DATA) --host $(HOST) --port $(PORT)

build: $(VENV)/.run  ## build the graph of seeds/ anew
	@$(BIN)/entente build --data $(DATA)

test: $(VENV)/.dev  ## install what the tests need and run them all
	@$(BIN)/python -m pytest -n auto --dist worksteal

quick: lint  ## linters and the tests that need neither the language model nor a running server
	@$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not model and not service"

lint: $(VENV)/.dev  ## ruff (rules and format) and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

coverage: $(VENV)/.dev  ## the share of predicates that the frames table decides, over TEXTS and MEANTIME
	@$(BIN)/python -m kg.extraction.frames.coverage $(wildcard $(TEXTS)/*.txt) $(wildcard $(MEANTIME)/*/*.xml)

interop: $(VENV)/.dev  ## load the graph into other stores, serve in front of them, and compare their answers with ours
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[interop]'
	@tests/interop/install.sh $(INTEROP)
	@$(BIN)/python tests/interop/interop.py --npm $(INTEROP)
	@$(BIN)/python tests/interop/front.py

bench-build: $(VENV)/.dev  ## measure the build on a generated dump (ARTICLES=2000)
	@$(BIN)/python tests/bench/build.py --articles $(or $(ARTICLES),2000)

bench-wikitext: $(VENV)/.dev  ## how the time to read grows, for each shape of wikitext (SHAPE=braces: one; SIZES="10 100": in KB)
	@$(BIN)/python tests/bench/wikitext.py $(if $(SHAPE),--shape $(SHAPE)) $(if $(SIZES),--sizes $(SIZES))

bench-server: $(VENV)/.dev  ## measure the endpoint beside Oxigraph's own and rdflib-endpoint, into server/BENCHMARKS.md (QUICK=1: two minutes, printed)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[bench]'
	@$(BIN)/python -m tests.server.bench.run $(if $(QUICK),--quick,--output server/BENCHMARKS.md)

bench-pages: $(VENV)/.dev  ## measure every kind of page on graphs of 225, 2,250 and 7,500 articles, into server/BENCHMARKS.md (ARTICLES=225: one size)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[bench]'
	@$(BIN)/python -m tests.server.bench.pages $(if $(ARTICLES),--articles $(ARTICLES),--output server/BENCHMARKS.md)

service-test: $(VENV)/.dev  ## the endpoint in service: JavaScript clients, 10,000 requests over three builds, what hostile queries cost others
	@tests/server/npm/install.sh $(CLIENTS)
	@ENTENTE_NPM=$(CLIENTS) ENTENTE_REQUESTS=10000 ENTENTE_SWITCHES=3 $(BIN)/python -m pytest tests/server/test_clients.py tests/server/test_service.py
	@$(BIN)/python -m tests.server.bench.hostile
	@$(BIN)/python -m tests.server.bench.fairness

torture: $(VENV)/.dev  ## attack the endpoint and the build with generated input, eight minutes (TORTURE=hours)
	@$(BIN)/python -m tests.torture --minutes $(if $(TORTURE),$$(($(TORTURE) * 60)),8)

browser-test: $(VENV)/.dev  ## open every page in Chromium: axe-core, keyboard, scripts, policy; screenshots in artifacts/
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[browser]'
	@tests/browser/install.sh $(BROWSER)
	@ENTENTE_AXE=$(BROWSER)/node_modules/axe-core/axe.min.js $(BIN)/python -m pytest tests/browser

vendor:  ## build the pages' third-party scripts and fonts anew from pinned npm packages
	@server/static/vendor/build.sh

ontology-docs: $(VENV)/.dev  ## write ontology/entente.html anew
	@$(BIN)/python ontology/document.py

clean:  ## remove the environment and the built graph
	rm -rf $(VENV) $(DATA)

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Entente needs Python 3.11 or newer; here python3 is '$$(python3 --version 2>&1)'." \
		"Install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Entente needs Python 3.11 or newer;" \
		"$(PYTHON) is '$$($(PYTHON) --version 2>&1)'. Name another: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment: on Debian or Ubuntu," \
		"install the package python3-venv and try again." >&2; exit 1; }

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	@echo "Installing Entente into $(VENV) (half a minute) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[mcp,parquet]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	@echo "Installing Entente and its test tools into $(VENV) (half a minute) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.run
