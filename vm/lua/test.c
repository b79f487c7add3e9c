#include "lua/test.h"

#include "base/lang.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEST_SEED = 20261101, TEST_SECONDS = 120 };

void test_fault(TestRun *t, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  lang_plain(-1); /* what is said of the test itself */
  buf_puts(&t->faults, "      ");
  buf_vprintf(&t->faults, lang_text(fmt), ap);
  lang_plain(1);
  buf_char(&t->faults, '\n');
  va_end(ap);
}

void test_faults(TestRun *t, Str lines) {
  lines = str_trim(lines);
  while (lines.p && lines.n) {
    Str line = str_split(lines, '\n', &lines);
    test_fault(t, "%.*s", STR_ARG(line));
  }
}

void test_done(TestRun *t, Str name, int line) {
  bool good = t->faults.n == 0;
  buf_printf(t->out, "%s  %.*s", good ? "ok  " : "FAIL", STR_ARG(name));
  if (!good) buf_printf(t->out, "   (%s:%d)", t->tests->path, line);
  buf_char(t->out, '\n');
  if (!good) buf_str(t->out, buf_view(&t->faults));
  buf_clear(&t->faults);
  ++*(good ? t->passed : t->failed);
}

/* --- a database of its own ------------------------------------------------------- */

static bool make_folder(TestRun *t, Err *e) {
  const char *tmp = getenv("TMPDIR");
  Buf b = {0};
  buf_printf(&b, "%s/pareto-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
  if (!mkdtemp(b.p)) {
    err_set(e, ERR_FAIL, "%s: no temporary folder can be made there: %s", b.p, strerror(errno));
    buf_free(&b);
    return false;
  }
  t->folder = buf_take(&b);
  return true;
}

static void remove_folder(char *folder) {
  static const char *const FILE_NAME[] = {"test.db", "test.db-wal", "test.db-shm", "test.db-journal"};
  Buf b = {0};
  for (size_t i = 0; i < sizeof FILE_NAME / sizeof *FILE_NAME; i++) {
    buf_clear(&b);
    buf_printf(&b, "%s/%s", folder, FILE_NAME[i]);
    unlink(b.p);
  }
  buf_free(&b);
  rmdir(folder);
  mem_free(folder);
}

static bool open_store(TestRun *t, Err *e) {
  if (!make_folder(t, e)) return false;
  Buf path = {0};
  buf_printf(&path, "%s/test.db", t->folder);
  bool ok = store_init(path.p, (StoreInit){.currency = "CNY", .minor = 2}, e) &&
            store_open(path.p, STORE_WRITE, &t->store, e);
  buf_free(&path);
  return ok;
}

static bool open_book(TestRun *t, Err *e) {
  Buf path = {0};
  bool ok = namespace_find(t->tests, t->tests->name, &path, e) && playbook_load(path.p, &t->book, e);
  buf_free(&path);
  if (!ok) return false;
  for (size_t i = 0; i < t->item->narg; i++) {
    const NamedText *arg = &t->item->arg[i];
    Buf text = {0};
    buf_str(&text, arg->text.text);
    ok = playbook_set_arg(t->book, arg->name, text.p ? text.p : "", e);
    buf_free(&text);
    if (!ok) return false;
  }
  if (!store_begin(t->store, e)) return false;
  if (namespace_ready(t->book, t->store, e) && store_commit(t->store, e)) return playbook_check(t->book, t->store, e);
  store_rollback(t->store);
  return false;
}

bool test_open(TestRun *t, Err *e) {
  return open_store(t, e) && open_book(t, e);
}

void test_close(TestRun *t) {
  playbook_free(t->book);
  store_close(t->store);
  if (t->folder) remove_folder(t->folder);
  arena_free(&t->arena);
  t->book = NULL;
  t->store = NULL;
  t->folder = NULL;
}

bool test_play(TestRun *t, Plan **plan, Err *e) {
  Buf args = {0};
  playbook_args_text(t->book, &args);
  RunSpec spec = {.what = playbook_name(t->book),
                  .script = playbook_source(t->book),
                  .args = args.p ? args.p : "",
                  .asof = t->asof,
                  .seed = TEST_SEED,
                  .writes = playbook_writes(t->book),
                  .grants = playbook_grants(t->book),
                  .max_percent = -1,
                  .max_changes = -1,
                  .seconds = TEST_SECONDS};
  int64_t run_id;
  bool ok = run_plan(t->store, &spec, playbook_run, t->book, plan, e) && run_apply(t->store, *plan, &run_id, e);
  buf_free(&args);
  return ok;
}

/* --- the file --------------------------------------------------------------------- */

static bool run_item(TestRun *t, Err *e) {
  static bool (*const KIND[])(TestRun *, Err *) = {test_decide, test_case, test_property};
  lang_plain(1);
  bool ok = test_open(t, e) && KIND[t->item->kind](t, e);
  test_close(t);
  lang_plain(-1);
  return ok;
}

bool playbook_test(const char *path, Buf *out, int *passed, int *failed, Err *e) {
  Header *h;
  if (!header_read(path, &h, e)) return false;
  TestRun t = {.tests = h, .out = out, .passed = passed, .failed = failed};
  bool ok = h->kind == TESTS;
  if (!ok) {
    err_set(e, ERR_FAIL, "%s holds no tests: it has to end in return tests \"name\" { … }", path);
  } else if (!day_parse(str_of(h->as_of), &t.asof)) {
    const Key *at = scan_key(&h->scan, STR("as_of"));
    err_set(e, ERR_FAIL, "as_of = \"%s\" is no date (YYYY-MM-DD, a day that exists)", h->as_of);
    ok = err_at(e, path, at ? at->line : 0, at ? at->col : 0);
  }
  for (size_t i = 0; ok && i < h->ntest; i++) {
    t.item = &h->test[i];
    ok = run_item(&t, e);
  }
  buf_free(&t.faults);
  header_free(h);
  return ok;
}
