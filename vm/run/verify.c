/* verify: does the log hold what was written, and the database what the log says? */
#include "run/chain.h"

#include "base/lang.h"

#include "run/hash.h"
#include "run/link.h"
#include "run/origin.h"
#include "run/personal.h"
#include "run/state.h"
#include "store/health.h"

#include <stdio.h>
#include <string.h>

enum { LINES = 20 };

static void fault(Verified *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void fault(Verified *v, const char *fmt, ...) {
  va_list ap;
  if (v->faults++ >= LINES) return;
  va_start(ap, fmt);
  buf_vprintf(&v->text, lang_text(fmt), ap);
  va_end(ap);
  buf_char(&v->text, '\n');
}

/* --- the links ---------------------------------------------------------------------- */

typedef struct Kept {
  int64_t id, run;
  Str rows, hash;
} Kept;

typedef struct Walk {
  Store *s;
  Verified *v;
  Arena a;
  Kept *link;
  size_t n, cap;
} Walk;

static bool take_link(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Walk *w = ctx;
  mem_grow(w->link, w->cap, w->n + 1);
  w->link[w->n++] =
      (Kept){val[0].u.i, val[1].u.i, val_str(val_copy(val[2], &w->a)), val_str(val_copy(val[3], &w->a))};
  return true;
}

/* Where the first link hangs when earlier runs were pruned: the last pruning says so in its record. */
static bool anchor(Walk *w, Str *out, Err *e) {
  Val v;
  bool ok = store_value(w->s, "SELECT args FROM run WHERE what = 'prune' AND script_hash IS NULL ORDER BY id DESC LIMIT 1", NULL, 0,
                        &w->a, &v, e);
  *out = ok && v.t == V_TEXT ? val_str(v) : (Str){"", 0};
  return ok;
}

static bool check_link(Walk *w, const Kept *k, Str prev, Err *e) {
  Link now;
  char head[48];
  snprintf(head, sizeof head, "run %lld: ", (long long)k->run);
  bool ok = link_make(w->s, k->run, prev, NULL, &now, e);
  if (ok) {
    Buf text = {0};
    size_t n = link_compare(k->rows, buf_view(&now.rows), head, LINES, &text);
    w->v->rows += now.n;
    if (n) {
      if (w->v->faults < LINES) buf_str(&w->v->text, buf_view(&text));
      w->v->faults += n;
    } else if (!str_is(k->hash, now.hash)) {
      fault(w->v,
            "run %lld: its link does not follow from the one before: the chain was cut or made anew here",
            (long long)k->run);
    }
    buf_free(&text);
  }
  link_free(&now);
  return ok;
}

static bool unchained(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  fault(ctx, "run %lld (%.*s): is in the log and not in the chain", (long long)val[0].u.i,
        STR_ARG(val_str(val[1])));
  return true;
}

static bool orphan(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  fault(ctx, "%.*s %lld belongs to run %lld, which is not there", STR_ARG(val_str(val[0])),
        (long long)val[1].u.i, (long long)val[2].u.i);
  return true;
}

static bool check_links(Walk *w, Err *e) {
  Str prev;
  if (!store_query(w->s, "SELECT id, run, rows, hash FROM chain ORDER BY id", NULL, 0, take_link, w, e) ||
      !anchor(w, &prev, e))
    return false;
  for (size_t i = 0; i < w->n; i++) {
    if (!check_link(w, &w->link[i], prev, e)) return false;
    prev = w->link[i].hash;
  }
  w->v->runs = w->n;
  if (w->n && prev.n < sizeof w->v->head) memcpy(w->v->head, prev.p, prev.n);
  return store_query(w->s,
                     "SELECT id, what FROM run WHERE id NOT IN (SELECT run FROM chain) AND EXISTS(SELECT 1 "
                     "FROM chain) LIMIT 20",
                     NULL, 0, unchained, w->v, e) &&
         store_query(
             w->s,
             "SELECT 'change', id, run FROM change WHERE run NOT IN (SELECT id FROM run) UNION ALL"
             " SELECT 'decision', id, run FROM decision WHERE run NOT IN (SELECT id FROM run) LIMIT 20",
             NULL, 0, orphan, w->v, e);
}

/* --- the rest ------------------------------------------------------------------------------ */

static bool definition_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  char hash[65];
  hash_hex(val_str(val[2]), hash);
  if (!str_is(val_str(val[1]), hash)) fault(ctx, "definition %lld was altered", (long long)val[0].u.i);
  return true;
}

static bool check_personal(Store *s, Verified *v, Err *e) {
  Buf wrong = {0};
  bool ok = personal_verify(s, &wrong, e);
  for (Str rest = buf_view(&wrong); ok && rest.n;) {
    Str line = str_split(rest, '\n', &rest);
    if (line.n) fault(v, "the personal value behind %.*s… was altered", 12, line.p);
  }
  buf_free(&wrong);
  return ok;
}

static bool health_fault(void *ctx, const char *text, Err *e) {
  (void)e;
  fault(ctx, "%s", text);
  return true;
}

static bool row_fault(void *ctx, const char *text, Err *e) {
  Verified *v = ctx;
  v->rows_astray++;
  return health_fault(v, text, e);
}

bool chain_verify(Store *s, Verified *out, Err *e) {
  Walk w = {.s = s, .v = out};
  OriginCount count = {0};
  bool ok =
      store_health(s, health_fault, out, e) && check_links(&w, e) &&
      store_query(s, "SELECT id, hash, text FROM definition ORDER BY id", NULL, 0, definition_row, out, e) &&
      check_personal(s, out, e) && origin_verify(s, row_fault, out, &count, e);
  out->counted = (size_t)count.counted;
  mem_free(w.link);
  arena_free(&w.a);
  return ok;
}
