# Two commands are all there is: `make run` and `make test`. Both may be repeated at any time.
# Paths are relative on purpose: the project may lie in a folder with spaces or Chinese in its name.
PYTHON ?= python3
PY := .venv/bin/python
LUMING := $(PY) -m ui.cli
COLLECTION := 示例文库

export HF_HUB_OFFLINE ?= 1
export ANONYMIZED_TELEMETRY := False
export GRADIO_ANALYTICS_ENABLED := False
export PYTHONUTF8 := 1

.PHONY: run test setup check clean

run: setup
	@$(LUMING) serve --sample corpus --sample-collection $(COLLECTION)

test: .venv/.dev-installed
	@sh tests/browser.sh
	@$(PY) -m ruff check .
	@$(PY) -m mypy ingest index assistant ui bench training
	@$(PY) -m pytest

setup: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	@echo "正在准备运行环境（首次约需几分钟）…"
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.dev-installed: .venv/.installed requirements-dev.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-dev.lock
	@touch $@

clean:
	rm -rf .venv
