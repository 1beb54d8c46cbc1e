# Every target makes what it needs: `make demo` on a fresh clone is enough.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
READY := .venv/.ready
SOURCES := gateway detectors schemas bench tests
LOCK_TOOL := pip-tools==7.6.2
EXTRAS := dev otlp prometheus alerts
# The extras stay in the locks: pip before 23.3 takes the newest `name[extra]` where a lock pins only `name`,
# and then refuses it for want of a hash, on the day that a newer one is released.
LOCK := CUSTOM_COMPILE_COMMAND="make lock" .venv-lock/bin/pip-compile -q --generate-hashes \
  --no-strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help env demo test check bench rivals fuzz soak chaos fmt clean kafka lock

help:  ## show the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(READY)  ## make .venv from the lock, with the project and its tools in it

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is not: make PYTHON=/path/to/python3.11 env" >&2; \
	  exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
	  echo "$(PYTHON) cannot make environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  exit 1; }
	@echo "installing what requirements.lock names; this happens once"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: env  ## show the whole path on generated events, under demo/
	$(BIN)/sluicegate demo --out demo $(ARGS)

test: env  ## run every test, those on a real Kafka too (ARGS="-k name" narrows)
	sh tests/kafka/needs.sh
	$(BIN)/pytest $(ARGS)

check: env  ## style, types and import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: env  ## measure; one table, JSON under bench/results/
	sh tests/kafka/needs.sh
	$(BIN)/python -m bench $(ARGS)

rivals: .venv-rivals/.ready  ## install the engines that bench.scan and bench.quality compare with

.venv-rivals/.ready: bench/rivals.lock
	@test -x .venv-rivals/bin/python || $(PYTHON) -m venv .venv-rivals
	@.venv-rivals/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r bench/rivals.lock
	@touch $@

fuzz: env  ## 10 minutes of hostile events: nothing may raise, hang or keep memory
	@# 64 KB of one finding repeated take up to 50 ms, mixes that are read more than once up to 125.
	$(BIN)/python -m bench.fuzz --seconds 450 --patience 3 --seed $$(date +%s) $(ARGS)
	if $(BIN)/python -c 'import atheris'; then $(BIN)/python -m bench.guided --seconds 150; fi

soak: env  ## 2,000,000 events through the whole path: memory stays flat
	$(BIN)/python -m bench.soak $(ARGS)

chaos: env  ## the long fault test: 200,000 events, kills of workers, lander and broker
	sh tests/kafka/needs.sh
	SLUICEGATE_CHAOS=long $(BIN)/pytest tests/kafka/test_chaos.py $(ARGS)

fmt: env  ## format, and repair what can be repaired
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

kafka: env  ## start a real broker to try things on; Ctrl-C stops it
	sh tests/kafka/needs.sh
	$(BIN)/python -m tests.kafka.broker

lock: .venv-lock/.ready  ## resolve both locks, ours and the rivals' (ARGS=--upgrade renews)
	$(LOCK) --output-file requirements.lock $(addprefix --extra ,$(EXTRAS)) $(ARGS) pyproject.toml
	$(LOCK) --output-file bench/rivals.lock $(ARGS) bench/rivals.in

.venv-lock/.ready: Makefile
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install -q --disable-pip-version-check "$(LOCK_TOOL)"
	@touch $@

clean:  ## remove what was made, but not the environment
	rm -rf build dist demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +
