# Aliases of ./run, for fingers that type make.
NAMES := test check lock help bench faults canary drill fuzz load asvs docs tour look
.PHONY: run $(NAMES)
run:
	@./run
$(NAMES):
	@./run $@
