# Attacks and faults: tests/hostile, crash, fault, many, fuzz. `make test` runs all of them, the longer ones shortened.
CRASH_BIN := $(BUILD)/tests/crash/killer
FAULT_BIN := $(BUILD)/tests/fault/shim.so
FUZZ      := $(sort $(wildcard tests/fuzz/*_fuzz.c))
FUZZ_BIN  := $(FUZZ:tests/fuzz/%.c=$(BUILD)/tests/fuzz/%)
FUZZ_MAIN ?= tests/fuzz/replay.c

$(BUILD)/tests/crash/%: tests/crash/%.c | deps
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) -D_GNU_SOURCE $(CFLAGS_ALL) -o $@ $<
$(BUILD)/tests/fault/%.so: tests/fault/%.c | deps
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) -D_GNU_SOURCE -std=c17 -O2 $(WARN) -shared -fPIC -o $@ $<

# A target is FLOOR_subject_fuzz.c and links the floors that FLOOR may know, as unit tests do.
$(BUILD)/tests/fuzz/%_fuzz: tests/fuzz/%_fuzz.c $(FUZZ_MAIN) $$(call objs_of,$$(call floor_of,$$*)) $$(if $$(filter lua verb,$$(call floor_of,$$*)),$(BUILD)/gen/stdlib.o) | deps
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CPPFLAGS_ALL) -Itests/fuzz $(CFLAGS_ALL) $(LDFLAGS) $(FUZZ_LINK) -MMD -MP -MF $@.d -o $@ $(filter %.c %.o,$^) $(LDLIBS_ALL)
-include $(FUZZ_BIN:=.d)

test: $(CRASH_BIN) $(FAULT_BIN) $(FUZZ_BIN)

.PHONY: crash fault many prices fuzz fuzz-targets valgrind deps-valgrind
crash: $(BUILD)/pareto $(CRASH_BIN) | deps-test ## kill -9 at random points, N=500 times, SEED=1
	@BUILD=$(BUILD) N=$(or $(N),500) SEED=$(or $(SEED),1) lua5.4 tests/crash/run.lua

fault: $(BUILD)/pareto $(FAULT_BIN) | deps-test ## disk, rights, locks, damage, clock, memory: every fault over every verb
	@BUILD=$(BUILD) FULL=1 lua5.4 tests/fault/run.lua

many: $(BUILD)/pareto | deps-test ## eight processes at once on one database, for SECONDS=60
	@BUILD=$(BUILD) SECONDS=$(or $(SECONDS),60) lua5.4 tests/many/run.lua

prices: $(BUILD)/pareto ## random price requests held against plain SQL, QUOTES=200000, SEED=1
	@BUILD=$(BUILD) QUOTES=$(or $(QUOTES),200000) SEED=$(or $(SEED),1) lua5.4 tests/price/run.lua

valgrind: $(BUILD)/pareto | deps-valgrind ## the main path of every verb under valgrind
	@BUILD=$(BUILD) lua5.4 tests/fault/valgrind.lua
deps-valgrind: | deps-test
	@$(call want,valgrind:/usr/bin/valgrind)

FUZZ_FLAGS := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
fuzz: | deps-lint ## look for inputs that break a reader, TARGET=… or each, for SECONDS=60
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang OPT='-O1 -g' CFLAGS='$(FUZZ_FLAGS) $(CFLAGS)' \
	  FUZZ_MAIN= FUZZ_LINK=-fsanitize=fuzzer fuzz-targets
	@BUILD=$(BUILD)/fuzz lua5.4 tests/fuzz/run.lua --seconds $(or $(SECONDS),60) $(TARGET)
fuzz-targets: $(FUZZ_BIN)
