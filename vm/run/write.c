/* What a playbook may do to the data: each call is held against `writes` before the store sees it. */
#include "run/decided.h"
#include "run/state.h"
#include "run/wish.h"

#include "base/lang.h"
#include "base/num.h"

#include <string.h>

Store *run_store(Run *r) { return r->store; }
const RunSpec *run_spec(const Run *r) { return r->spec; }
Report *run_report(Run *r) { return &r->report; }

void run_log(Run *r, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  buf_vprintf(&r->log, lang_text(fmt), ap);
  va_end(ap);
  buf_char(&r->log, '\n');
}

static bool listed(const char *const *list, const char *what) {
  for (; list && *list; list++)
    if (strcmp(*list, what) == 0) return true;
  return false;
}

static void show_writes(const char *const *list, Buf *out) {
  if (!list || !*list) {
    buf_say(out, "writes is empty");
    return;
  }
  buf_say(out, "not in writes {");
  for (size_t i = 0; list[i]; i++) buf_printf(out, "%s \"%s\"", i ? "," : "", list[i]);
  buf_puts(out, " }");
}

/* `of` says how much: " of 11,902 accounts", or is empty. */
static bool may_write(Run *r, const char *what, const char *of, Err *e) {
  if (r->wishes) return true;
  if (r->reading) {
    err_set(e, ERR_FAIL, "%s only reads: %s%s cannot be changed here", r->spec->what, what, of);
    return err_todo(e, "a playbook with writes = { \"%s\" } can, through pareto run", what);
  }
  if (listed(r->spec->writes, what)) return true;
  Buf writes = {0};
  show_writes(r->spec->writes, &writes);
  err_set(e, ERR_FAIL, "%s would change %s%s: %s", r->spec->what, what, of, writes.p);
  buf_free(&writes);
  err_todo(e, "if it is meant to, name it in the playbook: writes = { \"%s\" }", what);
  return err_left(e, "nothing was written");
}

/* Whoever may write a field can tell what is in it: unchanged values are no change. */
static bool may_see(Run *r, const CatEntity *ent, const char *what, Str field, Err *e) {
  const CatColumn *c = ent ? catalog_column(ent, field) : NULL;
  if (!c || !(c->flags & CAT_PERSONAL) || listed(r->spec->grants, what)) return true;
  err_set(e, ERR_FAIL, "%s is masked for you: it cannot be written either", what);
  err_todo(e, "the playbook needs grants = { \"%s\" }, and so does your role where roles are configured", what);
  return err_left(e, "nothing was written");
}

bool run_may_write(Run *r, const char *what, Err *e) { return may_write(r, what, "", e); }

static char *how_many(const char *entity, size_t n) {
  const CatEntity *ent = catalog_entity(str_of(entity));
  Buf b = {0};
  num_fixed(val_int((int64_t)n), 0, true, &b);
  char *number = buf_take(&b);
  buf_say(&b, " of %s %s", number, !ent ? entity : n == 1 ? ent->name : ent->plural);
  mem_free(number);
  return buf_take(&b);
}

bool run_assign(Run *r, const char *entity, const char *field, const int64_t *id, const Val *val, size_t n, Err *e) {
  Buf what = {0};
  const CatEntity *ent = catalog_entity(str_of(entity));
  buf_printf(&what, "%s.%s", ent ? ent->name : entity, field);
  char *of = how_many(entity, n);
  size_t changed;
  bool ok = may_write(r, what.p, of, e) && may_see(r, ent, what.p, str_of(field), e);
  if (ok && r->wishes)
    wish_assign(r->wishes, what.p, ent ? ent->name : entity, field, id, val, n);
  else
    ok = ok && store_assign(r->store, entity, field, r->spec->asof, id, val, n, &changed, e);
  mem_free(of);
  buf_free(&what);
  return ok;
}

bool run_segment(Run *r, const char *name, const int64_t *id, size_t n, Arena *a, SegmentMove *out, Err *e) {
  Buf what = {0};
  buf_printf(&what, "segment:%s", name);
  bool ok = may_write(r, what.p, "", e) &&
            (r->wishes ? wish_segment(r->wishes, r, what.p, name, id, n, a, out, e)
                       : store_segment_become(r->store, name, r->spec->asof, id, n, a, out, e));
  buf_free(&what);
  return ok;
}

/* What a playbook gives out (a task, an alert) is given on as-of, unless it says another day. */
bool run_insert(Run *r, const char *entity, const Str *name, const Val *val, size_t n, Err *e) {
  const CatEntity *ent = catalog_entity(str_of(entity));
  if (!ent) return err_set(e, ERR_FAIL, "there is no entity '%s'", entity);
  if (!may_write(r, ent->name, "", e)) return false;
  if (r->wishes) {
    wish_insert(r->wishes, ent->name, ent->name, name, val, n);
    return true;
  }
  bool dated = !catalog_column(ent, STR("created"));
  for (size_t i = 0; i < n; i++) dated = dated || str_is(name[i], "created");
  int64_t id;
  if (dated) return store_insert(r->store, ent, name, val, n, &id, e);
  Arena a = {0};
  Str *names = arena_alloc(&a, (n + 1) * sizeof *names);
  Val *vals = arena_alloc(&a, (n + 1) * sizeof *vals);
  for (size_t i = 0; i < n; i++) names[i] = name[i], vals[i] = val[i];
  names[n] = STR("created");
  vals[n] = val_date(r->spec->asof);
  bool ok = store_insert(r->store, ent, names, vals, n + 1, &id, e);
  arena_free(&a);
  return ok;
}

bool run_publish(Run *r, const char *entity, const char *metric, Unit unit, const int64_t *id, const Val *val,
                 size_t n, Err *e) {
  if (r->reading) return err_set(e, ERR_FAIL, "%s only reads: %s cannot be published here", r->spec->what, metric);
  return store_publish(r->store, entity, metric, unit, r->spec->asof, id, val, n, e);
}

bool run_decided(Run *r, Eval *ev, const Decision *d, Err *e) {
  if (r->reading) return true; /* nothing is kept of a look */
  return decided_add(&r->decided, r->store, ev, d, r->spec->grants && r->spec->grants[0], e);
}

Run *run_reading(Store *s, const RunSpec *spec) {
  Run *r = mem_zalloc(1, sizeof *r);
  r->store = s;
  r->spec = spec;
  r->reading = true;
  return r;
}

void run_reading_free(Run *r) {
  if (!r) return;
  report_free(&r->report);
  buf_free(&r->decided);
  buf_free(&r->log);
  mem_free(r);
}
