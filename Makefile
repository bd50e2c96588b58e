# Everything a person or a machine does with the source. `make` alone lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv/bin
# The tools only look at the settings; they neither need nor touch an installation.
QUIET_HOME := TASUKI_HOME=$(CURDIR)/var/tools TASUKI_SECRET_KEY=tools TASUKI_DB_POOL=0
PYTHON_CODE := src tests bench scripts

.PHONY: help setup demo test unit lint check bench messages compile-messages lock format image

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

setup: ## Install the locked packages and build styles, scripts and texts
	@scripts/setup

demo: setup ## Fill a company with eighteen months of life and open its doors
	@TASUKI_HOME=$${TASUKI_HOME:-$(CURDIR)/var/demo} exec $(VENV)/tasuki demo

test: setup ## Run the whole suite, the browser tests too
	@scripts/test

unit: setup ## Run the tests that need neither database nor browser, in under a minute
	@$(VENV)/pytest -m unit -n $${TASUKI_TEST_WORKERS:-2} -q

lint: setup ## Run every check that needs no test
	$(VENV)/ruff check $(PYTHON_CODE)
	$(VENV)/ruff format --check $(PYTHON_CODE)
	$(QUIET_HOME) $(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/djlint --lint --quiet src
	$(VENV)/deptry src scripts
	$(VENV)/python scripts/messages.py check
	$(QUIET_HOME) DJANGO_SETTINGS_MODULE=tasuki.config.settings $(VENV)/python scripts/migrations.py

check: lint test ## Everything that a change must pass

bench: setup ## Measure the promises about speed
	$(VENV)/python bench/web.py
	$(VENV)/python bench/import.py

messages: ## Collect the texts of the screens into the catalogues and check them
	$(VENV)/python scripts/messages.py extract

compile-messages: ## Compile the catalogues
	$(VENV)/python scripts/messages.py compile

format: ## Put the code into shape
	$(VENV)/ruff check --fix $(PYTHON_CODE)
	$(VENV)/ruff format $(PYTHON_CODE)

lock: ## Choose and write down the versions of all packages anew
	scripts/lock

image: ## Build the container image
	docker build --tag tasuki .
