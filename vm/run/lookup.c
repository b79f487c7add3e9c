#include "run/lookup.h"

#include "run/actor.h"
#include "run/block.h"
#include "run/decided.h"
#include "run/json.h"
#include "run/personal.h"
#include "run/recall.h"
#include "run/run.h"
#include "run/undo.h"

#include "feel/src.h"

#include <string.h>

static Str kept(Val v, Arena *a) {
  if (v.t != V_TEXT) return (Str){0};
  return (Str){arena_strndup(a, v.u.s, v.n), v.n};
}

static int64_t whole(Val v) { return v.t == V_NUM ? v.u.i : 0; }

typedef struct Names {
  Str *name;
  size_t n, cap;
  Arena a;
} Names;

static bool add_name(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  (void)e;
  Names *k = ctx;
  mem_grow(k->name, k->cap, k->n + 1);
  k->name[k->n++] = kept(val[0], &k->a);
  return true;
}

static bool unknown_key(Store *s, const CatEntity *ent, Str key, Err *e) {
  Names known = {0};
  Err ignored = {0};
  Buf sql = {0};
  const CatColumn *col = catalog_key(ent);
  err_set(e, ERR_FAIL, "there is no %s '%.*s'", ent->name, STR_ARG(key));
  if (col) {
    buf_printf(&sql, "SELECT \"%s\" FROM \"%s\" WHERE \"%s\" IS NOT NULL", col->name, ent->table, col->name);
    store_query(s, sql.p, NULL, 0, add_name, &known, &ignored);
    src_suggest(e, key, known.name, known.n);
  }
  err_free(&ignored);
  buf_free(&sql);
  mem_free(known.name);
  arena_free(&known.a);
  return false;
}

bool lookup_row(Store *s, const char *entity, Str key, RowRef *out, Err *e) {
  out->ent = catalog_entity(str_of(entity));
  if (!out->ent) {
    Names known = {0};
    const CatEntity *ent;
    for (size_t i = 0; (ent = catalog_at(i)); i++) {
      mem_grow(known.name, known.cap, known.n + 1);
      known.name[known.n++] = str_of(ent->name);
    }
    err_set(e, ERR_FAIL, "there is no entity '%s'", entity);
    src_suggest(e, str_of(entity), known.name, known.n);
    mem_free(known.name);
    return false;
  }
  if (!store_find_row(s, out->ent, key, &out->id, e)) return false;
  return out->id != 0 || unknown_key(s, out->ent, key, e);
}

bool lookup_field(Store *s, const CatEntity *ent, Str field, Err *e) {
  const FeelHost *h = store_host(s);
  const HostField *f = h->field(h->ctx, ent->number, field);
  if (f && f->personal && !(h->granted && h->granted(h->ctx, ent->number, f)))
    return err_set(e, ERR_FAIL, "%s.%.*s is masked for you", ent->name, STR_ARG(field));
  if (f && f->kind != HOST_MEASURE) return true;
  if (f) return err_set(e, ERR_FAIL, "%.*s is a history, no field that somebody set", STR_ARG(field));
  const HostField *const *list;
  size_t n = h->fields(h->ctx, ent->number, &list);
  Names known = {0};
  for (size_t i = 0; i < n; i++) {
    mem_grow(known.name, known.cap, known.n + 1);
    known.name[known.n++] = list[i]->name;
  }
  err_set(e, ERR_FAIL, "%s has no field '%.*s'", ent->name, STR_ARG(field));
  src_suggest(e, field, known.name, known.n);
  mem_free(known.name);
  return false;
}

enum { REF = 7 }; /* columns of RUN_REF: what follows it begins here */
static RunRef run_ref(const Val *val, Arena *a) {
  return (RunRef){.id = whole(val[0]), .what = kept(val[1], a), .asof = kept(val[2], a), .actor = kept(val[3], a),
                  .args = kept(val[4], a), .undoes = whole(val[5]), .undone = kept(val[6], a)};
}
#define RUN_REF "r.id, r.what, r.asof, r.actor, r.args, r.undoes, (SELECT what FROM run x WHERE x.id = r.undoes)"

/* $."field" for SQLite's json functions. */
static Val json_path(Str field, Arena *a) {
  Buf b = {0};
  buf_puts(&b, "$.");
  json_text(field, &b);
  Val v = val_copy(val_text(buf_view(&b)), a);
  buf_free(&b);
  return v;
}

typedef struct ChangeFound {
  Arena *a;
  RunRef *run;
  Str was, now;
} ChangeFound;

static bool take_change(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  (void)e;
  ChangeFound *f = ctx;
  *f->run = run_ref(val, f->a);
  f->was = kept(val[REF], f->a);
  f->now = kept(val[REF + 1], f->a);
  return true;
}

Val lookup_in(Str object, Str field, Arena *a) {
  Str *name;
  Val *val;
  size_t n;
  if (!object.n || !json_read(object, a, &name, &val, &n)) return val_null();
  for (size_t i = 0; i < n; i++)
    if (str_eq(name[i], field)) return val[i];
  return val_null();
}

bool lookup_change(Store *s, const RowRef *row, Str field, Arena *a, RunRef *run, Val *was, Val *now, Err *e) {
  ChangeFound f = {.a = a, .run = run};
  Val bind[] = {val_text(str_of(row->ent->table)), val_int(row->id), json_path(field, a)};
  *run = (RunRef){0};
  if (!store_query(s,
                   "SELECT " RUN_REF ", c.was, c.now FROM change c JOIN run r ON r.id = c.run"
                   " WHERE c.tbl = ?1 AND c.row = ?2 AND json_type(c.now, ?3) IS NOT NULL"
                   " ORDER BY c.run DESC, c.seq DESC LIMIT 1",
                   bind, 3, take_change, &f, e))
    return false;
  *was = lookup_in(f.was, field, a);
  *now = lookup_in(f.now, field, a);
  return true;
}

typedef struct Noted {
  Arena *a;
  bool *found;
  RunRef *run;
  Val *was, *now;
} Noted;

static bool take_noted(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  (void)e;
  Noted *t = ctx;
  *t->found = true;
  *t->run = run_ref(val, t->a);
  *t->now = val_copy(val[REF], t->a);
  *t->was = val_copy(val[REF + 1], t->a);
  return true;
}

bool lookup_change_on(Store *s, const RowRef *row, Str field, Day day, Arena *a, bool *found, RunRef *run, Val *was,
                      Val *now, Err *e) {
  Noted t = {a, found, run, was, now};
  const CatColumn *col = catalog_column(row->ent, field);
  Val bind[] = {val_text(str_of(row->ent->name)), val_text(col ? str_of(col->name) : field), val_int(row->id),
                val_date(day)};
  *found = false;
  *run = (RunRef){0};
  *was = *now = val_null();
  return store_query(s,
                     "SELECT " RUN_REF ", h.value, (SELECT b.value FROM history b WHERE b.field = h.field"
                     " AND b.row = h.row AND b.day < h.day ORDER BY b.day DESC, b.id DESC LIMIT 1)"
                     " FROM history h JOIN field f ON f.id = h.field LEFT JOIN run r ON r.id = h.run"
                     " WHERE f.entity = ?1 AND f.name = ?2 AND h.row = ?3 AND h.day <= ?4"
                     " ORDER BY h.day DESC, h.id DESC LIMIT 1",
                     bind, 4, take_noted, &t, e);
}

bool lookup_touch(Store *s, const char *table, int64_t id, Arena *a, RunRef *run, Err *e) {
  ChangeFound f = {.a = a, .run = run};
  Val bind[] = {val_text(str_of(table)), val_int(id)};
  *run = (RunRef){0};
  return store_query(s,
                     "SELECT " RUN_REF ", c.was, c.now FROM change c JOIN run r ON r.id = c.run"
                     " WHERE c.tbl = ?1 AND c.row = ?2 ORDER BY c.run DESC, c.seq DESC LIMIT 1",
                     bind, 2, take_change, &f, e);
}

typedef struct DecisionsFound {
  Store *s;
  Arena *a;
  int64_t row;
  DecisionRef *list;
  size_t n, cap;
} DecisionsFound;

enum { D_TABLE = REF, D_HIT, D_BLOCKED, D_DEFINITION, D_INPUTS, D_OUTPUTS, D_WHY, D_GRANTS, D_CASES };

static bool broken_block(const RunRef *r, Err *e) {
  return err_set(e, ERR_FAIL, "the decisions of run %lld are damaged", (long long)r->id);
}

/* Of a block the case of the row that is meant; false in *here when it has none. */
static bool open_block(const DecisionsFound *f, DecisionRef *d, Str cases, bool *here, Err *e) {
  BlockCase c;
  *here = block_find(cases, f->row, &c);
  if (!*here) return true;
  Buf in = {0}, out = {0};
  bool ok = block_objects(c.values, d->inputs, d->outputs, &in, &out);
  d->hit = c.hit;
  d->blocked = c.blocked;
  d->inputs = kept(val_text(buf_view(&in)), f->a);
  d->outputs = kept(val_text(buf_view(&out)), f->a);
  buf_free(&in);
  buf_free(&out);
  d->roots = block_root(d->why, c.id, f->a);
  d->why = (Str){0};
  return ok || broken_block(&d->run, e);
}

static bool take_decision(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  DecisionsFound *f = ctx;
  bool yes = true, here = true;
  Str grants = val[D_GRANTS].t == V_TEXT ? val_str(val[D_GRANTS]) : (Str){0};
  if (grants.n && !actor_may_see(f->s, grants, &yes, e)) return false;
  DecisionRef d = {.run = run_ref(val, f->a),
                   .table = kept(val[D_TABLE], f->a),
                   .hit = whole(val[D_HIT]),
                   .blocked = whole(val[D_BLOCKED]),
                   .definition = whole(val[D_DEFINITION]),
                   .inputs = kept(val[D_INPUTS], f->a),
                   .outputs = kept(val[D_OUTPUTS], f->a),
                   .why = kept(val[D_WHY], f->a),
                   .masked = !yes};
  if (val[D_CASES].t == V_TEXT && !open_block(f, &d, val_str(val[D_CASES]), &here, e)) return false;
  if (!here) return true;
  if (d.masked) {
    d.inputs = d.outputs = d.roots = (Str){0};
    d.why = str_of(arena_say(f->a, "what it saw is masked for you: it takes %.*s", STR_ARG(grants)));
  }
  mem_grow(f->list, f->cap, f->n + 1);
  f->list[f->n++] = d;
  return true;
}

/* Many decisions are kept without words: the rules are there to find them again. */
static void add_words(DecisionsFound *f) {
  for (size_t i = 0; i < f->n; i++) {
    DecisionRef *d = &f->list[i];
    if (d->masked) continue;
    if (d->why.n) {
      d->roots = decided_roots(d->why);
      continue;
    }
    d->why = recall_words(f->s, d, f->a);
    if (d->roots.n) d->why = str_of(arena_printf(f->a, "%.*s\n\n%.*s", STR_ARG(d->why), STR_ARG(d->roots)));
  }
}

bool lookup_dated(Store *s, const CatEntity *ent, Str field) {
  const FeelHost *h = store_host(s);
  const HostField *f = h->field(h->ctx, ent->number, field);
  return f && f->history;
}

/* A stored field without a history has the value of the last run, whatever its as-of. */
static bool overwritten(Store *s, const CatEntity *ent, Str field) {
  const FeelHost *h = store_host(s);
  const HostField *f = h->field(h->ctx, ent->number, field);
  return f && f->kind != HOST_MEASURE && !f->history;
}

#define DECISION_REF                                                                                  \
  "SELECT " RUN_REF ", d.tbl, d.hit, d.blocked, d.definition, " PERSONAL_TEXT("d.inputs") ", "       \
  PERSONAL_TEXT("d.outputs") ", " PERSONAL_TEXT("d.why") ", r.grants, d.cases"                       \
  " FROM decision d JOIN run r ON r.id = d.run WHERE "
/* Of row ?2 of entity ?1: its own, and blocks that may have it. */
#define OF_ROW                                                                                         \
  "d.id IN (SELECT id FROM decision WHERE entity = ?1 AND row = ?2 AND n IS NULL UNION ALL SELECT id" \
  " FROM decision WHERE n IS NOT NULL AND entity = ?1 AND row <= ?2 AND last >= ?2)"

typedef struct Candidates {
  int64_t *id;
  size_t n, cap;
} Candidates;

static bool take_id(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  (void)e;
  Candidates *c = ctx;
  mem_grow(c->id, c->cap, c->n + 1);
  c->id[c->n++] = whole(val[0]);
  return true;
}

/* The best first: a block is looked into when it is its turn. */
bool lookup_decision(Store *s, const RowRef *row, Str field, int64_t run, Day day, Arena *a, DecisionRef *out,
                     Err *e) {
  DecisionsFound f = {.s = s, .a = a, .row = row->id};
  Candidates c = {0};
  Val bind[] = {val_text(str_of(row->ent->name)), val_int(row->id), json_path(field, a), val_int(run),
                val_date(day == DAY_ANY ? day_of(9999, 12, 31) : day), val_int(overwritten(s, row->ent, field)),
                val_text(field)};
  *out = (DecisionRef){0};
  bool ok = store_query(s,
                        "SELECT d.id FROM decision d JOIN run r ON r.id = d.run WHERE " OF_ROW
                        " AND CASE WHEN d.n IS NULL THEN json_type(" PERSONAL_TEXT("d.outputs") ", ?3) IS NOT NULL"
                        " ELSE ?7 IN (SELECT value FROM json_each(d.outputs)) END AND (?4 = 0 OR d.run = ?4)"
                        " AND (?4 <> 0 OR r.asof <= ?5 AND NOT " RUN_UNDONE("r.id") ")"
                        " ORDER BY CASE WHEN ?6 THEN '' ELSE r.asof END DESC, d.run DESC, d.id DESC",
                        bind, 7, take_id, &c, e);
  for (size_t i = 0; ok && i < c.n && !f.n; i++) {
    Val id = val_int(c.id[i]);
    ok = store_query(s, DECISION_REF "d.id = ?1", &id, 1, take_decision, &f, e);
  }
  add_words(&f);
  if (ok && f.n) *out = f.list[0];
  mem_free(c.id);
  mem_free(f.list);
  return ok;
}

bool lookup_decisions(Store *s, const RowRef *row, int64_t run, Arena *a, DecisionRef **out, size_t *n, Err *e) {
  DecisionsFound f = {.s = s, .a = a, .row = row->id};
  Val bind[] = {val_text(str_of(row->ent->name)), val_int(row->id), val_int(run)};
  bool ok = store_query(s, DECISION_REF OF_ROW " AND d.run = ?3 ORDER BY d.id", bind, 3, take_decision, &f, e);
  add_words(&f);
  *n = f.n;
  *out = arena_alloc(a, (f.n + 1) * sizeof **out);
  if (f.n) memcpy(*out, f.list, f.n * sizeof **out);
  mem_free(f.list);
  return ok;
}

typedef struct MemberFound {
  Arena *a;
  Membership *m;
} MemberFound;

static bool take_member(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  (void)e;
  MemberFound *f = ctx;
  *f->m = (Membership){whole(val[0]), whole(val[1]), kept(val[2], f->a), kept(val[3], f->a)};
  return true;
}

bool lookup_member(Store *s, const RowRef *account, Str segment, Arena *a, Membership *out, Err *e) {
  MemberFound f = {a, out};
  Val bind[] = {val_text(segment), val_int(account->id)};
  *out = (Membership){0};
  return store_query(s,
                     "SELECT m.id, g.id, m.from_day, m.to_day FROM segment g"
                     " LEFT JOIN segment_member m ON m.segment = g.id AND m.account = ?2"
                     " WHERE g.name = ?1 ORDER BY m.from_day DESC, m.id DESC LIMIT 1",
                     bind, 2, take_member, &f, e);
}
