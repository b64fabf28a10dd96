# Everything here is a short way of saying commands that docs/windows.en.md also gives without make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV = $(shell command -v uv || echo $(BIN)/uv)
# Compiled at once: every kernel of a build imports these, and half its time would go into compiling them again.
INSTALL = VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --compile-bytecode
# A file of tests goes to one process, since what its tests share is made once in each.
TESTS = $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder
SLOW_TIERS = external faults hostile walkthroughs
# What a change of which makes tests run again.
SOURCES := $(shell find lib notebooks tests data -type f -not -path '*/__pycache__/*' -not -path '*/.ipynb_checkpoints/*' -not -path 'data/snapshots/*') \
	Makefile Dockerfile hatch_build.py $(wildcard *.md docs/*.md docs/*.svg sbom/*) .pre-commit-config.yaml environment.yml pyproject.toml briefs.toml requirements.lock requirements-dev.lock

# The snapshot that packs are made from: made here only when it is the demo province.
DATA = $(or $(BRIEFS_DATA),$(shell sed -n 's/^data *= *"\([^"]*\)".*/\1/p' briefs.toml),data/snapshots/demo)

.PHONY: briefs install real recount test test-all test-unit faults conformance check bench bench-scale dev dev-all docs lab schedule lock sbom audit wheel bundle fonts pictures chart-pictures clean

briefs: $(VENV)/.runtime $(patsubst %,%/snapshot.json,$(filter data/snapshots/demo,$(DATA))) ## every city's pack, of the demo province when briefs.toml names no other data
	@$(BIN)/briefs build

install: $(VENV)/.runtime ## what packs need, with chapters and settings as this version has them; no pack is made
	@$(BIN)/briefs upgrade

real: $(VENV)/.runtime ## every city's pack of 2011, from the real counts that ship
	@$(BIN)/briefs build --year 2011 --data data/real

recount: $(VENV)/.runtime ## the counts in data/real again: make recount FROM=registrations.csv
	$(BIN)/python data/count_registrations.py $(FROM)

test: $(VENV)/.tested ## the tests, but for the two slow tiers; nothing is run again while nothing has changed
	@echo "These tests have passed on these very files. To run them again: $(TESTS) $(SLOW_TIERS:%=--ignore tests/%)"

test-all: $(VENV)/.tested-all ## every test, in its full size
	@echo "Every test has passed on these very files. To run them again: FULL_SIZE=1 $(TESTS)"

test-unit: $(VENV)/.dev ## one module at a time
	$(TESTS) tests/unit

faults: $(VENV)/.dev ## builds that are killed, starved and misled: every fault twenty times, at moments that FAULTS_SEED draws
	FULL_SIZE=1 FAULTS_ROUNDS=20 $(BIN)/pytest tests/faults

conformance: $(VENV)/.dev ## papermill's own tests, on its engine and on ours: the same have to pass
	$(BIN)/python -m tests.conformance.engine

check: $(VENV)/.dev ## form, types, notebooks without outputs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nbstripout --keep-id --verify notebooks/*.ipynb

bench: $(VENV)/.dev data/snapshots/demo/snapshot.json ## how long things take, in ten minutes: the build beside its rivals, results, documents and kernels
	$(BIN)/python -m tests.benchmarks.results data/snapshots/demo
	$(BIN)/briefs build city-brief safety-assessment --city 兰州
	$(BIN)/python -m tests.benchmarks.documents
	$(BIN)/python -m tests.benchmarks.engine
	$(BIN)/python -m tests.benchmarks.build

bench-scale: $(VENV)/.dev data/snapshots/demo/snapshot.json ## how all grows: 150 million records, 333 and 2,800 regions, workers, ingest, the status of three years; more than an hour, and 8 GiB of disk
	$(BIN)/python -m tests.benchmarks.growth
	$(BIN)/python -m tests.benchmarks.build --stage scale --into outputs/bench-scale.json
	$(BIN)/python -m tests.benchmarks.results
	$(BIN)/python -m tests.benchmarks.ingest
	$(BIN)/python -m tests.benchmarks.status
	$(BIN)/python -m tests.benchmarks.endurance
	$(BIN)/python -m tests.benchmarks.endurance --shared

docs: $(VENV)/.dev ## the pages that are made from the code: docs/cli.md, docs/metrics.md, docs/chapter-calls.md and docs/blocks.md
	@$(BIN)/python -m city_briefs.app.reference_pages

lab: $(VENV)/.runtime ## JupyterLab on the chapters
	-@$(BIN)/briefs serve-kernels >/dev/null 2>&1
	$(BIN)/jupyter lab notebooks

schedule: $(VENV)/.dev ## Dagster on 127.0.0.1:3000, which makes packs by the calendar of briefs.toml
	@$(BIN)/briefs schedule --daemon & trap "kill $$!" EXIT; $(BIN)/briefs schedule

dev: $(VENV)/.dev ## what tests and checks need

dev-all: $(VENV)/.all ## and the heavy engines

lock: $(VENV)/.uv ## the locks again, after a change of pyproject.toml
	$(UV) pip compile -q pyproject.toml --universal --generate-hashes --group setup -o requirements.lock
	$(UV) pip compile -q pyproject.toml --universal --generate-hashes --group setup --extra test -c requirements.lock -o requirements-dev.lock
	$(UV) pip compile -q pyproject.toml --universal --generate-hashes --group setup --all-extras -c requirements-dev.lock -o requirements-all.lock

sbom: $(VENV)/.dev ## the bills of materials in sbom again, after a change of a lock
	$(BIN)/python -m tests.helpers.sbom

audit: $(VENV)/.dev ## whether advisories are known of what the locks name, where an index can be reached
	@$(BIN)/python -m tests.helpers.audit

wheel: $(VENV)/.runtime ## dist/*.whl, which installs where there is no checkout
	$(UV) build --quiet --wheel --no-build-isolation --python $(BIN)/python

bundle: $(VENV)/.runtime ## one archive that installs without network: make bundle PLATFORM=win-amd64 PYTHON_VERSION=3.12 for another machine
	$(BIN)/briefs bundle $(PLATFORM:%=--platform %) $(PYTHON_VERSION:%=--python %)

fonts: $(VENV)/.dev ## the fonts that come along, again: make fonts WHEEL=FILE PACKAGE=FILE
	$(BIN)/python -m tests.helpers.fonts $(WHEEL) $(PACKAGE)

pictures: $(VENV)/.dev data/snapshots/demo/snapshot.json ## the pages that the README, docs/editions.md and docs/analyst.md show
	$(BIN)/briefs build city-brief --city 兰州 --year 2021 --data data/snapshots/demo
	$(BIN)/briefs build province-overview --year 2021 --data data/snapshots/demo
	$(BIN)/pypdfium2 render outputs/2021/620100/city-brief.pdf --pages 1,2 --scale 1.3 --format png -o docs
	$(BIN)/pypdfium2 render outputs/2021/620000/province-overview.pdf --pages 7 --scale 1.3 --format png -o docs
	$(BIN)/python -m tests.helpers.pictures

chart-pictures: $(VENV)/.dev data/snapshots/demo/snapshot.json ## the pictures of docs/charts.md
	$(BIN)/python -m tests.helpers.chart_pictures

clean: ## everything that was made
	rm -rf $(VENV) outputs/[0-9]* outputs/index.html outputs/all-*.html outputs/delivered.json outputs/status.html outputs/status.prom outputs/run.json outputs/bench.json outputs/bench-scale.json outputs/bench-growth.json outputs/.chapters outputs/.results outputs/.check outputs/.dagster

data/snapshots/demo/snapshot.json: $(wildcard lib/city_briefs/demo/*.py) lib/city_briefs/model/table.py lib/city_briefs/model/tables.py | $(VENV)/.runtime
	@$(BIN)/briefs demo

# The installer comes from the lock too, when the machine has none.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, not %d.%d: make PYTHON=python3.11" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	echo "relocatable = true" >> $(VENV)/pyvenv.cfg # so uv writes programs that start the Python beside them

$(VENV)/.uv: | $(BIN)/python
	@command -v uv >/dev/null || { sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock; }
	@touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml hatch_build.py | $(VENV)/.uv
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml hatch_build.py | $(VENV)/.uv
	$(INSTALL) --require-hashes -r requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $(VENV)/.runtime $@

$(VENV)/.all: requirements-all.lock $(VENV)/.dev
	$(INSTALL) --require-hashes -r requirements-all.lock
	@touch $@

$(VENV)/.tested: $(VENV)/.dev $(SOURCES)
	@sh tests/helpers/programs.sh
	$(TESTS) $(SLOW_TIERS:%=--ignore tests/%)
	@touch $@

$(VENV)/.tested-all: $(VENV)/.all $(SOURCES)
	@sh tests/helpers/programs.sh
	FULL_SIZE=1 $(TESTS)
	@touch $@
