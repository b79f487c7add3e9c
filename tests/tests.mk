# Tests. Unit tests are tests/unit/FLOOR_subject_test.c (cmocka) and link only the floors
# that FLOOR may know, so that feel, model and ui are proved to stand without SQLite and Lua.
LINK_base  := base
LINK_ui    := base ui
LINK_feel  := base feel
LINK_model := base model
LINK_store := base ui feel model store
LINK_run   := $(LINK_store) run
LINK_lua   := $(LINK_run) lua
LINK_verb  := $(LINK_lua) verb

UNIT     := $(sort $(wildcard tests/unit/*_test.c))
UNIT_BIN := $(UNIT:tests/unit/%.c=$(BUILD)/tests/unit/%)
floor_of  = $(firstword $(subst _, ,$(notdir $(1))))
objs_of   = $(filter-out %/main.o,$(foreach f,$(LINK_$(1)),$(filter $(BUILD)/vm/$(f)/%,$(OBJ))))

.SECONDEXPANSION:
$(BUILD)/tests/unit/%_test: tests/unit/%_test.c $$(call objs_of,$$(call floor_of,$$*)) $$(if $$(filter lua verb,$$(call floor_of,$$*)),$(BUILD)/gen/stdlib.o) | deps-test
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CPPFLAGS_ALL) -Itests/unit $(CFLAGS_ALL) $(LDFLAGS) -Wno-missing-prototypes -MMD -MP -MF $@.d -o $@ $(filter %.c %.o,$^) -lcmocka $(LDLIBS_ALL)
-include $(UNIT_BIN:=.d)

# The DMN conformance kit: the reader and the evaluator alone.
$(BUILD)/tests/tck: tests/tck/tck.c $(call objs_of,feel) | deps
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.o,$^) $(LDLIBS_ALL)
-include $(BUILD)/tests/tck.d

tck: $(BUILD)/tests/tck ## run the test cases of the DMN conformance kit below TCK=DIR
	@$(BUILD)/tests/tck $(TCK)

check: test
test: $(BUILD)/pareto $(BUILD)/company $(BUILD)/tests/tck $(UNIT_BIN) | deps-test ## unit, command-line, playbook, floor and real-data tests
	@BUILD=$(BUILD) lua5.4 tests/run.lua

visits-big: $(BUILD)/pareto $(BUILD)/company | deps-test ## plan visits of 300 managers and 20,000 accounts, and check every rule in SQL
	@BUILD=$(BUILD) sh tests/visits/big.sh
.PHONY: visits-big

# With sanitizers gcc warns of null pointers that are none.
SANITIZE := -Wno-format-truncation -Wno-maybe-uninitialized -Wno-nonnull -Wno-null-dereference -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan: ## the same tests with the address and undefined-behaviour sanitizers
	@PARETO_SANITIZED=1 $(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT='-O1 -g' CFLAGS='$(SANITIZE) $(CFLAGS)' test

lint: export LINT_FLAGS = $(CPPFLAGS_ALL)
lint: export LINT_TEXTS = $(BUILD)/tests/texts
lint: $(BUILD)/tests/texts | deps-lint deps ## clang-tidy, cppcheck, luacheck, the floors, and that every message is translated
	@sh tests/lint/run

# Routes against the literature: build/bench/pvrp, vrptw, cvrp FILE…; each knows the floor of models alone.
BENCH_ROUTES := $(foreach k,pvrp vrptw cvrp,$(BUILD)/bench/$(k))
$(BUILD)/bench/visits: tests/bench/routes/visits.c tests/unit/visit_rules.h $(call objs_of,model) | deps
	@mkdir -p $(@D)
	@echo "  bench $@"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LDLIBS_ALL)
$(BENCH_ROUTES): $(BUILD)/bench/%: tests/bench/routes/%.c $(wildcard tests/bench/routes/*.h) \
    $(addprefix tests/bench/routes/,bench.c check.c instance.c) $(call objs_of,model) | deps
	@mkdir -p $(@D)
	@echo "  bench $@"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LDLIBS_ALL)

$(BUILD)/bench/keys: tests/bench/prompt/keys.c | deps
	@mkdir -p $(@D)
	@echo "  bench $@"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $<

bench: $(BUILD)/pareto $(BUILD)/company $(BENCH_ROUTES) $(BUILD)/bench/visits $(BUILD)/bench/keys | deps-test ## ratios against peers, measured in one run
	@BUILD=$(BUILD) sh tests/bench/run

# DuckDB for the bench alone; nothing else ever looks there.
PEERS := $(BUILD)/peers
bench-peers: ## install what `make bench` is measured against (npm), below BUILD
	@command -v npm >/dev/null || { echo "bench-peers needs npm; make bench goes without DuckDB" >&2; exit 1; }
	@mkdir -p $(PEERS)
	@echo '{ "private": true, "dependencies": { "@duckdb/node-api": "1.5.6-r.1", "@gorules/zen-engine": "0.54.0" } }' >$(PEERS)/package.json
	@echo "  npm   $(PEERS)"
	@cd $(PEERS) && npm install --no-audit --no-fund --loglevel=error

# Messages: what is to be translated, and the catalogues brought up to it.
$(BUILD)/tests/texts: tests/lang/texts.c $(call objs_of,verb) $(BUILD)/gen/stdlib.o | deps
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.o,$^) $(LDLIBS_ALL)
-include $(BUILD)/tests/texts.d

messages: $(BUILD)/tests/texts ## put new messages into the catalogues in vm/base/lang, to be translated
	@sh tests/lang/extract $(BUILD)/tests/texts >$(BUILD)/messages.pot 2>/dev/null
	@for po in $(LANGS); do msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap $$po $(BUILD)/messages.pot; done
