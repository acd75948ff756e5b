# A fresh machine needs Python 3.11 or newer and nothing else; see README.md for the variables.
PYTHON ?= python3
export STATE CLINICAL_PORT POLICE_PORT CAD LAYOUT PYTEST MODULES JOBS QUICK

.PHONY: demo test test-deep check bench mutants screenshots fmt setup servers requirements

demo test test-deep check bench mutants screenshots fmt setup servers requirements:
	@$(PYTHON) -I config/local/bootstrap.py $@
