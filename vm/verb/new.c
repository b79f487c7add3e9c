/* A new playbook: the script, its test, and what editors read. */
#include "verb/opts.h"
#include "verb/out.h"
#include "verb/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char SCRIPT[] =
  "-- What it finds, for whom, and what to do with it.\n"
  "return playbook {\n"
  "  name   = \"%s\",\n"
  "  title  = \"%s\",\n"
  "  scope  = \"status = 'active'\",\n"
  "  writes = { \"segment:%s\" },                  -- and \"account.tier\", \"task\" … as it needs\n"
  "  args = [[\n"
  "    least : money = 10\xE4\xB8\x87               // below this nobody looks\n"
  "  ]],\n"
  "  metrics = [[\n"
  "    lost : \xC2\xA5 = max(ago(revenue_12m, 12m) - revenue_12m, 0)   // less than the year before\n"
  "  ]],\n"
  "  run = function(book)\n"
  "    local down = book.all:where(\"lost > cut\", { cut = book.args.least })\n"
  "    segment(\"%s\"):becomes(down)\n"
  "    book:show(\"Less than the year before\", down:sort \"-lost\", \"code, name, owner.name, revenue_12m, lost\")\n"
  "  end,\n"
  "}\n";

static const char TEST[] =
  "-- pareto test %s\n"
  "return tests \"%s\" {\n"
  "  as_of = \"2026-11-01\",\n\n"
  "  case \"who brings less than the year before is listed, who brings more is not\" {\n"
  "    given = {\n"
  "      account = [[\n"
  "        code | name | status\n"
  "        C1   | \xE7\x94\xB2   | active\n"
  "        C2   | \xE4\xB9\x99   | active\n"
  "      ]],\n"
  "      monthly = [[                       // measure, account, oldest … newest month\n"
  "        revenue C1 60000 x12 30000 x12\n"
  "        revenue C2 30000 x12 60000 x12\n"
  "      ]],\n"
  "    },\n"
  "    expect = { segment = { [\"%s\"] = \"C1\" } },\n"
  "  },\n"
  "}\n";

static const char LUARC[] = "{\n  \"runtime.version\": \"Lua 5.4\",\n  \"workspace.library\": [\"pareto.d.lua\"],\n"
                            "  \"diagnostics.disable\": [\"lowercase-global\"]\n}\n";

static bool good_name(const char *name) {
  size_t n = strlen(name);
  return n > 0 && n <= 64 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n && name[0] != '-';
}

static bool write_new(const char *path, Str text, Err *e) {
  FILE *f = fopen(path, "wxe");
  if (!f) return err_set(e, ERR_FAIL, "%s cannot be written: %s", path, strerror(errno));
  bool ok = fwrite(text.p, 1, text.n, f) == text.n;
  ok = fclose(f) == 0 && ok;
  return ok || err_set(e, ERR_FAIL, "%s cannot be written: %s", path, strerror(errno));
}

/* From a command of ours, into a file that may be there already. */
static bool write_api(Cli *c, const char *option, const char *path, Err *e) {
  Cli sub = *c;
  CliOpt opt = {.def = verb_api.opt, .value = ""};
  for (const OptDef *d = verb_api.opt; d->name; d++)
    if (strcmp(d->name, option) == 0) opt.def = d;
  if (access(path, F_OK) == 0) return true;
  sub.opt = &opt;
  sub.nopt = 1;
  sub.narg = 0;
  sub.store = NULL;
  sub.output = path;
  bool ok = verb_api.run(&sub, e);
  store_close(sub.store);
  return ok;
}

static bool new_playbook(Cli *c, Err *e) {
  const char *name = c->arg[0];
  if (!good_name(name)) {
    err_set(e, ERR_USAGE, "a playbook's name is small letters, digits and -: late-payers");
    return false;
  }
  Arena *a = &c->arena;
  const char *script = arena_printf(a, "%s.lua", name), *test = arena_printf(a, "%s_test.lua", name);
  if (access(script, F_OK) == 0 || access(test, F_OK) == 0)
    return err_set(e, ERR_FAIL, "%s is there already", access(script, F_OK) == 0 ? script : test);
  bool ok = write_new(script, str_of(arena_printf(a, SCRIPT, name, name, name, name)), e) &&
            write_new(test, str_of(arena_printf(a, TEST, name, name, name)), e) &&
            (access(".luarc.json", F_OK) == 0 || write_new(".luarc.json", str_of(LUARC), e)) &&
            write_api(c, "luacheck", ".luacheckrc", e) && write_api(c, "luals", "pareto.d.lua", e);
  if (!ok) return false;
  Buf out = {0};
  buf_say(&out, "%s, %s, and for editors .luarc.json, .luacheckrc, pareto.d.lua\nnext: pareto test %s; pareto plan %s\n", script, test, name,
          name);
  ok = out_text(c, buf_view(&out), e);
  buf_free(&out);
  return ok;
}

const Verb verb_new = {
  .name = "new",
  .summary = "begin a playbook: the script, its test, files for editors",
  .usage = (const char *const[]){"new NAME", NULL},
  .about = "Into the current folder; nothing that is there is touched.",
  .least = 1,
  .most = 1,
  .run = new_playbook,
};
