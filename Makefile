# The commands of the course. Each is also `python -m course VERB`, which creates .venv if it is
# missing; on a system without make, use that.

PYTHON ?= $(shell test -x .venv/bin/python && echo .venv/bin/python || echo python3)
COURSE = $(PYTHON) -m course
# what is set for another Python is not meant for the one in .venv: packages, -O, warnings as errors
OTHERS = PYTHONHOME PYTHONOPTIMIZE PYTHONPATH PYTHONSTARTUP PYTHONWARNINGS
CLEAN = $(if $(wildcard .venv/bin/python),env $(addprefix -u ,$(OTHERS)))
GRADER = $(CLEAN) $(PYTHON) -m nbgrader_isolate

.DEFAULT_GOAL := help
.PHONY: help setup html lab jupyterlite check start-over capstone student cartridge pack variant release plan collect grade regrade review feedback report export demo doctor bench-grade bench-courses bench-commands compare-courses record notebooks myths import test test-all check-fast lint bench version-matrix lens release-check release-version lock live-update live-editor clean python grader

help: ## show this list
	@echo "Inside the ndarray. Start with: make html, or make lab. What is in [brackets] can be left out."
	@awk -F ' *## *' '/^##@ / { group = substr($$0, 5); next } /^[a-z-]+:.*## / { \
	  if (group) print "\n" group; group = ""; sub(/:.*/, "", $$1); \
	  printf "  make %-48s %s\n", $$1 (NF > 2 ? " " $$2 : ""), $$NF }' $(MAKEFILE_LIST)

##@ Read and learn

html: python ## [LIVE=0|full] ## build the pages; then open _site/index.html (0: cells do not run; full: with Matplotlib)
	@test -z "$(filter-out 0 1 full,$(LIVE))" || { echo "LIVE is 0, 1 or full, not $(LIVE)." >&2; exit 1; }
	@$(COURSE) html $(if $(filter 0,$(LIVE)),--plain) $(if $(filter full,$(LIVE)),--full)

lab: python ## [OPTIONS=...] ## open JupyterLab on your own copies in work/ (OPTIONS are JupyterLab's)
	@$(COURSE) lab -- $(OPTIONS)

jupyterlite: python ## build JupyterLite with lessons and exercises, for a static host
	@$(COURSE) jupyterlite

check: python ## [A=02-strides] ## show which exercises are done, and what to do next
	@$(COURSE) check $(A)

start-over: python ## A=02-strides [T=ravel] ## start again from a fresh copy; yours is kept
	@test -n "$(A)" || { echo "Which assignment? make start-over A=02-strides, or A=02-strides T=ravel" >&2; exit 1; }
	@$(COURSE) start-over "$(A)" $(T)

capstone: python ## copy your own parts of MiniArray into the capstone
	@$(COURSE) capstone

setup: python ## create .venv (the other verbs do it when needed)
	@$(COURSE) setup

clean: python ## remove _site/ and _build/; never work/, grades or .venv
	@$(COURSE) clean

##@ Teach and grade (OPTIONS are the grader's: python -m nbgrader_isolate grade --help)

student: python ## write a zip for students, without solutions
	@$(COURSE) student

cartridge: python ## URL=https://example.org/ndarray/ ## write links to your pages for Canvas or Moodle
	@test -n "$(URL)" || { echo "Where are your pages? make cartridge URL=https://example.org/ndarray/" >&2; exit 1; }
	@$(COURSE) cartridge "$(URL)"

pack: python ## A=02-strides ## pack one assignment for any nbgrader course
	@test -n "$(A)" || { echo "Which assignment? make pack A=02-strides" >&2; exit 1; }
	@$(COURSE) pack "$(A)"

variant: python ## SEED=7 [A=02-strides] ## write a variant with different hidden data
	@test -n "$(SEED)" || { echo "Which seed? make variant SEED=7, any whole number" >&2; exit 1; }
	@$(COURSE) variant "$(SEED)" $(A)

release: python ## A=02-strides ## register the assignment in the gradebook
	@test -n "$(A)" || { echo "Which assignment? make release A=02-strides" >&2; exit 1; }
	@$(COURSE) release "$(A)"

plan: grader ## A=02-strides [OPTIONS=...] ## show where each test runs, and what to look at
	@test -n "$(A)" || { echo "Which assignment? make plan A=02-strides" >&2; exit 1; }
	@$(GRADER) plan "$(A)" $(OPTIONS)

collect: grader ## A=02-strides FROM=all.zip [OPTIONS=...] ## unpack a download into submitted/
	@test -n "$(A)" -a -n "$(FROM)" || { echo "Which assignment, and from which file? make collect A=02-strides FROM=downloads.zip" >&2; exit 1; }
	@$(GRADER) collect "$(A)" "$(FROM)" $(OPTIONS)

grade: grader ## A=02-strides [OPTIONS=...] ## grade what is in submitted/
	@test -n "$(A)" || { echo "Which assignment? make grade A=02-strides" >&2; exit 1; }
	@$(GRADER) grade "$(A)" $(OPTIONS)

regrade: grader ## A=02-strides [OPTIONS=...] ## after correcting a test: what changes, then record it
	@test -n "$(A)" || { echo "Which assignment? make regrade A=02-strides" >&2; exit 1; }
	@$(GRADER) regrade "$(A)" $(OPTIONS)

review: grader ## A=02-strides [OPTIONS=...] ## list what needs a person, with links
	@test -n "$(A)" || { echo "Which assignment? make review A=02-strides" >&2; exit 1; }
	@$(GRADER) review "$(A)" $(OPTIONS)

feedback: grader ## A=02-strides [OPTIONS=...] ## write a page for each graded submission
	@test -n "$(A)" || { echo "Which assignment? make feedback A=02-strides" >&2; exit 1; }
	@$(GRADER) feedback "$(A)" $(OPTIONS)

report: grader ## A=02-strides [OPTIONS=...] ## show the grades and which submissions need review
	@test -n "$(A)" || { echo "Which assignment? make report A=02-strides" >&2; exit 1; }
	@$(GRADER) report "$(A)" $(OPTIONS)

export: grader ## [A=02-strides] [OPTIONS=...] ## write the grades as CSV; without A, of all assignments
	@$(GRADER) export $(or $(A),--all) $(OPTIONS)

demo: grader ## [OPTIONS=...] ## watch 30 submissions of all kinds being graded
	@$(GRADER) demo $(OPTIONS)

doctor: grader ## check whether this machine can grade this course
	@$(GRADER) doctor --course . $(OPTIONS)

##@ Write lessons

notebooks: python ## build lessons/, colab/, solutions/ and exercises/ from content/
	@$(COURSE) notebooks

import: python ## NB=lessons/NAME.ipynb ## turn an edited notebook back into source
	@test -n "$(NB)" || { echo "Which notebook? make import NB=lessons/NAME.ipynb" >&2; exit 1; }
	@$(COURSE) import "$(NB)"

myths: python ## update the myths page and docs/myths.md from content/myths.yml
	@$(COURSE) myths

##@ Work on the course

check-fast: python ## check style and types, and run the quick tests
	@$(COURSE) check-fast

lint: python ## check style, types, imports, sources and English
	@$(COURSE) lint

test: python ## run the tests that this machine can run
	@$(COURSE) test

test-all: python ## run every test, then the lessons on every supported NumPy
	@$(COURSE) test --all
	@$(COURSE) version-matrix

bench: python ## measure the figures in the README on this machine
	@$(COURSE) bench

bench-grade: grader ## [OPTIONS=--write] ## compare the speed of grading with nbgrader's on this machine
	@$(PYTHON) benchmarks/grading.py $(OPTIONS)

bench-courses: grader ## [OPTIONS=--write] ## the same with ten assignments like those of real courses
	@$(PYTHON) benchmarks/real_courses.py $(OPTIONS)

bench-commands: grader ## [OPTIONS=--write] ## measure collect, report, export and feedback of a class of 300
	@$(PYTHON) benchmarks/commands.py $(OPTIONS)

compare-courses: grader ## DIRS="FOLDER ..." ## grade nbgrader courses with nbgrader and ours; compare every cell
	@$(PYTHON) benchmarks/courses.py $(DIRS) $(OPTIONS)

record: python ## [OPTIONS="--lessons 06-measuring-speed"] ## run the races that lessons show as recorded, on this machine
	@$(PYTHON) benchmarks/record.py $(OPTIONS)

version-matrix: python ## run the lessons on every supported NumPy, and compare
	@$(COURSE) version-matrix

lens: python # the former name of version-matrix
	@$(COURSE) lens

release-check: python ## build and check what is released, and write it to dist/
	@$(COURSE) release-check

release-version: python ## V=1.2.3 ## write a version into every file that names it
	@test -n "$(V)" || { echo "Which version? make release-version V=1.2.3" >&2; exit 1; }
	@$(COURSE) release-version "$(V)"

lock: python ## write requirements.lock from pyproject.toml, and the lists in vendor/ and docker/
	@$(COURSE) lock

live-update: python ## VERSION=314.0.3 [CARRIER=...] ## replace the Python that runs in pages
	@test -n "$(VERSION)" || { echo "Which version of Pyodide? make live-update VERSION=314.0.3" >&2; exit 1; }
	@$(COURSE) live-update "$(VERSION)" $(if $(CARRIER),--carrier "$(CARRIER)")

live-editor: python ## build the editor of cells again, from vendor/codemirror/package.json
	@$(COURSE) live-editor

python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "$(PYTHON) is not on this machine: install Python 3.11 or newer (from python.org or your system's packages), or name another one: make PYTHON=/path/to/python3 html" >&2; \
	  exit 1; }

grader: python
	@$(PYTHON) -c "import importlib.util as u, sys; sys.exit(not u.find_spec('nbgrader'))" || $(COURSE) setup
