/* The texts that stand in tables, as calls of _() for xgettext: what help, ?name and the manual are made of. */
#include "feel/dialect.h"
#include "feel/func.h"
#include "lua/api.h"
#include "store/catalog.h"
#include "store/measure.h"
#include "verb/guide.h"
#include "verb/verbs.h"

#include <stdio.h>
#include <string.h>

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
  return 0;
}
