.DEFAULT_GOAL := help
.PHONY: help setup load load-logs load-erp reload purge grants doctor build audit alerts report docs schedule job demo up down test lint bench capacity image-check clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Adds the variables of `.env`. make's own `include` would expand what is in them.
RUN := $(BIN)/python -m common.dotenv
# Waits for any other load or build, and keeps them waiting.
LOCKED := $(BIN)/python -m operation.locked
DBT := $(BIN)/dbt
# As they were typed; the shell then takes them from its environment, in which nothing needs quotes.
override VARS := $(value VARS)
override FILES := $(value FILES)
override BEFORE := $(value BEFORE)
override JOB := $(value JOB)
export VARS FILES BEFORE JOB
DBT_OPTIONS := $${VARS:+--vars "$$VARS"} $(value ARGS)

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) profiles.yml ## prepare everything: .venv with the locked packages, profiles.yml
	@echo 'Ready. `. $(BIN)/activate` puts dbt on the PATH.'

# One make at a time; who has waited finds it done. An install that was cut short leaves no stamp, and starts anew.
$(READY): requirements.lock
	@set -e; \
	$(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo '$(PYTHON) is not Python 3.11 or later with its venv module (on Debian and Ubuntu: apt-get install python3-venv)' >&2; exit 1; }; \
	if command -v flock >/dev/null; then exec 9<$<; flock 9; fi; \
	if [ $@ -nt $< ]; then exit 0; fi; \
	echo 'Installing the packages of $< into .venv: about a minute' >&2; \
	$(PYTHON) -m venv --clear .venv; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<; \
	touch $@

# An upgrade may change the example: a copy of an earlier one is renewed, and put aside, unless its first line is gone.
profiles.yml: profiles.yml.example
	@if [ -e $@ ] && ! grep -q '^# Copied to profiles.yml' $@; then touch $@; exit 0; fi; \
	if [ -e $@ ] && ! cmp -s $< $@; then \
		mv $@ $@~; echo 'profiles.yml is made anew from its example; the former one is profiles.yml~' >&2; \
	fi; \
	cp $< $@

load: $(READY) profiles.yml ## copy both sources into raw
	@$(RUN) $(BIN)/python -m loaders load

load-logs: $(READY) profiles.yml ## copy the machine logs into raw
	@$(RUN) $(BIN)/python -m loaders load logs

load-erp: $(READY) profiles.yml ## copy the ERP's tables into raw
	@$(RUN) $(BIN)/python -m loaders load erp

reload: $(READY) profiles.yml ## copy chosen log files anew: FILES='DEM12 (PVC)/202505*'
	@$(RUN) $(BIN)/python -m loaders reload "$$FILES"

purge: $(READY) ## take the lines of log files before a date out of raw, once they are read: BEFORE=2024-01-01, or RETENTION_MONTHS
	@$(RUN) $(BIN)/python -m operation purge $${BEFORE:+"$$BEFORE"}

grants: $(READY) ## create the warehouse's four roles, and give each what is its own
	@$(RUN) $(BIN)/python -m operation grants

doctor: $(READY) ## say what works and what does not, a line a check, each failure with its remedy
	@$(RUN) $(BIN)/python -m operation doctor

build: $(READY) profiles.yml ## dbt build; VARS='{"debut_journee": "05:00"}' and ARGS='--full-refresh' are handed on
	@$(RUN) $(LOCKED) $(DBT) build $(DBT_OPTIONS)

audit: $(READY) profiles.yml ## run the checks whose cost grows with history (once a night)
	@$(RUN) $(DBT) test --selector audit $(DBT_OPTIONS)

alerts: $(READY) ## print the new alerts, and post them once to ALERT_WEBHOOK_URL
	@$(RUN) $(BIN)/python -m publication alerts

report: $(READY) ## write the report, one page to look at; ARGS='--days 31' is handed on
	@$(RUN) $(BIN)/python -m publication report $(value ARGS)

docs: $(READY) profiles.yml ## generate the documentation of the models as one page
	@$(RUN) $(DBT) docs generate --static $(DBT_OPTIONS)
	@echo "The page is target/static_index.html"

schedule: $(READY) profiles.yml ## load, build and publish at the times that SCHEDULE_… set, for ever
	@$(RUN) $(BIN)/python -m operation schedule

job: $(READY) profiles.yml ## do one job of the schedule once, with its retries: JOB=logs, erp or daily
	@$(RUN) $(BIN)/python -m operation job "$$JOB"

demo: $(READY) profiles.yml ## start local servers with sample data, load, build, and show what came of it
	@$(BIN)/python -m demo

up: $(READY) ## start the local servers of the demo
	@$(BIN)/python -m demo.stack up
	@$(BIN)/python -m demo run $(BIN)/python -m operation grants

down: $(READY) ## stop them; their data is kept
	@$(BIN)/python -m demo.stack down

test: $(READY) profiles.yml lint ## run all there is to check; ARGS='-k ftp' is handed to pytest
	@$(BIN)/pytest $(value ARGS)

lint: $(READY) ## run the linters and the type checker
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint dbt_project/models dbt_project/tests dbt_project/analyses
	@$(BIN)/sqlfluff lint --templater placeholder publication/queries

bench: $(READY) ## measure what loads and builds cost; ARGS='--days 30' makes it shorter
	@$(BIN)/python -m demo.bench $(value ARGS)

capacity: $(READY) ## work out from measured unit costs what a server carries: ARGS='--machines 10000 --years 5'
	@$(BIN)/python -m demo.capacity $(value ARGS)

image-check: $(READY) ## build and run the containers without an engine, in a clean Debian; some minutes, as root
	@$(BIN)/pytest --numprocesses=0 tests/image_check.py $(value ARGS)

clean: ## remove all that was made here, the demo's data too; .env and profiles.yml stay
	@$(PYTHON) -m demo.stack destroy
	@for home in .stack-bench .stack-bench/units; do $(PYTHON) -m demo.stack destroy --home $$home/stack || exit; done
	rm -rf .venv .stack-bench target logs .hypothesis .mypy_cache .pytest_cache .ruff_cache
