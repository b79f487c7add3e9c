# Pareto. `make help` says what there is; README.md says why.
VERSION := 0.1.0
PREFIX  ?= /usr/local
BUILD   ?= build
ifeq ($(origin CC),default)
CC      := gcc
endif
FLOORS  := base ui feel model store run lua verb

WARN    := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
           -Wmissing-prototypes -Wpointer-arith -Wundef -Wvla -Werror
OPT     ?= -O2 -g
CPPFLAGS_ALL = -Ivm -I$(BUILD)/gen -D_GNU_SOURCE -DPARETO_VERSION='"$(VERSION)"' \
           -DPARETO_PREFIX='"$(PREFIX)"' -I/usr/include/lua5.4 $(CPPFLAGS)
CFLAGS_ALL = -std=c17 $(OPT) $(WARN) -fno-common -fstack-protector-strong $(CFLAGS)
# Readline and xlsxwriter are loaded by the commands that need them (vm/base/lib.h).
LDLIBS_ALL = -Wl,--as-needed -llua5.4 -lsqlite3 -lexpat -lutf8proc -lbidgcc000 -lnettle -lm -lpthread $(LDLIBS)

SRC     := $(foreach f,$(FLOORS),$(sort $(wildcard vm/$(f)/*.c)))
OBJ     := $(SRC:vm/%.c=$(BUILD)/vm/%.o)
STDLIB  := $(filter-out %_test.lua,$(sort $(wildcard stdlib/*.lua)))
# The few sources that know where we are installed are compiled again when that changes.
PLACED  := $(patsubst vm/%.c,$(BUILD)/vm/%.o,$(shell grep -ls PARETO_PREFIX $(SRC) /dev/null))

.DEFAULT_GOAL := all
.PHONY: all demo test check asan lint bench bench-peers install clean help deps deps-test deps-lint FORCE
all: $(BUILD)/pareto ## build build/pareto (the default)

$(BUILD)/pareto: $(OBJ) $(BUILD)/gen/stdlib.o $(BUILD)/gen/lang.o | deps
	@echo "  link  $@"
	@$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS_ALL)

$(BUILD)/vm/%.o: vm/%.c | deps
	@mkdir -p $(@D)
	@echo "  cc    $<"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c | deps
	@echo "  cc    $<"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# The domain library as C arrays, with what every Debian has: od and sed. The list of names is
# remade only when it differs, so that a removed file leaves the binary too.
$(BUILD)/gen/stdlib.c: $(STDLIB) $(BUILD)/gen/stdlib.names
	@echo "  gen   $@"
	@{ echo '#include "lua/stdlib.h"'; i=0; \
	  for f in $(STDLIB); do \
	    echo "static const unsigned char file$$i[] = {"; od -An -v -tu1 $$f | sed 's/\([0-9][0-9]*\) */\1,/g'; echo "0};"; \
	    i=$$((i + 1)); \
	  done; \
	  echo 'const StdlibFile stdlib_files[] = {'; i=0; \
	  for f in $(STDLIB); do \
	    echo "  {\"$$(basename $$f .lua)\", (const char *)file$$i, sizeof file$$i - 1, $$(grep -c '^return rulebook' $$f)},"; i=$$((i + 1)); \
	  done; \
	  echo '  {0, 0, 0, 0}};'; } >$@.new && mv $@.new $@

$(BUILD)/gen/stdlib.names: FORCE
	@mkdir -p $(@D)
	@echo '$(STDLIB)' | cmp -s - $@ || echo '$(STDLIB)' >$@

# The catalogues of messages (vm/base/lang.h), compiled by gettext.
LANGS := $(wildcard vm/base/lang/*.po)
$(BUILD)/gen/lang.c: $(LANGS) | deps
	@mkdir -p $(@D)
	@echo "  gen   $@"
	@{ echo '#include "base/lang.h"'; \
	  for f in $(LANGS); do \
	    msgfmt --endianness=little --no-hash -o $@.mo $$f || exit 1; \
	    echo "static const unsigned char $$(basename $$f .po)[] = {"; od -An -v -tu1 $@.mo | sed 's/\([0-9][0-9]*\) */\1,/g'; echo "};"; \
	  done; \
	  echo 'const LangCatalogue lang_catalogues[] = {'; \
	  for f in $(LANGS); do l=$$(basename $$f .po); echo "  {\"$${l%%_*}\", $$l, sizeof $$l},"; done; \
	  echo '  {0, 0, 0}};'; } >$@.new && mv $@.new $@

$(PLACED): $(BUILD)/gen/prefix
$(BUILD)/gen/prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@

# The sample company's generator stands on the lowest floor alone.
COMPANY := $(sort $(wildcard examples/company/*.c))
$(BUILD)/examples/%.o: examples/%.c | deps
	@mkdir -p $(@D)
	@echo "  cc    $<"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -ffp-contract=off -MMD -MP -c -o $@ $<
$(BUILD)/company: $(COMPANY:%.c=$(BUILD)/%.o) $(filter $(BUILD)/vm/base/%,$(OBJ)) | deps
	@echo "  link  $@"
	@$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS_ALL)

demo: $(BUILD)/pareto $(BUILD)/company ## build, invent a company of 2,000 accounts, and find its key accounts
	@BUILD=$(BUILD) sh examples/demo.sh

SHARE = $(DESTDIR)$(PREFIX)/share/pareto
install: $(BUILD)/pareto ## install below PREFIX (/usr/local); DESTDIR is put before it
	install -Dm755 $(BUILD)/pareto $(DESTDIR)$(PREFIX)/bin/pareto
	@for f in $$(find scripts examples -type f) LICENSE; do install -Dm644 $$f $(SHARE)/$$f; done
	@install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	@$(BUILD)/pareto api --man >$(DESTDIR)$(PREFIX)/share/man/man1/pareto.1
	@$(BUILD)/pareto api --bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/pareto
	@echo "  into  $(SHARE): scripts, examples, LICENSE"

clean: ## remove everything that was built
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "  make %-11s %s\n", $$1, $$2}'
	@echo "  Variables: CC=clang  BUILD=build  PREFIX=/usr/local  DESTDIR=  CFLAGS=  OPT='-O2 -g'"

# --- Debian packages, each with a file that shows it is there --------------------------------
HAVE_BUILD := libc6-dev:/usr/include/stdio.h liblua5.4-dev:/usr/include/lua5.4/lua.h \
  libsqlite3-dev:/usr/include/sqlite3.h libreadline-dev:/usr/include/readline/readline.h \
  libexpat1-dev:/usr/include/expat.h libminizip-dev:/usr/include/minizip/unzip.h \
  libxlsxwriter-dev:/usr/include/xlsxwriter.h libutf8proc-dev:/usr/include/utf8proc.h \
  libintelrdfpmath-dev:/usr/include/bid_functions.h nettle-dev:/usr/include/nettle/sha2.h tzdata:/usr/share/zoneinfo/Asia/Shanghai gettext:/usr/bin/msgfmt
HAVE_TEST  := libcmocka-dev:/usr/include/cmocka.h lua5.4:/usr/bin/lua5.4 sqlite3:/usr/bin/sqlite3
# Without these some tests are skipped.
HAVE_SOME  := tmux:/usr/bin/tmux libical3:$(or $(wildcard /usr/lib/*/libical.so.3),/usr/lib/libical.so.3)
HAVE_LINT  := clang:/usr/bin/clang clang-tidy:/usr/bin/clang-tidy cppcheck:/usr/bin/cppcheck lua-check:/usr/bin/luacheck

deps:
	@cc=; command -v $(firstword $(CC)) >/dev/null || cc=$(firstword $(CC)); $(call want,$$cc $(HAVE_BUILD))
deps-test: | deps
	@$(call want,$(HAVE_TEST))
	@( $(call want,$(HAVE_SOME)) ) >/dev/null 2>&1 || true
deps-lint: | deps-test
	@$(call want,$(HAVE_LINT))

# Installs what is missing where we may; otherwise says the one line that does, and stops.
want = missing=; for d in $(1); do [ -e "$${d\#*:}" ] || missing="$$missing $${d%%:*}"; done; \
  [ -z "$$missing" ] && exit 0; get="apt-get install -y --no-install-recommends$$missing"; \
  if ! command -v apt-get >/dev/null; then \
    echo "Pareto needs what Debian calls:$$missing; install them and call make again" >&2; exit 1; \
  elif [ "$$(id -u)" = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as=sudo; else \
    echo "Pareto needs:$$missing. Type this, then make again:" >&2; \
    echo "  sudo apt-get update && sudo $$get" >&2; exit 1; fi; \
  echo "  apt   $$missing"; \
  DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND; \
  $$as $$get >/dev/null 2>&1 || { $$as apt-get update -qq && $$as $$get >/dev/null; } || \
    { echo "make could not install them; type: $$get" >&2; exit 1; }

include tests/tests.mk tests/attack.mk
-include $(OBJ:.o=.d) $(COMPANY:%.c=$(BUILD)/%.d)
