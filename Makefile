# `make weekly` sets everything up and does the week's work; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
AIRFLOW := $(VENV)-airflow
BIN := $(VENV)/bin
RUN := $(BIN)/python -m

# ---------------------------------------------------------------- the weekly job

.PHONY: weekly
weekly: setup ## Load the next slice, build, balance, train, report, notify
	@$(RUN) orchestration weekly

.PHONY: load
load: setup ## Load the next slice (or PERCENTAGE=50) into the raw tables
	@$(RUN) loaders load $(if $(PERCENTAGE),--percentage $(PERCENTAGE))

.PHONY: build
build: setup ## Audit the raw rows and build the marts (dbt build)
	@$(RUN) warehouse exec dbt build --project-dir dbt_project --profiles-dir dbt_project

.PHONY: validate
validate: setup ## Test all rows, those that were audited before too (dbt test)
	@$(RUN) warehouse exec dbt test --project-dir dbt_project --profiles-dir dbt_project

.PHONY: build-changed
build-changed: setup ## Build what changed in dbt_project since BASE (HEAD), and what hangs on it
	@rm -rf dbt_project/target/base && mkdir -p dbt_project/target/base
	@git archive $(or $(BASE),HEAD) dbt_project | tar -x -C dbt_project/target/base
	@$(RUN) warehouse exec dbt parse --quiet --project-dir dbt_project/target/base/dbt_project \
		--profiles-dir dbt_project --target-path "$(CURDIR)/dbt_project/target/base/state"
	@$(RUN) warehouse exec dbt build --select state:modified+ --defer \
		--state "$(CURDIR)/dbt_project/target/base/state" --project-dir dbt_project --profiles-dir dbt_project

.PHONY: rebuild-history
rebuild-history: setup ## Make both histories again from raw, batch by batch
	@$(RUN) orchestration.history

.PHONY: balance
balance: setup ## Make this week's balanced dataset and log it to MLflow
	@$(RUN) balancing build

.PHONY: train
train: setup ## Train the baseline; the champion moves only for a better one
	@$(RUN) training run

.PHONY: report
report: setup ## Rebuild a week's report (WEEK=week_3, or the newest)
	@$(RUN) orchestration report $(WEEK)

# ---------------------------------------------------------------- looking at it

.PHONY: status
status: setup ## What is running and how much is loaded
	@$(RUN) warehouse status || true
	@$(RUN) loaders status

.PHONY: history
history: setup ## Every load, the failed ones too
	@$(RUN) loaders history

.PHONY: psql
psql: setup ## Open psql as the read-only analyst
	@$(RUN) warehouse psql

.PHONY: env
env: setup ## Print the connection as shell exports: eval "$(make -s env)"
	@$(RUN) warehouse env

.PHONY: open
open: setup ## Open the page from which everything is reached
	@$(RUN) reporting open

.PHONY: docs
docs: setup ## Write the dbt documentation and lineage as one page
	@$(RUN) orchestration docs

.PHONY: ui
ui: setup ## Open MLflow on http://127.0.0.1:5000
	@$(RUN) orchestration ui

.PHONY: stop
stop: setup ## Stop the embedded PostgreSQL
	@$(RUN) warehouse stop

# ---------------------------------------------------------------- keeping it

.PHONY: backup
backup: setup ## Copy the warehouse, MLflow and the reports to backups/<time>
	@$(RUN) orchestration backup $(if $(INTO),--into "$(INTO)")

.PHONY: restore
restore: setup ## Put a backup back where nothing is yet (FROM=backups/<time>)
	@$(RUN) orchestration restore "$(FROM)"

.PHONY: export
export: setup ## Write the warehouse to a file, to import elsewhere (FILE=warehouse.dump)
	@$(RUN) warehouse export "$(or $(FILE),warehouse.dump)"

.PHONY: import
import: setup ## Fill an empty warehouse from such a file (FILE=warehouse.dump)
	@$(RUN) warehouse import "$(or $(FILE),warehouse.dump)"

# ---------------------------------------------------------------- every Monday

UNITS := $(or $(XDG_CONFIG_HOME),$(HOME)/.config)/systemd/user

.PHONY: install-timer
install-timer: setup ## Run `make weekly` each Monday at midnight (systemd, this user)
	@mkdir -p "$(UNITS)"
	@project="$(CURDIR)"; sed "s|@PROJECT@|$${project//%/%%}|g" \
		deploy/systemd/rakuten-weekly.service.in > "$(UNITS)/rakuten-weekly.service"
	@cp deploy/systemd/rakuten-weekly.timer "$(UNITS)/"
	@systemd-analyze --user verify "$(UNITS)/rakuten-weekly.service" "$(UNITS)/rakuten-weekly.timer"
	@systemctl --user daemon-reload
	@systemctl --user enable --now rakuten-weekly.timer

# ---------------------------------------------------------------- in containers

COMPOSE := docker compose
SECRETS := $(sort $(shell sed -n 's/.*$${\([A-Z_]*\):?.*/\1/p' docker-compose.yml))
# A name counts as set when the environment or .env has a value for it.
is_set = { test -n "$${!name:-}" || grep -qs "^$$name=." .env; }

.PHONY: secrets
secrets: ## Make up the passwords and keys that .env lacks for the containers
	@umask 077; touch .env; test -z "$$(tail -c 1 .env)" || echo >> .env; for name in $(SECRETS); do $(is_set) || { \
		$(PYTHON) -c 'import secrets, sys; print(sys.argv[1] + "=" + secrets.token_urlsafe(32) + "=")' "$$name" >> .env; \
		echo "$$name is in .env now."; }; done

.PHONY: up
up: ## Build and start PostgreSQL, MLflow and Airflow; docs/containers.md
	@missing=""; for name in $(SECRETS); do $(is_set) || missing+=" $$name"; done; test -z "$$missing" || { \
		echo "Missing in .env:$$missing. Set them there, or let \`make secrets\` make them up." >&2; exit 1; }
	@$(COMPOSE) version > /dev/null || { echo "make up needs Docker Engine 25 or newer with Compose 2." >&2; exit 1; }
	@$(COMPOSE) up --build --detach --wait

.PHONY: down
down: ## Stop and remove the containers; the volumes stay
	@$(COMPOSE) down

.PHONY: ps
ps: ## The containers and their health
	@$(COMPOSE) ps --all

.PHONY: logs
logs: ## Follow the containers' logs (SERVICE=mlflow)
	@$(COMPOSE) logs --follow --tail 100 $(SERVICE)

# ---------------------------------------------------------------- working on it

.PHONY: test
test: setup ## Run the tests
	@$(BIN)/pytest --numprocesses 2 --dist loadfile -m "not slow"

.PHONY: test-all
test-all: setup ## Run the slow tests too
	@$(BIN)/pytest

.PHONY: faults
faults: setup ## Kill loaders (FAULT_KILLS=100), servers, weekly runs (WEEKLY_KILLS=30)
	@FAULT_KILLS=$${FAULT_KILLS:-100} $(BIN)/pytest tests/faults/test_loaders_faults.py tests/faults/test_loaders_disk.py
	@FAULT_KILLS=$${WEEKLY_KILLS:-30} $(BIN)/pytest tests/faults/test_orchestration_faults.py

.PHONY: fuzz
fuzz: setup ## Load damaged files (FUZZ_MUTANTS=5000, FUZZ_SEED=…)
	@FUZZ_MUTANTS=$${FUZZ_MUTANTS:-5000} FUZZ_SEED=$${FUZZ_SEED:-$$RANDOM} $(BIN)/pytest tests/integration/test_loaders_mutants.py

.PHONY: test-airflow
test-airflow: setup $(AIRFLOW)/.ready ## Test the Airflow DAG, in an environment of its own
	@AIRFLOW_HOME=$$(mktemp -d) $(AIRFLOW)/bin/python -m unittest discover -v -s deploy/airflow/tests

.PHONY: lint
lint: setup-lint ## ruff, mypy, bandit, sqlfluff, hadolint, the compose file
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml \
		core warehouse loaders balancing training reporting orchestration deploy/airflow/dags
	@$(RUN) warehouse exec sqlfluff lint dbt_project/models dbt_project/tests dbt_project/analyses
	@$(BIN)/hadolint deploy/airflow/Dockerfile
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

.PHONY: audit
audit: setup-lint ## Look the locked packages up among the known vulnerabilities (pip-audit)
	@for lock in requirements.lock deploy/airflow/requirements.lock; do \
		$(BIN)/pip-audit --requirement $$lock --require-hashes --disable-pip --strict; done

.PHONY: lock
lock: setup ## Resolve the locks again (after a change of pyproject.toml)
	@$(BIN)/uv pip compile --universal --generate-hashes --no-strip-extras --python-version 3.11 \
		--quiet --custom-compile-command "make lock" --extra notify --group setup --group test pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --universal --generate-hashes --no-strip-extras --python-version 3.11 \
		--quiet --custom-compile-command "make lock" --group lint -c requirements.lock pyproject.toml -o requirements-lint.lock
	@cd deploy/airflow && ../../$(BIN)/uv pip compile --universal --generate-hashes --no-strip-extras \
		--python-version 3.11 --quiet --custom-compile-command "make lock" requirements.in -o requirements.lock

.PHONY: clean
clean: ## Remove the environment and caches; data stay
	rm -rf $(VENV) $(AIRFLOW) .pytest_cache .mypy_cache .ruff_cache dbt_project/target

# ---------------------------------------------------------------- set-up

.PHONY: setup setup-lint
setup: $(VENV)/.ready dbt_project/profiles.yml
setup-lint: setup $(VENV)/.ready-lint

# Byte-compiling while installing turns the first start from half a minute into seconds.
$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once; about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-lint: requirements-lint.lock $(VENV)/.ready
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-lint.lock
	@touch $@

$(AIRFLOW)/.ready: deploy/airflow/requirements.lock $(VENV)/.ready
	@test -x $(AIRFLOW)/bin/python || $(PYTHON) -m venv $(AIRFLOW)
	@$(BIN)/uv pip install --quiet --python $(AIRFLOW)/bin/python --compile-bytecode --require-hashes -r $<
	@touch $@

dbt_project/profiles.yml: profiles.yml.example
	@cp $< $@

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^# ---/ {sub(/^# -+ /, ""); print "\n" $$0} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
