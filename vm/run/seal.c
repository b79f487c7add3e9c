#include "run/seal.h"

#include "base/format.h"
#include "run/hash.h"

/* before: attempts for the same message. */
static void put(Val before, const Val of[4], char text[65]) {
  Buf b = {0};
  buf_puts(&b, "delivery");
  for (int i = -1; i < 4; i++) {
    size_t at = b.n;
    Val v = i < 0 ? before : of[i];
    buf_char(&b, (char)('a' + v.t));
    if (v.t != V_NULL) fmt_data(v, &b);
    buf_printf(&b, "|%zu|", b.n - at); /* its length: no value looks like two */
  }
  hash_hex(buf_view(&b), text);
  buf_free(&b);
}

static bool attempts(Store *s, Val outbox, int64_t before, Arena *a, Val *n, Err *e) {
  Val bind[] = {outbox, val_int(before)};
  return store_value(s, "SELECT count(*) FROM delivery WHERE outbox = ?1 AND id < ?2", bind, 2, a, n, e);
}

bool seal_make(Store *s, const Val of[4], Val *out, char text[65], Err *e) {
  Arena a = {0};
  Val n;
  bool ok = attempts(s, of[0], INT64_MAX, &a, &n, e);
  if (ok) put(n, of, text);
  *out = ok ? val_text((Str){text, 64}) : val_null();
  arena_free(&a);
  return ok;
}

typedef struct Sealed {
  Store *s;
  int64_t id;
  bool holds;
} Sealed;

static bool look(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Sealed *x = ctx;
  Arena a = {0};
  Val n;
  char text[65];
  bool ok = attempts(x->s, val[0], x->id, &a, &n, e);
  if (ok) put(n, val, text);
  x->holds = ok && val[4].t == V_TEXT && (!val[4].n || str_is(val_str(val[4]), text));
  arena_free(&a);
  return ok;
}

bool seal_holds(Store *s, int64_t id, bool *yes, Err *e) {
  Sealed x = {.s = s, .id = id};
  Val bind = val_int(id);
  bool ok = store_query(s, "SELECT outbox, at, state, detail, seal FROM delivery WHERE id = ?1", &bind, 1, look, &x, e);
  *yes = ok && x.holds;
  return ok;
}
