/* The texts that stand in tables, as calls of _() for xgettext: what help, ?name and the manual are made of, and what the
 * triggers of a database say when they refuse. */
#include "feel/dialect.h"
#include "feel/func.h"
#include "lua/api.h"
#include "store/catalog.h"
#include "store/measure.h"
#include "store/schema.h"
#include "store/store.h"
#include "verb/guide.h"
#include "verb/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void put(const char *text) {
  if (!text || !*text) return;
  fputs("/* xgettext:no-c-format */ _(\"", stdout);
  for (const char *p = text; *p; p++) {
    if (*p == '\n') fputs("\\n", stdout);
    else if (*p == '"' || *p == '\\') printf("\\%c", *p);
    else putchar(*p);
  }
  fputs("\");\n", stdout);
}

static void put_options(const OptDef *o) {
  for (; o && o->name; o++) put(o->about);
}

/* RAISE(ABORT, '…'): a quote in it is doubled. */
static bool put_refusals(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ctx, (void)ncol, (void)name, (void)e;
  static const char head[] = "RAISE(ABORT, '";
  Buf sql = {0}, said = {0};
  buf_str(&sql, val_str(val[0]));
  for (const char *p = sql.p; p && (p = strstr(p, head));) {
    buf_clear(&said);
    for (p += sizeof head - 1; *p && (*p != '\'' || p[1] == '\''); p++) {
      buf_char(&said, *p);
      p += *p == '\'';
    }
    put(said.p);
  }
  buf_free(&sql);
  buf_free(&said);
  return true;
}

static bool put_schema(Err *e) {
  char path[] = "/tmp/pareto-texts-XXXXXX";
  Store *s = NULL;
  int fd = mkstemp(path);
  if (fd < 0) return err_set(e, ERR_FAIL, "no temporary file");
  close(fd);
  unlink(path);
  bool ok = store_init(path, (StoreInit){.currency = "CNY", .minor = 2}, e) && store_open(path, STORE_READ, &s, e) &&
            store_query(s, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name", NULL, 0, put_refusals, NULL, e);
  store_close(s);
  unlink(path);
  const SchemaInvariant *inv;
  for (size_t i = 0; (inv = schema_invariant(i)); i++) put(inv->what);
  return ok;
}

int main(void) {
  size_t n;
  put_options(verb_common);
  for (const Verb *const *v = verb_all(); *v; v++) {
    put((*v)->summary);
    put((*v)->about);
    put_options((*v)->opt);
  }
  const char *const pages[] = {"tables", "scores"};
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) put(guide_page(str_of(pages[i])));
  const Api *a = api_list(&n);
  for (size_t i = 0; i < n; i++) put(a[i].about);
  const Func *f = func_list(&n);
  for (size_t i = 0; i < n; i++) put(f[i].about);
  const DialectDifference *d = dialect_differences(&n);
  for (size_t i = 0; i < n; i++) put(d[i].what), put(d[i].standard), put(d[i].rules);
  Buf usage = {0};
  const char *about;
  for (size_t i = 0; (about = dialect_function(i, &usage)); i++) put(about);
  buf_free(&usage);
  const Measure *m;
  for (size_t i = 0; (m = measure_at(i)); i++) put(m->about), put(strstr(m->about, "of ")); /* a history of what */
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) {
    put(ent->about);
    for (size_t k = 0; k < ent->ncol; k++) put(ent->col[k].about);
  }
  Err e = {0};
  if (put_schema(&e)) return 0;
  Buf text = {0};
  err_print(&e, &text);
  fputs(text.p, stderr);
  return 1;
}
