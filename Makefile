# The front door. Every verb is also `python -m course VERB`, which makes .venv when it is missing;
# on a system without make, use that.

PYTHON ?= $(shell test -x .venv/bin/python && echo .venv/bin/python || echo python3)
COURSE = $(PYTHON) -m course
GRADER = $(PYTHON) -m nbgrader_isolate

.DEFAULT_GOAL := help
.PHONY: help setup html lab check start-over capstone student pack variant release collect grade feedback report export demo doctor bench-grade notebooks myths import test test-all check-fast lint bench lens lock clean python grader

help: ## show this list
	@echo "Inside the ndarray. Start with: make html, or make lab"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

html: python ## build the pages: open _site/index.html
	@$(COURSE) html

lab: python ## open JupyterLab on your own copies in work/ (OPTIONS=… are JupyterLab's)
	@$(COURSE) lab -- $(OPTIONS)

check: python ## which exercises are solved, and what next (A=02-strides: only those)
	@$(COURSE) check $(A)

start-over: python ## A=02-strides [T=ravel]: a fresh copy; yours is kept
	@test -n "$(A)" || { echo "Which assignment? make start-over A=02-strides, or A=02-strides T=ravel" >&2; exit 1; }
	@$(COURSE) start-over "$(A)" $(T)

capstone: python ## put your own parts of MiniArray into the capstone
	@$(COURSE) capstone

student: python ## instructors: a zip for students, without solutions
	@$(COURSE) student

pack: python ## instructors: A=02-strides, one assignment for any nbgrader course
	@test -n "$(A)" || { echo "Which assignment? make pack A=02-strides" >&2; exit 1; }
	@$(COURSE) pack "$(A)"

variant: python ## instructors: SEED=7 [A=02-strides], other hidden data for marks that count
	@test -n "$(SEED)" || { echo "Which seed? make variant SEED=7, any whole number" >&2; exit 1; }
	@$(COURSE) variant "$(SEED)" $(A)

release: python ## instructors: A=02-strides, register the assignment in the gradebook
	@test -n "$(A)" || { echo "Which assignment? make release A=02-strides" >&2; exit 1; }
	@$(COURSE) release "$(A)"

collect: grader ## instructors: A=02-strides FROM=all.zip, a platform's download into submitted/
	@test -n "$(A)" -a -n "$(FROM)" || { echo "Which, and from where? make collect A=02-strides FROM=downloads.zip" >&2; exit 1; }
	@$(GRADER) collect "$(A)" "$(FROM)" $(OPTIONS)

grade: grader ## instructors: A=02-strides, grade submitted/ (OPTIONS=… are the grader's)
	@test -n "$(A)" || { echo "Which assignment? make grade A=02-strides" >&2; exit 1; }
	@$(GRADER) grade "$(A)" $(OPTIONS)

feedback: grader ## instructors: A=02-strides, a page for each graded submission
	@test -n "$(A)" || { echo "Which assignment? make feedback A=02-strides" >&2; exit 1; }
	@$(GRADER) feedback "$(A)" $(OPTIONS)

report: grader ## instructors: A=02-strides, the marks, and who needs a person
	@test -n "$(A)" || { echo "Which assignment? make report A=02-strides" >&2; exit 1; }
	@$(GRADER) report "$(A)" $(OPTIONS)

export: grader ## instructors: A=02-strides, the marks as CSV (without A: of all assignments)
	@$(GRADER) export $(or $(A),--all) $(OPTIONS)

demo: grader ## instructors: watch 30 submissions of every kind being graded
	@$(GRADER) demo $(OPTIONS)

doctor: grader ## instructors: can this machine grade, and this course be graded
	@$(GRADER) doctor --course . $(OPTIONS)

test: python ## run the tests this machine can run
	@$(COURSE) test

test-all: python ## every test with no sample, then the lessons on every NumPy we promise
	@$(COURSE) test --all
	@$(COURSE) lens

setup: python ## make .venv (the other verbs do it themselves)
	@$(COURSE) setup

notebooks: python ## authors: content/ -> lessons/, solutions/, exercises/
	@$(COURSE) notebooks

myths: python ## authors: content/myths.yml -> links of the myths page, docs/myths.md
	@$(COURSE) myths

import: python ## authors: NB=lessons/….ipynb, an edited notebook -> its text in content/
	@test -n "$(NB)" || { echo "Which notebook? make import NB=lessons/NAME.ipynb" >&2; exit 1; }
	@$(COURSE) import "$(NB)"

check-fast: python ## authors: style, types and the quick tests, under 20 seconds
	@$(COURSE) check-fast

lint: python ## authors: style, types and texts
	@$(COURSE) lint

bench: python ## measure what the README claims, on this machine
	@$(COURSE) bench

bench-grade: grader ## measure grading beside stock nbgrader, on this machine (OPTIONS=--write)
	@$(PYTHON) benchmarks/grading.py $(OPTIONS)

lens: python ## authors: run the lessons on every NumPy the course promises, and compare
	@$(COURSE) lens

lock: python ## authors: requirements.lock from pyproject.toml
	@$(COURSE) lock

clean: python ## remove _site/ and _build/; never work/, marks or .venv
	@$(COURSE) clean

python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "$(PYTHON) is not on this machine: install Python 3.11 or newer (python.org, or your system's packages), or name one: make PYTHON=/path/to/python3 html" >&2; \
	  exit 1; }

grader: python
	@$(PYTHON) -c "import importlib.util as u, sys; sys.exit(not u.find_spec('nbgrader'))" || $(COURSE) setup
