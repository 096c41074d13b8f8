# What a newcomer types; CI runs the same targets. `make help` lists them.
# Every target first sees that setup still holds, which takes well under a second when it does.

SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup control-plane check format lock test rehearse policies bench nightly charts lease-image docs preview deploy clean

# The first Python on PATH that is recent enough: a name alone proves nothing (pyenv's shims).
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
JOBS ?= 2
PYTEST := $(BIN)/pytest --numprocesses $(JOBS) --dist loadgroup
STACK ?= production
# The CLI that setup chose; the engine finds its language host beside it.
CACHE := $(or $(MLOPS_CACHE_DIR),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/mlops-platform)
PULUMI := $(CACHE)/bin/pulumi
POLICIES := --policy-pack policies
STATES := $(foreach stack,production dr link,--state build/states/$(stack).json)
ENGINE := rehearsal and not nightly and not control_plane and not browser

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## install uv, the locked environment and the Pulumi CLI; a second run does nothing
	@if [ -z "$(PYTHON)" ]; then \
		echo "setup: no Python 3.11 or later on PATH; install one, or name it: make PYTHON=/path/to/python3"; \
		exit 1; fi
	@$(PYTHON) -m bootstrap

control-plane: setup  ## get a real Kubernetes control plane, promtool and amtool for the tests
	@$(PYTHON) -m bootstrap control-plane

check: setup  ## lint, types, layers, licences, lock file, generated documents
	@$(BIN)/python -m upkeep check

format: setup  ## rewrite the code the way `check` wants it
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: setup  ## bring requirements.lock up to date with pyproject.toml
	@$(BIN)/python -m upkeep lock

test: check control-plane  ## check, unit tests, and those with the real engine and API server
	$(PYTEST) -m "not rehearsal and not nightly and not control_plane and not browser"
	$(PYTEST) -m "control_plane and not nightly"
	$(PYTEST) -m "$(ENGINE)"

rehearse: setup  ## build every stack on a simulated cloud; ARGS="--stack production --keep"
	@exec $(BIN)/mlops rehearse $(ARGS)

policies: setup  ## judge all stacks, as rehearsed, by the policy pack; writes policies.sarif
	$(BIN)/mlops rehearse --no-whole --output build --states build/states
	$(BIN)/mlops policy check $(STATES) --format sarif --output policies.sarif || true
	$(BIN)/mlops policy check $(STATES)

bench: setup  ## measure rehearsals against their budgets; prints a table, writes bench.json
	$(BIN)/python -m rehearsal.bench

nightly: setup  ## the long campaigns: property tests, crash drills, browser, mutants of the policies
	$(BIN)/pytest -m "nightly or browser" --timeout 3600
	$(BIN)/python -m tests.policies.mutation --record

charts: setup  ## derive the charts' contracts; DATA=<folder of charts>
	@$(BIN)/python -m upkeep.charts $(DATA)

lease-image: setup  ## build the lease agent's image, as an OCI layout in build/lease-image
	@$(BIN)/python -m upkeep.image build

docs: setup  ## write the generated documents
	@$(BIN)/python -m upkeep docs

preview: setup  ## what would change in the real account; STACK=production|dr
	$(PULUMI) preview --non-interactive --diff --stack $(STACK) $(POLICIES)

deploy: setup  ## change the real account, without asking; STACK=production|dr
	$(PULUMI) up --non-interactive --yes --stack $(STACK) $(POLICIES)

clean:  ## remove what can be made again, except the environment and the cache
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	rm -f rehearsal.json rehearsal.html bench.json policies.sarif
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
