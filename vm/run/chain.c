#include "run/chain.h"

#include "base/mem.h"
#include "base/stop.h"
#include "run/link.h"

#include <string.h>

static bool previous(Store *s, int64_t id, Arena *a, Str *out, Err *e) {
  Val v, bind = val_int(id);
  bool ok =
      store_value(s, "SELECT hash FROM chain WHERE id < ?1 ORDER BY id DESC LIMIT 1", &bind, 1, a, &v, e);
  *out = ok && v.t == V_TEXT ? val_str(v) : (Str){"", 0};
  return ok;
}

bool chain_head(Store *s, Arena *a, Str *out, Err *e) { return previous(s, INT64_MAX, a, out, e); }

static bool append_one(Store *s, int64_t run, const LinkRows *changes, Err *e) {
  Arena a = {0};
  Str prev;
  Link link = {0};
  bool ok = chain_head(s, &a, &prev, e) && link_make(s, run, prev, changes, &link, e);
  if (ok) {
    Val rows = val_text(buf_view(&link.rows));
    rows.flags = VAL_BLOB;
    Val bind[] = {val_int(run), rows, val_text(str_of(link.hash))};
    ok = store_exec(s, "INSERT INTO chain(run, rows, hash) VALUES(?1, ?2, ?3)", bind, 3, e);
  }
  link_free(&link);
  arena_free(&a);
  return ok;
}

typedef struct Runs {
  int64_t *id;
  size_t n, cap;
} Runs;

static bool take_id(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Runs *r = ctx;
  mem_grow(r->id, r->cap, r->n + 1);
  r->id[r->n++] = val[0].u.i;
  return true;
}

/* Runs from before there was a chain are its first links. */
bool chain_append_known(Store *s, int64_t run, const LinkRows *changes, Err *e) {
  Runs r = {0};
  Val bind = val_int(run);
  bool ok = store_query(s, "SELECT id FROM run WHERE id < ?1 AND NOT EXISTS(SELECT 1 FROM chain) ORDER BY id",
                        &bind, 1, take_id, &r, e);
  for (size_t i = 0; ok && i < r.n; i++)
    ok = append_one(s, r.id[i], NULL, e);
  mem_free(r.id);
  return ok && append_one(s, run, changes, e);
}

bool chain_append(Store *s, int64_t run, Err *e) { return chain_append_known(s, run, NULL, e); }
