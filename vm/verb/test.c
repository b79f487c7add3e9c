#include "verb/out.h"
#include "verb/verbs.h"

#include "lua/playbook.h"

#include <string.h>
#include <unistd.h>

/* profit-types, profit-types.lua and profit-types_test all mean the tests beside profit-types.lua. */
static bool test_path(const char *name, Buf *out, Err *e) {
  Str stem = str_of(name);
  if (stem.n > 4 && memcmp(stem.p + stem.n - 4, ".lua", 4) == 0) stem.n -= 4;
  if (stem.n > 5 && memcmp(stem.p + stem.n - 5, "_test", 5) == 0) stem.n -= 5;
  Buf plain = {0}, path = {0};
  buf_str(&plain, stem);
  bool ok = playbook_find(plain.p, &path, e);
  if (ok) {
    Str found = buf_view(&path);
    if (found.n > 4 && memcmp(found.p + found.n - 4, ".lua", 4) == 0) found.n -= 4;
    buf_str(out, found);
    buf_puts(out, "_test.lua");
    if (access(out->p, R_OK) != 0) {
      ok = err_set(e, ERR_USAGE, "%.*s has no tests", STR_ARG(stem));
      err_todo(e, "they would stand in %s", out->p);
    }
  }
  buf_free(&plain);
  buf_free(&path);
  return ok;
}

typedef struct Totals { int passed, failed, files; } Totals;

static bool test_file(const char *path, Totals *t, Buf *out, Err *e) {
  int passed = 0, failed = 0;
  if (!playbook_test(path, out, &passed, &failed, e)) return false;
  t->passed += passed;
  t->failed += failed;
  t->files++;
  return true;
}

static bool test_named(const char *name, Totals *t, Buf *out, Err *e) {
  Buf path = {0};
  bool ok = test_path(name, &path, e) && test_file(path.p, t, out, e);
  buf_free(&path);
  return ok;
}

/* The playbooks in reach that have tests beside them. */
static bool test_all(Cli *c, Totals *t, Buf *out, Err *e) {
  char **path;
  size_t n;
  if (!playbook_paths(&c->arena, &path, &n, e)) return false;
  for (size_t i = 0; i < n; i++) {
    size_t stem = strlen(path[i]);
    if (stem > 4 && strcmp(path[i] + stem - 4, ".lua") == 0) stem -= 4;
    const char *beside = arena_printf(&c->arena, "%.*s_test.lua", (int)stem, path[i]);
    if (access(beside, R_OK) == 0 && !test_file(beside, t, out, e)) return false;
  }
  return true;
}

static bool test(Cli *c, Err *e) {
  Totals t = {0};
  Buf out = {0};
  bool ok = true;
  if (c->narg == 0) ok = test_all(c, &t, &out, e);
  for (int i = 0; ok && i < c->narg; i++) ok = test_named(c->arg[i], &t, &out, e);
  if (ok) buf_say(&out, "%d passed, %d failed\n", t.passed, t.failed);
  Err written = {0};
  if (!out_text(c, buf_view(&out), &written) && ok) {
    ok = false;
    err_move(e, &written);
  }
  err_free(&written);
  if (ok && t.failed) c->exit_code = ERR_FAIL;
  buf_free(&out);
  return ok;
}

const Verb verb_test = {
  .name = "test",
  .summary = "run the tests beside playbooks (NAME_test.lua)",
  .usage = (const char *const[]){"test [NAME…]", NULL},
  .about = "Needs no database: tests bring their rows. Without a name: all in reach. Exits with 1 when one fails.",
  .most = -1,
  .run = test,
};
