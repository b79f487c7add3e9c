# Pareto. `make help` says what there is; README.md says why.
VERSION := 0.1.0
PREFIX  ?= /usr/local
BUILD   ?= build
ifeq ($(origin CC),default)
CC      := gcc
endif
FLOORS  := base ui feel model store run lua verb

PKGS    := lua5.4 sqlite3 readline utf8proc nettle
WARN    := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
           -Wmissing-prototypes -Wpointer-arith -Wundef -Wvla -Werror
OPT     ?= -O2 -g
CPPFLAGS_ALL = -Ivm -I$(BUILD)/gen -D_GNU_SOURCE -DPARETO_VERSION='"$(VERSION)"' \
           -DPARETO_PREFIX='"$(PREFIX)"' -I/usr/include/lua5.4 $(CPPFLAGS)
CFLAGS_ALL = -std=c17 $(OPT) $(WARN) -fno-common -fstack-protector-strong $(CFLAGS)
LDLIBS_ALL = -llua5.4 -lsqlite3 -lreadline -lutf8proc -lnettle -lxlsxwriter -lbidgcc000 -lm -lpthread $(LDLIBS)

SRC     := $(foreach f,$(FLOORS),$(sort $(wildcard vm/$(f)/*.c)))
OBJ     := $(SRC:vm/%.c=$(BUILD)/vm/%.o)

.DEFAULT_GOAL := all
.PHONY: all demo test check asan lint bench install clean help deps deps-test
all: $(BUILD)/pareto ## build build/pareto (the default)

deps deps-test:

$(BUILD)/pareto: $(OBJ) $(BUILD)/gen/stdlib.o | deps
	@echo "  link  $@"
	@$(CC) $(CFLAGS_ALL) -o $@ $(filter %.o,$^) $(LDLIBS_ALL)

$(BUILD)/vm/%.o: vm/%.c | deps
	@mkdir -p $(@D)
	@echo "  cc    $<"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

include tests/tests.mk
-include $(OBJ:.o=.d)
