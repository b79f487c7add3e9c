#include "run/record.h"

#include "base/mem.h"
#include "base/num.h"
#include "run/actor.h"
#include "run/chain.h"
#include "run/decided.h"
#include "run/duty.h"
#include "run/hash.h"
#include "run/json.h"
#include "run/personal.h"
#include "run/state.h"
#include "store/given.h"

#include <time.h>

/* The one place that reads a clock: when it happened is part of the record, never of the result. */
void record_now(char out[32]) {
  time_t t = time(NULL);
  struct tm tm;
  gmtime_r(&t, &tm);
  strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static Val text_or_null(const char *z) { return z && *z ? val_text(str_of(z)) : val_null(); }

static Val blob_or_null(Str s) {
  if (!s.n) return val_null();
  Val v = val_text(s);
  v.flags = VAL_BLOB;
  return v;
}

bool record_run(Store *s, const RunRow *row, int64_t *run_id, Err *e) {
  Buf actor = {0};
  char at[32];
  record_now(at);
  bool ok = actor_name(s, &actor, e);
  if (ok) {
    Val bind[] = {val_text(str_of(at)),        text_or_null(row->what),   val_text(buf_view(&actor)),
                  val_date(row->asof),          val_int((int64_t)row->seed), text_or_null(row->script_hash),
                  text_or_null(row->args),      val_int(row->changes),     text_or_null(row->detail),
                  text_or_null(row->digest),    blob_or_null(row->report), row->log.n ? val_text(row->log) : val_null(),
                  blob_or_null(row->journal),   row->undoes ? val_int(row->undoes) : val_null(),
                  text_or_null(row->plan),      text_or_null(row->grants), text_or_null(row->books)};
    ok = store_exec(s,
                    "INSERT INTO run(at, what, actor, asof, seed, script_hash, args, status, changes, detail, digest,"
                    " report, log, journal, undoes, plan, grants, books)"
                    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 'applied', ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
                    bind, sizeof bind / sizeof *bind, e);
    *run_id = ok ? store_last_id(s) : 0;
    ok = ok && duty_done(s, *run_id, e);
  }
  buf_free(&actor);
  return ok;
}

/* An update holds its changed columns only; of a row that came or went, what is known is kept. */
static void cells_json(const Change *c, const Val *cell, Buf *out) {
  buf_clear(out);
  buf_char(out, '{');
  bool first = true;
  for (size_t i = 0; i < c->ncol; i++) {
    if (c->op != CHANGE_UPDATE && cell[i].t == V_NULL) continue;
    if (!first) buf_char(out, ',');
    first = false;
    json_text(c->col[i], out);
    buf_char(out, ':');
    json_val(cell[i], out);
  }
  buf_char(out, '}');
}

/* Rows of change as one statement reads them, each as a cell is first asked of it; and hashed on their way. */
enum { CELLS = 7, PUT_ID = 0, PUT_SEQ, PUT_TABLE, PUT_ROW, PUT_OP, PUT_WAS, PUT_NOW };

typedef struct Putting {
  const Change **change;
  size_t n, made;     /* changes, and how many of them were asked for */
  int64_t first, seq; /* id and number of the first */
  LinkRows *link;
  Buf was, now;
  char op;
  Val cell[CELLS];    /* of the last one made */
} Putting;

static Val json_cells(const Change *c, const Val *cell, Buf *out) {
  if (!cell) return val_null();
  cells_json(c, cell, out);
  return val_text(buf_view(out));
}

static void make_row(Putting *p, size_t row) {
  const Change *c = p->change[row];
  p->op = (char)c->op;
  p->cell[PUT_ID] = val_int(p->first + (int64_t)row);
  p->cell[PUT_SEQ] = val_int(p->seq + (int64_t)row);
  p->cell[PUT_TABLE] = val_text(c->table);
  p->cell[PUT_ROW] = val_int(c->id);
  p->cell[PUT_OP] = val_text((Str){&p->op, 1});
  p->cell[PUT_WAS] = json_cells(c, c->was, &p->was);
  p->cell[PUT_NOW] = json_cells(c, c->now, &p->now);
  if (row == 0) link_rows_free(p->link);
  link_row(p->link, p->cell, CELLS);
  p->made = row + 1;
}

static Val put_cell(void *ctx, size_t row, size_t column) {
  Putting *p = ctx;
  if (row + 1 != p->made) make_row(p, row);
  return p->cell[column + 1];
}

static bool first_id(Store *s, int64_t *out, Err *e) {
  Arena a = {0};
  Val v;
  bool ok = store_value(s, "SELECT coalesce(max(id), 0) + 1 FROM change", NULL, 0, &a, &v, e);
  *out = ok && v.t == V_NUM ? v.u.i : 0;
  arena_free(&a);
  return ok;
}

static bool put_all(Store *s, int64_t run_id, Putting *p, Err *e) {
  Val bind = val_int(run_id);
  int64_t n = (int64_t)p->n;
  if (!n) return true;
  if (!first_id(s, &p->first, e) ||
      !store_exec_given(s, "INSERT INTO change(run, seq, tbl, row, op, was, now) SELECT ?1, c0, c1, c2, c3, c4, c5 FROM given",
                        &bind, 1, p->n, put_cell, p, e))
    return false;
  if (store_changes(s) != n || store_last_id(s) != p->first + n - 1) return err_set(e, ERR_FAIL, "the log of changes is damaged");
  p->link->first = p->first;
  p->link->known = true;
  return true;
}

static bool put_changes(Store *s, int64_t run_id, Putting *p, LinkRows *link, Err *e) {
  LinkRows none = {0};
  p->link = link ? link : &none;
  bool ok = put_all(s, run_id, p, e);
  link_rows_free(&none);
  buf_free(&p->was);
  buf_free(&p->now);
  return ok;
}

bool record_change(Store *s, int64_t run_id, int64_t seq, const Change *c, Err *e) {
  Putting p = {.change = &c, .n = 1, .seq = seq};
  return put_changes(s, run_id, &p, NULL, e);
}

bool record_page(Store *s, int64_t run_id, int64_t seq, const Journal *j, Err *e) {
  Putting p = {.change = mem_alloc((j->n + 1) * sizeof *p.change), .n = j->n, .seq = seq};
  for (size_t i = 0; i < j->n; i++) p.change[i] = &j->change[i];
  bool ok = put_changes(s, run_id, &p, NULL, e);
  mem_free(p.change);
  return ok;
}

bool record_changes_linked(Store *s, int64_t run_id, const Journal *j, LinkRows *link, Err *e) {
  Putting p = {.change = mem_alloc((j->n + 1) * sizeof *p.change), .seq = 1};
  for (size_t i = 0; i < j->n; i++)
    if (!table_is_record(j->change[i].table)) p.change[p.n++] = &j->change[i];
  bool ok = put_changes(s, run_id, &p, link, e);
  mem_free(p.change);
  return ok;
}

bool record_changes(Store *s, int64_t run_id, const Journal *j, Err *e) { return record_changes_linked(s, run_id, j, NULL, e); }

/* Numbers are kept in columns as store_exec binds them: whole ones as such, others as doubles. */
bool record_cells(Str text, Arena *a, Str **name, Val **val, size_t *n) {
  if (!text.n || !json_read(text, a, name, val, n)) return false;
  for (size_t i = 0; i < *n; i++) {
    Val *v = &(*val)[i];
    int64_t whole;
    if (v->t == V_BOOL) *v = val_int(v->u.i);
    else if (v->t == V_NUM && num_int(*v, &whole)) *v = val_int(whole);
    else if (v->t == V_NUM || v->t == V_BIG) *v = val_real(num_double(*v));
  }
  return true;
}

typedef struct Decisions {
  Store *s;
  int64_t run_id;
  Day asof;
  bool saw;
  const char *kept; /* text of the definition that `definition` is the id of */
  int64_t definition;
} Decisions;

/* Months of runs with the same rules keep them once. */
static bool keep_definition(Decisions *d, Str text, Err *e) {
  if (d->kept == text.p && text.p) return true;
  char hash[65];
  hash_hex(text, hash);
  Arena a = {0};
  Val id, bind[] = {val_text(str_of(hash)), blob_or_null(text)};
  bool ok = store_value(d->s, "SELECT id FROM definition WHERE hash = ?1", bind, 1, &a, &id, e);
  if (ok && id.t == V_NUM) {
    d->definition = id.u.i;
  } else if (ok) {
    ok = store_exec(d->s, "INSERT INTO definition(hash, text) VALUES(?1, ?2)", bind, 2, e);
    if (ok) d->definition = store_last_id(d->s);
  }
  d->kept = text.p;
  arena_free(&a);
  return ok;
}

static bool record_decision(void *ctx, const DecidedCase *c, Err *e) {
  Decisions *d = ctx;
  Arena a = {0};
  Val text[] = {val_text(c->inputs), val_text(c->outputs), val_text(c->why)};
  bool ok = keep_definition(d, c->definition, e);
  for (int i = 0; ok && d->saw && i < 3; i++)
    ok = !text[i].n || personal_keep(d->s, d->run_id, text[i], &a, &text[i], e);
  Val bind[] = {val_int(d->run_id),   val_text(c->table),    val_text(c->entity), val_int(c->id),
                val_date(d->asof),    val_int(c->hit),       val_int(c->blocked), text[0],
                text[1],              text[2],               val_int(d->definition)};
  ok = ok && store_exec(d->s,
                    "INSERT INTO decision(run, tbl, entity, row, asof, hit, blocked, inputs, outputs, why, definition)"
                    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                    bind, sizeof bind / sizeof *bind, e);
  arena_free(&a);
  return ok;
}

static bool record_block(void *ctx, const DecidedBlock *b, Err *e) {
  Decisions *d = ctx;
  if (!keep_definition(d, b->definition, e)) return false;
  Val bind[] = {val_int(d->run_id),   val_text(b->table),   val_text(b->entity), val_int(b->first),
                val_date(d->asof),    val_int(ROW_NONE),    val_int(0),          val_text(b->inputs),
                val_text(b->outputs), val_int(d->definition), val_int(b->last),  val_int(b->n),
                val_text(b->cases),   b->roots.n ? val_text(b->roots) : val_null()};
  return store_exec(d->s,
                    "INSERT INTO decision(run, tbl, entity, row, asof, hit, blocked, inputs, outputs, definition, last, n,"
                    " cases, why)"
                    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                    bind, sizeof bind / sizeof *bind, e);
}

bool record_decisions(Store *s, int64_t run_id, Day asof, Str decided, bool saw, Err *e) {
  Decisions d = {.s = s, .run_id = run_id, .asof = asof, .saw = saw};
  return decided_walk(decided, record_decision, record_block, &d, e);
}

bool run_record(Store *s, const RunSpec *spec, int64_t changes, const char *detail, int64_t *run_id, Err *e) {
  char hash[65];
  hash_hex(spec->script, hash);
  RunRow row = {.what = spec->what, .script_hash = spec->script.n ? hash : NULL, .args = spec->args,
                .asof = spec->asof, .seed = spec->seed, .changes = changes, .detail = detail};
  return record_run(s, &row, run_id, e) && chain_append(s, *run_id, e);
}
