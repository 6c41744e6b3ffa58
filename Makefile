# `make weekly` sets everything up and runs the week's steps; `make help` lists the rest.
# Recipes are plain sh: GNU make 3.81 and bash 3.2 (macOS) and dash (Debian) run them.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
ifeq ($(OS),Windows_NT)
$(error Windows itself is not supported. Run this inside WSL 2: https://learn.microsoft.com/windows/wsl)
endif

PYTHON ?= python3
VENV := .venv
AIRFLOW := $(VENV)-airflow
BIN := $(VENV)/bin
RUN := $(BIN)/python -m

# make NAME=value reaches recipes as an environment variable, unchanged: neither make nor
# the shell expands it.
PARAMETERS := PERCENTAGE WEEK INTO FROM FILE BASE SERVICE FAULT_KILLS WEEKLY_KILLS FUZZ_MUTANTS FUZZ_SEED SHUFFLE
$(foreach name,$(PARAMETERS),$(if $(filter-out undefined,$(origin $(name))),\
	$(eval override $(name) := $$(value $(name)))$(eval export $(name))))

# A library's warning must not fail a week.
unexport PYTHONWARNINGS

# ---------------------------------------------------------------- the weekly job

.PHONY: weekly
weekly: setup ## Load the next slice, build, balance, train, review, report, notify
	@$(RUN) orchestration weekly

.PHONY: load
load: setup ## Load the next slice (or PERCENTAGE=50) into the raw tables
	@$(RUN) loaders load $${PERCENTAGE:+--percentage "$$PERCENTAGE"}

.PHONY: build
build: setup ## Audit the raw rows and build the marts (dbt build)
	@$(RUN) warehouse exec dbt build --project-dir dbt_project --profiles-dir dbt_project

.PHONY: validate
validate: setup ## Test all rows, including audited ones (dbt test)
	@$(RUN) warehouse exec dbt test --project-dir dbt_project --profiles-dir dbt_project

.PHONY: build-changed
build-changed: setup ## Build what changed in dbt_project since BASE (HEAD), and everything downstream
	@base=$$(git rev-parse --quiet --verify "$${BASE:-HEAD}^{commit}") || { \
		echo "BASE=$${BASE:-HEAD} is not a commit of this repository." >&2; exit 1; }; \
	rm -rf dbt_project/target/base && mkdir -p dbt_project/target/base && \
	git archive "$$base" dbt_project | tar -x -C dbt_project/target/base
	@$(RUN) warehouse exec dbt parse --quiet --project-dir dbt_project/target/base/dbt_project \
		--profiles-dir dbt_project --target-path "$$PWD/dbt_project/target/base/state"
	@$(RUN) warehouse exec dbt build --select state:modified+ --defer \
		--state "$$PWD/dbt_project/target/base/state" --project-dir dbt_project --profiles-dir dbt_project

.PHONY: rebuild-history
rebuild-history: setup ## Rebuild both histories from raw, batch by batch
	@$(RUN) orchestration.history

.PHONY: balance
balance: setup ## Make this week's balanced dataset and log it to MLflow
	@$(RUN) balancing build

.PHONY: train
train: setup ## Train the baseline; it becomes the champion only if it is better
	@$(RUN) training run

.PHONY: review
review: setup ## Look for wrong labels in the newest dataset
	@$(RUN) training review

.PHONY: report
report: setup ## Rebuild a week's report (WEEK=week_3, or the newest)
	@$(RUN) orchestration report $${WEEK:+"$$WEEK"}

# ---------------------------------------------------------------- results and data

.PHONY: status
status: setup ## Show what is loaded, published and running; starts nothing
	@$(RUN) orchestration status

.PHONY: connect
connect: setup ## Print host, port and login for DBeaver, Metabase or psql (analyst)
	@$(RUN) warehouse connect

.PHONY: history
history: setup ## List every load, including failed ones
	@$(RUN) loaders history

.PHONY: psql
psql: setup ## Open psql as the read-only analyst
	@$(RUN) warehouse psql

.PHONY: env
env: setup ## Print the connection as shell exports: eval "$(make -s env)"
	@$(RUN) warehouse env

.PHONY: open
open: setup ## Open the page with links to reports, data and models
	@$(RUN) reporting open

.PHONY: docs
docs: setup ## Write the dbt documentation and lineage as one page
	@$(RUN) orchestration docs

.PHONY: ui
ui: setup ## Serve MLflow on http://127.0.0.1:5000
	@$(RUN) orchestration ui

.PHONY: serve
serve: setup ## Serve the champion on 127.0.0.1:5001
	@$(RUN) orchestration serve

JUPYTER := $(BIN)/uv run --no-project --with "jupyterlab>=4.5,<5" --with ipywidgets

.PHONY: notebook
notebook: setup ## Open notebooks/ in JupyterLab, downloaded on first use and kept out of .venv
	@export VIRTUAL_ENV="$$PWD/$(VENV)"; \
	$(JUPYTER) true || { echo "Again, trusting the certificates of this computer."; export UV_SYSTEM_CERTS=1; }; \
	$(JUPYTER) jupyter lab notebooks

.PHONY: stop
stop: setup ## Stop the embedded PostgreSQL
	@$(RUN) warehouse stop

# ---------------------------------------------------------------- backup and moving

.PHONY: backup
backup: setup ## Copy the warehouse, MLflow and the reports to backups/<time>
	@$(RUN) orchestration backup $${INTO:+--into "$$INTO"}

.PHONY: restore
restore: setup ## Restore a backup, overwriting nothing (FROM=backups/<time>)
	@test -n "$${FROM:-}" || { echo "Which backup? make restore FROM=backups/<time>" >&2; exit 2; }
	@$(RUN) orchestration restore "$$FROM"

.PHONY: export
export: setup ## Write the warehouse to a file (FILE=warehouse.dump)
	@$(RUN) warehouse export "$${FILE:-warehouse.dump}"

.PHONY: import
import: setup ## Fill an empty warehouse from that file (FILE=warehouse.dump)
	@$(RUN) warehouse import "$${FILE:-warehouse.dump}"

# ---------------------------------------------------------------- weekly timer

.PHONY: install-timer
install-timer: setup ## Run `make weekly` each Monday at midnight (systemd or launchd, this user)
	@$(RUN) orchestration.timer install

.PHONY: uninstall-timer
uninstall-timer: setup ## Remove that timer
	@$(RUN) orchestration.timer uninstall

# ---------------------------------------------------------------- containers

COMPOSE := docker compose

.PHONY: secrets
secrets: ## Add the passwords and keys that the containers need to .env
	@"$(PYTHON)" deploy/container_secrets.py generate

.PHONY: compose
compose:
	@$(COMPOSE) version > /dev/null 2>&1 || { \
		echo "The containers need Docker Engine 25 or newer with Compose 2 (docker compose)." >&2; exit 1; }

.PHONY: up
up: compose ## Build and start PostgreSQL, MLflow and Airflow; docs/containers.md
	@"$(PYTHON)" deploy/container_secrets.py check
	@$(COMPOSE) up --build --detach --wait

.PHONY: down
down: compose ## Stop and remove the containers; the volumes stay
	@$(COMPOSE) down

.PHONY: ps
ps: compose ## Show the containers and their health
	@$(COMPOSE) ps --all

.PHONY: logs
logs: compose ## Follow the containers' logs (SERVICE=mlflow)
	@$(COMPOSE) logs --follow --tail 100 $${SERVICE:+"$$SERVICE"}

# ---------------------------------------------------------------- development

# xdist would begin with the files of most tests; those that take longest have few.
.PHONY: test
test: setup ## Run the tests
	@$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder -m "not slow"

.PHONY: test-all
test-all: setup ## Run the slow tests too
	@$(BIN)/pytest

.PHONY: faults
faults: setup ## Test with kills of loaders (FAULT_KILLS=100), servers and weekly runs (WEEKLY_KILLS=30)
	@FAULT_KILLS=$${FAULT_KILLS:-100} $(BIN)/pytest tests/faults/test_loaders_faults.py tests/faults/test_loaders_disk.py
	@FAULT_KILLS=$${WEEKLY_KILLS:-30} $(BIN)/pytest tests/faults/test_orchestration_faults.py
	@WALKS=60 $(BIN)/pytest tests/integration/test_dbt_walk.py

.PHONY: fuzz
fuzz: setup ## Test with damaged input files (FUZZ_MUTANTS=5000, FUZZ_SEED=…)
	@FUZZ_MUTANTS=$${FUZZ_MUTANTS:-5000} FUZZ_SEED=$${FUZZ_SEED:-$$$$} $(BIN)/pytest tests/integration/test_loaders_mutants.py

.PHONY: test-airflow
test-airflow: setup $(AIRFLOW)/.ready ## Test the Airflow DAG, in an environment of its own
	@ls deploy/airflow/tests/test_*.py | AIRFLOW_HOME=$$(mktemp -d) xargs -n 1 -P 2 $(AIRFLOW)/bin/python

.PHONY: lint
lint: setup-lint ## Run ruff, mypy, bandit, sqlfluff and hadolint, and check the compose file
	@$(MAKE) --no-print-directory --jobs 2 check-types check-rest

.PHONY: check-types check-rest
check-types:
	@$(BIN)/mypy

check-rest:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml \
		core warehouse loaders balancing rakuten_text training reporting orchestration deploy/airflow/dags
	@$(RUN) warehouse exec sqlfluff lint dbt_project/models dbt_project/tests dbt_project/analyses
	@$(BIN)/hadolint deploy/airflow/Dockerfile
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

.PHONY: audit
audit: setup-lint ## Check the locked packages for known vulnerabilities (pip-audit)
	@for lock in requirements.lock requirements-runtime.lock requirements-uv.lock deploy/airflow/requirements.lock; do \
		$(BIN)/pip-audit --requirement $$lock --require-hashes --disable-pip --strict || exit 1; done

COMPILE := uv pip compile --quiet --universal --generate-hashes --no-strip-extras --python-version 3.11 \
	--custom-compile-command "make lock"
RULES := --constraint deploy/lock-constraints.txt --override deploy/lock-overrides.txt

.PHONY: lock
lock: setup ## Update the lock files (after changing pyproject.toml)
	@$(BIN)/$(COMPILE) $(RULES) --extra notify --group setup --group test pyproject.toml -o requirements.lock
	@$(BIN)/$(COMPILE) $(RULES) --extra notify --group setup -c requirements.lock pyproject.toml \
		-o requirements-runtime.lock
	@$(BIN)/$(COMPILE) $(RULES) --group lint -c requirements.lock pyproject.toml -o requirements-lint.lock
	@$(BIN)/$(COMPILE) --group uv -o requirements-uv.lock
	@$(BIN)/$(COMPILE) deploy/airflow/requirements.in -o deploy/airflow/requirements.lock

PLATFORMS := x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu aarch64-apple-darwin x86_64-apple-darwin
LOCKS := requirements-uv.lock requirements.lock requirements-runtime.lock requirements-lint.lock deploy/airflow/requirements.lock

.PHONY: check-locks
check-locks: setup ## Check that every locked package has a wheel for every system and Python
	@for python in 3.11 3.12 3.13 3.14; do for platform in $(PLATFORMS); do for lock in $(LOCKS); do \
		case $$lock-$$platform in *airflow*-x86_64-apple*) continue ;; esac; \
		$(BIN)/uv pip install --quiet --dry-run --no-deps --only-binary :all: --require-hashes --target $(VENV)/none \
			--python-version $$python --python-platform $$platform --requirement $$lock \
			|| { echo "Python $$python on $$platform: see above ($$lock)" >&2; exit 1; }; done; done; done
	@echo "Every package has a wheel for Python 3.11 to 3.14 on $(PLATFORMS)"

# The marks first: an environment that is removed in part must not count as ready.
.PHONY: clean
clean: ## Remove the environment and caches; the data stay
	rm -f $(VENV)/.ready* $(AIRFLOW)/.ready
	rm -rf $(VENV) $(AIRFLOW) .pytest_cache .mypy_cache .ruff_cache dbt_project/target

# ---------------------------------------------------------------- set-up

# An environment is created again if its Python was removed (an upgrade by Homebrew).
ifneq ($(shell test -x $(BIN)/python && echo runs),runs)
$(VENV)/.ready: always
always: ;
endif

.PHONY: setup setup-lint always
setup: $(VENV)/.ready dbt_project/profiles.yml ## Set up, update or repair the environment; the others do it first
setup-lint: setup $(VENV)/.ready-lint

$(VENV)/.ready: requirements.lock requirements-uv.lock pyproject.toml
	@"$(PYTHON)" deploy/environment.py $(VENV) .ready requirements.lock --project

$(VENV)/.ready-lint: requirements-lint.lock $(VENV)/.ready
	@"$(PYTHON)" deploy/environment.py $(VENV) .ready-lint requirements-lint.lock

$(AIRFLOW)/.ready: deploy/airflow/requirements.lock $(VENV)/.ready
	@"$(PYTHON)" deploy/environment.py $(AIRFLOW) .ready deploy/airflow/requirements.lock

dbt_project/profiles.yml: profiles.yml.example
	@cp $< $@

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^# ---/ {sub(/^# -+ /, ""); print "\n" $$0} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile
