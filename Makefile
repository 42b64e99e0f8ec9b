# SPAR on Odoo. `make demo` is all a newcomer needs; README.md says more.
# Settings: SPAR_PORT (8069), SPAR_ESIGNET_PORT, SPAR_MAIL_PORT, SPAR_DB (spar),
# SPAR_WORKERS (2), ODOO_HOME, SPAR_ODOO_ARCHIVE, SPAR_CHROMIUM. All that is written
# lies in .run/ and .cache/, or where SPAR_RUN and SPAR_CACHE say.

PYTHON ?= python3
SPAR_ENV = PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=setup $(PYTHON) -m spar_env

.PHONY: help demo up down test test-superset superset lint bench clean

help:
	@echo "make demo    install what is missing, start with demonstration data, stay"
	@echo "make up      the same in the background; make down stops it"
	@echo "make test    every test, from a fresh clone"
	@echo "make lint    form and architecture"
	@echo "make bench   the benchmark, on a system of its own"
	@echo "make superset       write the file that Apache Superset imports"
	@echo "make test-superset  try it in a Superset, fetched for that (10 minutes)"
	@echo "make clean   stop and remove .run/ and .cache/"

demo up down test test-superset superset lint bench clean:
	@$(SPAR_ENV) $@
