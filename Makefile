# Two commands do everything: `make build` and `make test`. `make help` lists the others.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Settings for one run, as YAML: make build VARS='{input_dir: /data/feeds}'
VARS ?= {}
UV := uv==0.13.9

export DO_NOT_TRACK := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# An environment is up to date while the stamp of its lock file's content is there.
key = $(firstword $(shell cksum < requirements$(1).lock))
RUNTIME := $(VENV)/installed-$(call key,)
TOOLS := $(VENV)/installed-dev-$(call key,-dev)

.DEFAULT_GOAL := help
.PHONY: help audit build test lint readme demo prices golden samples close journal histories worlds faults mutants frozen repeat promises statements issue allocation real bench docs lock clean

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -e 's/:.*## /\t/' | expand -t 10

build: $(RUNTIME) ## Build and test every model, publish the marts, print the headline
	@$(BIN)/python -m ai_unit_economics.preflight --vars '$(VARS)'
	$(BIN)/dbt build --vars '$(VARS)'
	@$(BIN)/python -m ai_unit_economics.headline

test: lint ## Lint, then every test, the build of the demo among them
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

lint: $(TOOLS) ## SQL and Python style
	$(BIN)/ruff check .
	AIUE_WAREHOUSE=:memory: DBT_TARGET_PATH=target/lint $(BIN)/sqlfluff lint --disable-progress-bar $(wildcard models tests/conservation analyses)

readme: build ## Renew README's headline and table of marts from the demo
	$(BIN)/python -m ai_unit_economics.readme

demo: $(RUNTIME) ## Write the demo company's feeds afresh (the same bytes every time)
	$(BIN)/python -m ai_unit_economics.demo

prices: $(TOOLS) ## Refresh the list prices from the pinned price package
	$(BIN)/python -m ai_unit_economics.prices

close: $(RUNTIME) ## Close a period: PERIOD=2026-09 PREPARED_BY=a APPROVED_BY=b (REOPEN="why" reopens the last one, ENTITY=name closes that one)
	@$(BIN)/python -m ai_unit_economics.close $(PERIOD) --prepared-by "$$PREPARED_BY" --approved-by "$$APPROVED_BY" \
		$(if $(ENTITY),--entity "$$ENTITY") $(if $(REOPEN),--reopen "$$REOPEN") $(CLOSE_ARGS)

journal: $(RUNTIME) ## Export the journals of the published file as CSV with control totals, into journals/
	@$(BIN)/python -m ai_unit_economics.journal $(JOURNAL_ARGS)

golden: $(TOOLS) ## List every golden case with the figures got and expected
	$(BIN)/python -m pytest -q --compared -o verbosity_assertions=2 tests/python/test_golden_*.py \
		tests/python/test_reconciliation.py tests/python/test_close.py tests/python/test_journal.py \
		tests/python/test_producers_langfuse.py

samples: $(TOOLS) ## List every producer's figures, got and expected, and what became of the bad inputs
	$(BIN)/python -m pytest -q -s --compared -o verbosity_assertions=2 tests/python/test_producers_*.py tests/python/test_exports_*.py \
		tests/python/test_bad_inputs.py

histories: $(TOOLS) ## Play 500 random histories of late facts and closes: nothing closed may move (N=500)
	AIUE_HISTORIES=$(or $(N),500) $(BIN)/python -m pytest -q tests/python/test_histories.py

worlds: $(TOOLS) ## Compare the marts of 1000 random worlds with an independent oracle, to the pico-dollar (N=1000)
	AIUE_WORLDS=$(or $(N),1000) $(BIN)/python -m pytest -q -n 2 tests/python/test_worlds.py

faults: $(TOOLS) ## 50 kills of a build, 20 failing tests, full disks, two builds at once, 5,000 reads by eight readers
	AIUE_KILLS=$(or $(N),50) AIUE_BROKEN_MARTS=20 AIUE_READS=5000 $(BIN)/python -m pytest -q -s tests/python/test_faults.py

frozen: $(TOOLS) ## Renew the frozen figures of the marts of fixed worlds and print what moved: read it before you commit
	AIUE_RENEW=1 $(BIN)/python -m pytest -q -s tests/python/test_frozen_marts.py

repeat: $(TOOLS) ## Build the demo in other threads, zones, locales, hash seeds and orders of lines: the same bytes
	AIUE_REPEAT=1 $(BIN)/python -m pytest -q -s tests/python/test_repeat.py

mutants: $(TOOLS) ## Try mutants of the compiled SQL, N of each model (N=1): which does no test notice?
	AIUE_MUTANTS=$(or $(N),1) $(BIN)/python -m pytest -q -s tests/python/test_mutants.py

promises: ## The table of what is promised of every build, with the figure to reach and the figure reached
	@sed -n '/^| promise/,/^$$/p' RELIABILITY.md

audit: ## Known weaknesses of the locked requirements; asks an index of weaknesses, so it needs a network
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet $(AUDIT)
	.venv-audit/bin/pip-audit --no-deps --disable-pip --require-hashes -r requirements.lock
	.venv-audit/bin/pip-audit --no-deps --disable-pip --require-hashes -r requirements-dev.lock
# In an environment of its own: what it installs never meets a build.
AUDIT := pip-audit==2.10.1

real: $(RUNTIME) ## Run the models on the real data sets, where they are
	$(BIN)/python -m examples.real.run

bench: $(RUNTIME) ## Compare the models with one hand-written script, CPU and memory
	$(BIN)/python -m benchmarks.run $(BENCH_ARGS)

statements: $(RUNTIME) ## Write one CSV per cost center and tenant from the published file, into statements/
	@$(BIN)/python -m ai_unit_economics.statements $(STATEMENTS_ARGS)

issue: $(RUNTIME) ## Issue the statements of a closed month, by two people: make issue ARGS='2026-09 s.ito m.okafor'
	@$(BIN)/python -m ai_unit_economics.issue $(ARGS)

allocation: $(TOOLS) ## Split 10,000 random pools, check every cent, time a year of 50 pools over 500 targets
	$(BIN)/python -m pytest -q -s tests/python/test_allocation_properties.py tests/python/test_statement_versions.py

docs: $(RUNTIME) ## The documentation of every model as one HTML file, target/static_index.html
	$(BIN)/dbt docs generate --static --vars '$(VARS)'

lock: ## Compile the lock files from requirements*.in
	$(PYTHON) -m venv .venv-build
	.venv-build/bin/python -m pip install --quiet $(UV)
	.venv-build/bin/uv pip compile requirements-dev.in -o requirements-dev.lock $(COMPILE)
	.venv-build/bin/uv pip compile requirements.in -o requirements.lock -c requirements-dev.lock $(COMPILE)
COMPILE := --universal --python-version 3.11 --override requirements-overrides.txt --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --no-emit-package dbt-core-experimental-parser --quiet

clean: ## Remove the environment, the warehouse and caches; what was published, exported or issued stays
	rm -rf $(VENV) .venv-build .venv-audit target logs build .duckdb_tmp warehouse.duckdb* .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
		"Python 3.11 or later is needed, and $(PYTHON) is %d.%d; name another one: make PYTHON=..." % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)

# dbt-core names a parser that is left out on purpose (DECISIONS.md), hence --no-deps; the lock is complete without it.
$(RUNTIME): requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	@touch $@

$(TOOLS): requirements-dev.lock | $(RUNTIME)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	@touch $@
