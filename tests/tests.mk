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
$(BUILD)/tests/unit/%_test: tests/unit/%_test.c tests/unit/testing.h $$(call objs_of,$$(call floor_of,$$*)) $$(if $$(filter lua verb,$$(call floor_of,$$*)),$(BUILD)/gen/stdlib.o) | deps-test
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CPPFLAGS_ALL) -Itests/unit $(CFLAGS_ALL) -Wno-missing-prototypes -o $@ $(filter %.c %.o,$^) -lcmocka $(LDLIBS_ALL)
