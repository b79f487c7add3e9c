#include "store/owners.h"

#include "base/mem.h"
#include "base/num.h"

#include <stdlib.h>
#include <string.h>

/* A row of the database and where it stands in the problem. */
typedef struct Known {
  int64_t id;
  const char *code, *name;
  bool placed;
  double lat, lon;
  int32_t index;            /* of the problem; ASSIGN_NONE: not in it */
  double lat_sum, lon_sum;  /* of an owner's accounts that have a place */
  size_t placed_accounts;
} Known;

typedef struct List {
  Known *known;
  size_t n, cap;
} List;

typedef struct Reader {
  OwnersWorld *w;
  const OwnersAsk *ask;
  List accounts, owners;
  TravelPair *pair;
  size_t pairs, pairs_cap;
  AssignAccount *account;
  AssignOwner *owner;
} Reader;

static int by_id(const void *key, const void *x) {
  int64_t id = *(const int64_t *)key, other = ((const Known *)x)->id;
  return (id > other) - (id < other);
}
static Known *find(const List *l, Val id) {
  int64_t key = id.t == V_NUM ? id.u.i : 0;
  return l->n ? bsearch(&key, l->known, l->n, sizeof *l->known, by_id) : NULL;
}

static bool number(Val v, double *out) {
  Arena a = {0};
  Val n = v;
  bool ok = val_is_num(v) || (v.t == V_TEXT && num_parse(val_str(v), &n, &a));
  if (ok) *out = num_double(n);
  arena_free(&a);
  return ok;
}

static Day date(Val v) {
  Day d;
  return v.t == V_TEXT && day_parse(val_str(v), &d) ? d : DAY_NONE;
}

static bool take(Reader *r, List *l, const char *what, const Val *v, Err *e) {
  mem_grow(l->known, l->cap, l->n + 1);
  Known *k = &l->known[l->n++];
  *k = (Known){.id = v[0].u.i, .index = ASSIGN_NONE};
  if (v[1].t == V_TEXT) k->code = arena_strndup(&r->w->arena, v[1].u.s, v[1].n);
  if (v[2].t == V_TEXT) k->name = arena_strndup(&r->w->arena, v[2].u.s, v[2].n);
  if (!k->code) k->code = "?";
  k->placed = number(v[3], &k->lat) && number(v[4], &k->lon);
  if (k->placed && !(k->lat >= -90 && k->lat <= 90 && k->lon >= -180 && k->lon <= 180))
    return err_set(e, ERR_FAIL, "%s %s: %g north, %g east is no place on earth", what, k->code, k->lat, k->lon);
  return true;
}
static bool take_account(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name;
  return take(ctx, &((Reader *)ctx)->accounts, "account", v, e);
}
static bool take_owner(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name;
  Reader *r = ctx;
  return take(r, &r->owners, r->ask->partners ? "partner" : "staff", v, e);
}

static int32_t add_owner(Reader *r, Known *k) {
  if (k->index >= 0) return k->index;
  k->index = (int32_t)r->w->p.owner_count++;
  r->w->owner[k->index] = (OwnersName){k->id, k->code, k->name};
  r->owner[k->index] = (AssignOwner){.place = ASSIGN_NONE, .accounts = ASSIGN_NONE};
  return k->index;
}

/* account, owner, from, row; those in force on as-of come before those that follow. */
static bool take_tie(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Reader *r = ctx;
  Known *a = find(&r->accounts, v[0]), *o = find(&r->owners, v[1]);
  Day from = date(v[2]);
  if (!a || !o) return true;
  bool ahead = from != DAY_NONE && from > r->ask->asof;
  if (!ahead && a->placed) {
    o->lat_sum += a->lat, o->lon_sum += a->lon;
    o->placed_accounts++;
  }
  if (a->index < 0) return true;
  if (ahead) {
    if (r->w->next[a->index] == DAY_NONE || from < r->w->next[a->index]) r->w->next[a->index] = from;
  } else if (!r->w->row[a->index]) {
    r->w->row[a->index] = v[3].u.i;
    r->w->since[a->index] = from;
    r->account[a->index].owner = add_owner(r, o);
  }
  return true;
}

static bool take_way(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Reader *r = ctx;
  const Known *o = find(&r->owners, v[0]), *a = find(&r->accounts, v[1]);
  if (!o || !a || o->index < 0 || a->index < 0 || v[2].t != V_NUM || v[2].u.i < 0) return true;
  if (r->owner[o->index].place < 0 || r->account[a->index].place < 0) return true;
  mem_grow(r->pair, r->pairs_cap, r->pairs + 1);
  r->pair[r->pairs++] = (TravelPair){r->owner[o->index].place, r->account[a->index].place,
                                     v[2].u.i > TRAVEL_MOST ? TRAVEL_MOST : (int32_t)v[2].u.i};
  return true;
}

/* --- groups ------------------------------------------------------------------------------------------------------ */

static bool group_number(Reader *r, Str name, size_t *count, int32_t *out, Err *e) {
  *out = ASSIGN_NONE;
  if (!name.n) return true;
  for (size_t i = 0; i < *count; i++)
    if (str_is(name, r->w->group[i])) return *out = (int32_t)i, true;
  if (*count == ASSIGN_GROUPS) return err_set(e, ERR_FAIL, "accounts are kept within at most %d groups", ASSIGN_GROUPS);
  r->w->group[*count] = arena_strndup(&r->w->arena, name.p, name.n);
  *out = (int32_t)(*count)++;
  return true;
}

static bool groups(Reader *r, Err *e) {
  const OwnersAsk *ask = r->ask;
  size_t count = 0;
  int32_t g;
  r->w->group = arena_zalloc(&r->w->arena, ASSIGN_GROUPS, sizeof *r->w->group);
  for (size_t i = 0; ask->group && i < ask->accounts; i++) {
    if (!group_number(r, ask->group[i], &count, &g, e)) return false;
    r->account[i].group = g;
  }
  for (size_t i = 0; ask->takes && i < ask->among_count; i++)
    for (Str rest = ask->takes[i]; rest.p && rest.n;) {
      if (!group_number(r, str_trim(str_split(rest, ',', &rest)), &count, &g, e)) return false;
      if (g >= 0) r->owner[i].groups[g >> 6] |= UINT64_C(1) << (g & 63);
    }
  return true;
}

/* --- all of it --------------------------------------------------------------------------------------------------- */

static bool known_rows(Reader *r, Store *s, Err *e) {
  const char *owners = r->ask->partners ? "SELECT id, code, name, NULL, NULL FROM partner ORDER BY id"
                                        : "SELECT id, code, name, start_latitude, start_longitude FROM staff ORDER BY id";
  return store_query(s, "SELECT id, code, name, latitude, longitude FROM account ORDER BY id", NULL, 0, take_account, r, e) &&
         store_query(s, owners, NULL, 0, take_owner, r, e);
}

static bool place_in(Reader *r, const OwnersAsk *ask, Err *e) {
  for (size_t i = 0; i < ask->accounts; i++) {
    Known *k = find(&r->accounts, val_int(ask->account[i]));
    if (!k || k->index >= 0) return err_set(e, ERR_FAIL, "account %lld is not there, or twice", (long long)ask->account[i]);
    k->index = (int32_t)i;
    r->w->account[i] = (OwnersName){k->id, k->code, k->name};
    r->w->since[i] = r->w->next[i] = DAY_NONE;
    double visits = ask->visits ? ask->visits[i] : 1;
    r->account[i] = (AssignAccount){.place = ASSIGN_NONE, .owner = ASSIGN_NONE, .group = ASSIGN_NONE, .visits = visits,
                                    .minutes = ask->minutes ? ask->minutes[i] : 60 * visits, .value = ask->value ? ask->value[i] : 1};
  }
  for (size_t i = 0; i < ask->among_count; i++) {
    Known *k = find(&r->owners, val_int(ask->among[i]));
    if (!k || k->index >= 0) return err_set(e, ERR_FAIL, "owner %lld is not there, or twice", (long long)ask->among[i]);
    AssignOwner *o = &r->owner[add_owner(r, k)];
    o->accounts = ask->limit;
    o->minutes = ask->capacity ? ask->capacity[i] : 1;
  }
  return true;
}

static bool ties(Reader *r, Store *s, Err *e) {
  Val day = val_date(r->ask->asof);
  const char *sql = r->ask->partners
                        ? "SELECT account, partner, registered, id FROM registration WHERE (expires IS NULL OR expires > ?1) AND"
                          " coalesce(status, 'active') = 'active' ORDER BY account, registered, id"
                        : "SELECT account, staff, from_day, id FROM assignment WHERE role = 'owner' AND (to_day IS NULL OR"
                          " to_day > ?1) ORDER BY account, from_day, id";
  return store_query(s, sql, &day, 1, take_tie, r, e);
}

static void places(Reader *r) {
  OwnersWorld *w = r->w;
  size_t most = r->accounts.n + r->owners.n + 1;
  double *lat = arena_zalloc(&w->arena, most, sizeof *lat), *lon = arena_zalloc(&w->arena, most, sizeof *lon);
  size_t n = 0;
  for (size_t i = 0; i < r->owners.n; i++) {
    const Known *k = &r->owners.known[i];
    if (k->index < 0 || (!k->placed && !k->placed_accounts)) continue;
    r->owner[k->index].place = (int32_t)n;
    lat[n] = k->placed ? k->lat : k->lat_sum / (double)k->placed_accounts;
    lon[n++] = k->placed ? k->lon : k->lon_sum / (double)k->placed_accounts;
  }
  for (size_t i = 0; i < r->accounts.n; i++) {
    const Known *k = &r->accounts.known[i];
    if (k->index < 0 || !k->placed) continue;
    r->account[k->index].place = (int32_t)n;
    lat[n] = k->lat;
    lon[n++] = k->lon;
  }
  w->p.place_count = n;
  w->travel = (Travel){.lat = lat, .lon = lon, .road = r->ask->road, .kmh = r->ask->kmh, .both_ways = true};
}

static bool ways(Reader *r, Store *s, Err *e) {
  /* the way there goes before the way back: of two lines for a pair the last counts */
  static const char sql[] = "SELECT s.id, a.id, t.minutes, 1 FROM travel t JOIN staff s ON s.code = t.origin JOIN account a ON"
                            " a.code = t.destination UNION ALL SELECT s.id, a.id, t.minutes, 0 FROM travel t JOIN staff s ON"
                            " s.code = t.destination JOIN account a ON a.code = t.origin ORDER BY 4";
  if (r->ask->partners) return true;
  if (!store_query(s, sql, NULL, 0, take_way, r, e)) return false;
  TravelPair *pair = arena_alloc(&r->w->arena, (r->pairs + 1) * sizeof *pair);
  if (r->pairs) memcpy(pair, r->pair, r->pairs * sizeof *pair);
  r->w->travel.pairs = pair;
  r->w->travel.pair_count = r->pairs;
  return true;
}

bool owners_world(Store *s, const OwnersAsk *ask, OwnersWorld *out, Err *e) {
  *out = (OwnersWorld){0};
  Reader r = {.w = out, .ask = ask};
  bool ok = known_rows(&r, s, e);
  if (ok) {
    size_t n = ask->accounts + 1, m = r.owners.n + 1;
    out->account = arena_zalloc(&out->arena, n, sizeof *out->account);
    out->row = arena_zalloc(&out->arena, n, sizeof *out->row);
    out->since = arena_zalloc(&out->arena, n, sizeof *out->since);
    out->next = arena_zalloc(&out->arena, n, sizeof *out->next);
    out->owner = arena_zalloc(&out->arena, m, sizeof *out->owner);
    r.account = arena_zalloc(&out->arena, n, sizeof *r.account);
    r.owner = arena_zalloc(&out->arena, m, sizeof *r.owner);
    ok = place_in(&r, ask, e) && groups(&r, e) && ties(&r, s, e);
  }
  if (ok) {
    places(&r);
    ok = ways(&r, s, e);
  }
  if (ok) {
    travel_index(&out->travel);
    out->p.account_count = ask->accounts;
    out->p.accounts = r.account;
    out->p.owners = r.owner;
    out->p.travel = &out->travel;
    out->p.again = ask->again;
    out->p.weights = assign_usual();
  } else {
    owners_world_free(out);
  }
  mem_free(r.accounts.known);
  mem_free(r.owners.known);
  mem_free(r.pair);
  return ok;
}

void owners_world_free(OwnersWorld *w) {
  travel_free(&w->travel);
  arena_free(&w->arena);
  *w = (OwnersWorld){0};
}

typedef struct Ids {
  int64_t *id;
  size_t n, cap;
} Ids;

static bool take_id(void *ctx, int ncol, const Str *name, const Val *v, Err *e) {
  (void)ncol, (void)name, (void)e;
  Ids *l = ctx;
  mem_grow(l->id, l->cap, l->n + 1);
  l->id[l->n++] = v[0].u.i;
  return true;
}

bool owners_in_force(Store *s, Day asof, bool partners, Arena *a, int64_t **id, size_t *n, Err *e) {
  Ids l = {0};
  Val day = val_date(asof);
  const char *sql = partners ? "SELECT id FROM partner WHERE coalesce(active, 1) AND id IN (SELECT partner FROM registration WHERE"
                               " (registered IS NULL OR registered <= ?1) AND (expires IS NULL OR expires > ?1) AND"
                               " coalesce(status, 'active') = 'active') ORDER BY id"
                             : "SELECT id FROM staff WHERE coalesce(active, 1) AND id IN (SELECT staff FROM assignment WHERE"
                               " role = 'owner' AND from_day <= ?1 AND (to_day IS NULL OR to_day > ?1)) ORDER BY id";
  bool ok = store_query(s, sql, &day, 1, take_id, &l, e);
  *n = l.n;
  *id = arena_alloc(a, (l.n + 1) * sizeof **id);
  if (l.n) memcpy(*id, l.id, l.n * sizeof *l.id);
  mem_free(l.id);
  return ok;
}
