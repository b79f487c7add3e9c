/* Segments: named sets of accounts, with the days on which each joined and left. */
#include <string.h>

#include "store/db.h"
#include "store/idmap.h"

/* ?1 the segment, ?2 the day */
#define MEMBER_AT "segment = ?1 AND from_day <= ?2 AND (to_day IS NULL OR to_day > ?2)"

bool store_segment_members(Store *s, const char *name, Day day, Arena *a, int64_t **id, size_t *n, Err *e) {
  Val bind[] = {val_int(store_find(s, catalog_entity(STR("segment")), str_of(name))), val_date(day)};
  sqlite3_stmt *q =
      sql_prepare(s, "SELECT DISTINCT account FROM segment_member WHERE " MEMBER_AT " ORDER BY account", e);
  int64_t *list = NULL;
  size_t count = 0, cap = 0;
  bool row = true, ok = q && sql_bind(s, q, 1, bind[0], e) && sql_bind(s, q, 2, bind[1], e);
  while (ok && (ok = sql_step(s, q, &row, e)) && row) {
    mem_grow(list, cap, count + 1);
    list[count++] = sqlite3_column_int64(q, 0);
  }
  sql_done(s, q);
  *id = arena_alloc(a, count * sizeof **id);
  if (count) memcpy(*id, list, count * sizeof **id);
  *n = count;
  mem_free(list);
  return ok;
}

typedef struct Become {
  const char *name;
  Day day;
  const int64_t *id;
  size_t n;
  Arena *a;
  SegmentMove *out;
  Arena arena;
} Become;

static bool segment_id(Store *s, const char *name, int64_t *id, Err *e) {
  Val bind = val_text(str_of(name));
  if (!store_find_row(s, catalog_entity(STR("segment")), str_of(name), id, e)) return false;
  if (*id) return true;
  if (!*name) return err_set(e, ERR_FAIL, "a segment needs a name");
  if (!store_exec(s, "INSERT INTO segment(name) VALUES(?1)", &bind, 1, e)) return false;
  *id = store_last_id(s);
  return true;
}

/* A member from `day` until it joins again later, if it does. */
static bool join(Store *s, Become *w, int64_t segment, int64_t account, Err *e) {
  Val bind[] = {val_int(segment), val_int(account), val_date(w->day), val_null()};
  return store_value(
             s,
             "SELECT min(from_day) FROM segment_member WHERE segment = ?1 AND account = ?2 AND from_day > ?3",
             bind, 3, &w->arena, &bind[3], e) &&
         store_exec(s,
                    "INSERT INTO segment_member(segment, account, from_day, to_day) VALUES(?1, ?2, ?3, ?4)",
                    bind, 4, e);
}

/* Who joined on this very day was never a member; others were until this day. */
static bool leave(Store *s, Become *w, int64_t segment, int64_t account, Err *e) {
  Val bind[] = {val_int(segment), val_date(w->day), val_int(account)};
  return store_exec(s, "DELETE FROM segment_member WHERE segment = ?1 AND from_day = ?2 AND account = ?3",
                    bind, 3, e) &&
         store_exec(s, "UPDATE segment_member SET to_day = ?2 WHERE account = ?3 AND " MEMBER_AT, bind, 3, e);
}

static bool become(Store *s, void *ctx, Err *e) {
  Become *w = ctx;
  int64_t segment, *was = NULL;
  size_t nwas = 0;
  if (!segment_id(s, w->name, &segment, e)) return false;
  if (!store_segment_members(s, w->name, w->day, &w->arena, &was, &nwas, e)) return false;
  IdMap now, before;
  idmap_build(&now, w->id, w->n, &w->arena);
  idmap_build(&before, was, nwas, &w->arena);
  SegmentMove *m = w->out;
  *m = (SegmentMove){.joined = arena_alloc(w->a, w->n * sizeof(int64_t)),
                     .left = arena_alloc(w->a, nwas * sizeof(int64_t)),
                     .stayed = arena_alloc(w->a, nwas * sizeof(int64_t))};
  bool ok = true;
  for (size_t i = 0; ok && i < nwas; i++) {
    bool stays = idmap_at(&now, was[i]) != IDMAP_NONE;
    if (stays) m->stayed[m->nstayed++] = was[i];
    else m->left[m->nleft++] = was[i];
    ok = stays || leave(s, w, segment, was[i], e);
  }
  for (size_t i = 0; ok && i < w->n; i++) {
    bool again = idmap_at(&now, w->id[i]) != i; /* the same account twice in the list */
    if (again || idmap_at(&before, w->id[i]) != IDMAP_NONE) continue;
    m->joined[m->njoined++] = w->id[i];
    ok = join(s, w, segment, w->id[i], e);
  }
  return ok;
}

bool store_segment_become(Store *s, const char *name, Day day, const int64_t *id, size_t n, Arena *a,
                          SegmentMove *out, Err *e) {
  Become w = {.name = name, .day = day, .id = id, .n = n, .a = a, .out = out};
  bool ok = sql_atomically(s, become, &w, e);
  arena_free(&w.arena);
  return ok;
}
