# Every target runs "python -m tools <target>", which also works where there is no make.
# Another Python: make book PYTHON=python3.12
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help book test chapters exercises assignment solutions lint mutants certificate test-grading grade test-site site-zip pdf serve lab lock setup clean

help book test lint mutants certificate test-grading test-site site-zip pdf serve lab lock setup clean:
	@$(PYTHON) -m tools $@

# make chapters ALL=1 builds every chapter; OVERWRITE=1 replaces notebooks changed by hand;
# ONLY="likelihood divergence" looks at these alone
chapters:
	@$(PYTHON) -m tools $@ $(if $(ALL),--all) $(if $(OVERWRITE),--overwrite) $(ONLY)

# make assignment ONLY="squared_error map"; make solutions HIDDEN=folder-of-hidden-tests
exercises assignment:
	@$(PYTHON) -m tools $@ $(ONLY)
solutions:
	@$(PYTHON) -m tools $@ $(if $(HIDDEN),--hidden "$(HIDDEN)") $(ONLY)

# make grade SUBMISSIONS=dir OUT=dir; what else can be set: python -m tools grade --help
grade:
	@$(PYTHON) -m tools $@ "$(SUBMISSIONS)" "$(OUT)" $(if $(HIDDEN),--hidden "$(HIDDEN)") \
	  $(if $(SEED),--seed "$(SEED)") $(if $(WORKERS),--workers "$(WORKERS)") \
	  $(if $(SCHEDULER),--scheduler "$(SCHEDULER)") $(if $(UNSAFE),--unsafe) \
	  $(if $(LIMITS),--limits $(LIMITS)) $(if $(ONLY),--only $(ONLY))
