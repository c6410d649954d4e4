.DEFAULT_GOAL := help
.PHONY: help demo up down setup load load-logs load-erp build report docs hub doctor grants schedule job build-new audit alerts notify reload purge backup restore restore-check test lint bench capacity image-check clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Adds the variables of `.env`. make's own `include` would expand their values.
RUN := $(BIN)/python -m common.dotenv
# Waits for any other load or build, and makes others wait.
LOCKED := $(BIN)/python -m operation.locked
DBT := $(BIN)/python -m operation.dbt
# The same, and dbt's option `--vars`, from VARS or VARS_FILE.
RUN_VARIED := $(RUN) --vars
# As they were typed: the shell takes them from its environment, where nothing needs quotes.
override VARS := $(value VARS)
override FILES := $(value FILES)
override BEFORE := $(value BEFORE)
override JOB := $(value JOB)
override BACKUP := $(value BACKUP)
override DATABASE := $(value DATABASE)
override FAILED := $(value FAILED)
override WITHOUT := $(value WITHOUT)
export FILES BEFORE JOB BACKUP DATABASE FAILED WITHOUT
# An empty one would hide that of `.env`.
ifdef VARS
export VARS
endif

help: # list these commands
	@awk -F ':.*## ' '/^##@ / {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One make at a time; one that has waited finds it done. An install that was cut short leaves no stamp, and starts again.
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

# An upgrade may change the example. A copy of an older example is replaced and kept as profiles.yml~, unless its first line is gone.
profiles.yml: profiles.yml.example
	@if [ -e $@ ] && ! grep -q '^# Copied to profiles.yml' $@; then touch $@; exit 0; fi; \
	if [ -e $@ ] && ! cmp -s $< $@; then \
		mv $@ $@~; echo 'profiles.yml is written again from its example; the old one is profiles.yml~' >&2; \
	fi; \
	cp $< $@

##@ Use

demo: $(READY) profiles.yml ## start local servers with sample data, load, build, and show the result
	@$(BIN)/python -m demo

up: $(READY) ## start the demo's servers
	@$(BIN)/python -m demo.stack up
	@$(BIN)/python -m demo run $(BIN)/python -m operation grants

down: $(READY) ## stop the demo's servers; their data is kept
	@$(BIN)/python -m demo.stack down

setup: $(READY) profiles.yml ## install the locked packages into .venv, and write profiles.yml
	@echo 'Ready. `. $(BIN)/activate` puts dbt on the PATH.'

load: $(READY) profiles.yml ## copy what is new in both sources into the schema raw
	@$(RUN) $(BIN)/python -m loaders load

load-logs: $(READY) profiles.yml ## the same for the machine logs only
	@$(RUN) $(BIN)/python -m loaders load logs

load-erp: $(READY) profiles.yml ## the same for the ERP only
	@$(RUN) $(BIN)/python -m loaders load erp

build: $(READY) profiles.yml ## run dbt build; VARS='{"debut_journee": "05:00"}' and ARGS='--full-refresh' are passed on
	@$(RUN_VARIED) $(LOCKED) $(DBT) build $(value ARGS)

report: $(READY) ## write the report, one HTML page; ARGS='--days 31' is passed on
	@$(RUN) $(BIN)/python -m publication report $(value ARGS)

docs: $(READY) profiles.yml ## write the dictionary of the marts and the dbt docs, one HTML page each
	@$(RUN_VARIED) $(DBT) docs generate --static $(value ARGS)
	@$(BIN)/python -m publication dictionary

hub: $(READY) profiles.yml ## unite the sites of sites.yml (SITES_FILE) in an empty database; WITHOUT=lyon takes one out
	@$(RUN) $(DBT) parse --quiet
	@$(RUN) $(BIN)/python -m hub --without "$$WITHOUT"

##@ Operate

doctor: $(READY) ## check servers, accounts and data: one line a check, each failure with its remedy
	@$(RUN) $(BIN)/python -m operation doctor

grants: $(READY) ## create the warehouse's five roles and give each its rights
	@$(RUN) $(BIN)/python -m operation grants

schedule: $(READY) profiles.yml ## run the jobs at the times of SCHEDULE_…, until it is stopped
	@$(RUN) $(BIN)/python -m operation schedule

job: $(READY) profiles.yml ## run one job once, with its retries: JOB=logs, erp, daily or backup
	@$(RUN) $(BIN)/python -m operation job "$$JOB"

build-new: $(READY) profiles.yml ## build what has changed since the last build, if anything has: the schedule's build
	@$(RUN_VARIED) $(LOCKED) --if-new $(DBT) build

audit: $(READY) profiles.yml ## run the checks whose cost grows with history (once a night)
	@$(RUN_VARIED) $(DBT) test --selector audit $(value ARGS)

alerts: $(READY) ## print the new alerts, and post each once to ALERT_WEBHOOK_URL
	@$(RUN) $(BIN)/python -m publication alerts

notify: $(READY) ## what follows each job: post alerts and failures, write the metrics, ask HEARTBEAT_URL; FAILED=yes
	@$(RUN) $(BIN)/python -m publication notify "$$JOB" $${FAILED:+--failed}

reload: $(READY) profiles.yml ## copy chosen log files again: FILES='DEM12 (PVC)/202505*'
	@$(RUN) $(BIN)/python -m loaders reload "$$FILES"

purge: $(READY) ## delete the lines of old log files from raw, once a build has read them: BEFORE=2024-01-01, or RETENTION_MONTHS
	@$(RUN) $(BIN)/python -m operation purge $${BEFORE:+"$$BEFORE"}

backup: $(READY) ## back the database up into BACKUP_DIR, and remove the oldest backups
	@$(RUN) $(BIN)/python -m operation backup

restore: $(READY) ## restore a backup into a new database: BACKUP=backups/….dump DATABASE=usine_restored
	@$(RUN) $(BIN)/python -m operation restore "$$BACKUP" "$$DATABASE"

restore-check: $(READY) ## restore the newest backup into a database that is dropped again
	@$(RUN) $(BIN)/python -m operation restore-check

##@ Develop

test: $(READY) profiles.yml lint ## run the linters and all the tests; ARGS='-k ftp' is passed to pytest
	@$(BIN)/pytest $(value ARGS)

lint: $(READY) ## run the linters and the type checker
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy & \
	$(BIN)/sqlfluff lint dbt_project/models dbt_project/tests dbt_project/analyses && \
	$(BIN)/sqlfluff lint --templater placeholder publication/queries hub/over_sites.sql; sql=$$?; \
	wait $$! && exit $$sql

bench: $(READY) ## measure what loads and builds cost; ARGS='--days 30' makes it shorter
	@$(BIN)/python -m demo.bench $(value ARGS)

capacity: $(READY) ## estimate from measured unit costs what a server carries: ARGS='--machines 10000 --years 5'
	@$(BIN)/python -m demo.capacity $(value ARGS)

image-check: $(READY) ## build and run the containers without Docker, in a clean Debian; some minutes, as root
	@$(BIN)/pytest --numprocesses=0 tests/image_check.py $(value ARGS)

clean: ## remove all that was made here, the demo's data too; .env, profiles.yml and backups stay
	@$(PYTHON) -m demo.stack destroy
	@for home in .stack-bench .stack-bench/units; do $(PYTHON) -m demo.stack destroy --home $$home/stack || exit; done
	rm -rf .venv .stack-bench target logs .hypothesis .mypy_cache .pytest_cache .ruff_cache
