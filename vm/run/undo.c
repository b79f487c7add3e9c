#include "run/undo.h"

#include "base/lang.h"

#include "run/actor.h"
#include "run/chain.h"
#include "run/difference.h"
#include "run/guard.h"
#include "run/origin.h"
#include "run/personal.h"
#include "run/rawtext.h"
#include "run/record.h"
#include "run/state.h"
#include "run/undo_log.h"

#include <string.h>

typedef struct Undo {
  Store *s;
  int64_t run;
  Arena a;
  Str what, bytes;
  int64_t changes;
  bool found, notes;
  Journal inverse;
  Buf *said;
} Undo;

/* --- what the run was ---------------------------------------------------------------- */

static bool take_run(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Undo *u = ctx;
  u->found = true;
  u->what = (Str){arena_strndup(&u->a, val[0].u.s, val[0].n), val[0].n};
  u->notes = val[2].u.i;
  u->changes = val[3].u.i;
  if (val[1].t == V_TEXT) u->bytes = (Str){arena_strndup(&u->a, val[1].u.s, val[1].n), val[1].n};
  return true;
}

/* The run that took it back and still stands; 0 = none. */
static bool undone_by(Undo *u, int64_t *by, Err *e) {
  Val v, bind = val_int(u->run);
  bool ok = store_value(u->s, "SELECT max(id) FROM run r WHERE undoes = ?1 AND NOT " RUN_UNDONE("r.id"), &bind, 1,
                        &u->a, &v, e);
  *by = ok && v.t == V_NUM ? v.u.i : 0;
  return ok;
}

/* The log was cut: the last run that went, or 0. */
static bool pruned_to(Undo *u, int64_t *last, Err *e) {
  Val v;
  bool ok = store_value(u->s,
                        "SELECT min(id) - 1 FROM run WHERE EXISTS(SELECT 1 FROM run WHERE what = 'prune' AND script_hash IS NULL)",
                        NULL, 0, &u->a, &v, e);
  *last = ok && v.t == V_NUM ? v.u.i : 0;
  return ok;
}

static bool no_such_run(Undo *u, Err *e) {
  int64_t last;
  if (!pruned_to(u, &last, e)) return false;
  if (u->run > last) {
    err_set(e, ERR_USAGE, "there is no run %lld", (long long)u->run);
    return err_todo(e, "the runs: pareto history");
  }
  err_set(e, ERR_STALE, "run %lld was pruned, with all up to run %lld, and cannot be undone", (long long)u->run, (long long)last);
  return err_todo(e, "a backup from before the pruning has it still: pareto undo %lld --db BACKUP", (long long)u->run);
}

static bool find_run(Undo *u, Err *e) {
  Val bind = val_int(u->run);
  int64_t by;
  if (!store_query(u->s, "SELECT what, journal, " RUN_TAKES_NOTE("run") ", coalesce(changes, 0) FROM run WHERE id = ?1", &bind, 1, take_run, u, e))
    return false;
  if (!u->found) return no_such_run(u, e);
  if (u->notes) {
    err_set(e, ERR_STALE, "run %lld (%.*s) changed no row: there is nothing to take back", (long long)u->run, STR_ARG(u->what));
    return err_todo(e, "what it did: pareto show %lld", (long long)u->run);
  }
  if (!undone_by(u, &by, e)) return false;
  if (by) {
    err_set(e, ERR_STALE, "run %lld is undone already, by run %lld", (long long)u->run, (long long)by);
    return err_todo(e, "to have it back: pareto undo %lld", (long long)by);
  }
  return true;
}

/* --- the inverse ----------------------------------------------------------------------- */

static bool exists(Undo *u, const char *sql, int64_t id, bool *yes, Err *e) {
  Val v, bind[] = {val_int(id), val_int(u->run)};
  bool ok = store_value(u->s, sql, bind, 2, &u->a, &v, e);
  *yes = ok && v.t != V_NULL;
  return ok;
}

/* What other runs have come to use stays: a field, a metric, a segment's name. So does what has left the house. */
static bool stays(Undo *u, const Change *c, bool *yes, Err *e) {
  static const struct {
    const char *table, *sql;
  } used[] = {
      {"field", "SELECT 1 FROM history WHERE field = ?1 AND run IS NOT ?2 LIMIT 1"},
      {"metric", "SELECT 1 FROM metric_value WHERE metric = ?1 AND run IS NOT ?2 LIMIT 1"},
      {"segment",
       "SELECT 1 FROM segment_member m WHERE segment = ?1 AND NOT EXISTS(SELECT 1 FROM change WHERE run = ?2"
       " AND tbl = 'segment_member' AND row = m.id AND op = 'I') LIMIT 1"},
      {"outbox", "SELECT 1 FROM delivery WHERE outbox = ?1 AND state = 'delivered' AND ?2 LIMIT 1"},
  };
  *yes = false;
  for (size_t i = 0; i < sizeof used / sizeof *used; i++)
    if (str_is(c->table, used[i].table))
      return c->op != CHANGE_DELETE || exists(u, used[i].sql, c->id, yes, e);
  return true;
}

static bool leave_used(Undo *u, Err *e) {
  size_t n = 0, left = 0;
  for (size_t i = 0; i < u->inverse.n; i++) {
    bool yes;
    if (!stays(u, &u->inverse.change[i], &yes, e)) return false;
    left += yes && str_is(u->inverse.change[i].table, "outbox");
    if (!yes) u->inverse.change[n++] = u->inverse.change[i];
  }
  u->inverse.n = n;
  if (left)
    buf_say(u->said, "%zu message%s had left already and cannot be called back\n", left,
            left == 1 ? "" : "s");
  return true;
}

static bool build_inverse(Undo *u, Err *e) {
  Journal j = {0};
  bool ok =
      journal_decode(u->bytes, &j, e) && personal_restore(u->s, &j, e) && journal_invert(&j, &u->inverse);
  arena_join(&u->inverse.arena, &j.arena);
  journal_free(&j);
  return ok && leave_used(u, e);
}

/* --- conflicts --------------------------------------------------------------------------- */

typedef struct Conflicts {
  Store *s;
  const Journal *j;
  Buf text;
  size_t n;
} Conflicts;

static bool is_personal(const CatEntity *ent, Str column) {
  const CatColumn *c = ent ? catalog_column(ent, column) : NULL;
  return c && (c->flags & CAT_PERSONAL);
}

static void say_value(Conflicts *x, const CatEntity *ent, Str column, Val v) {
  if (is_personal(ent, column)) buf_say(&x->text, "(masked)");
  else if (ent) raw_print(x->s, x->j, ent, column, v, &x->text);
  else if (v.t == V_NULL) buf_say(&x->text, "(none)");
  else fmt_data(v, &x->text);
}

static bool conflict(void *ctx, const Change *c, size_t col, Val found, Err *e) {
  (void)e;
  enum { SHOWN = 20 };
  Conflicts *x = ctx;
  const CatEntity *ent = entity_of_table(c->table);
  if (++x->n > SHOWN) return true;
  if (x->text.n) buf_char(&x->text, '\n');
  if (ent) row_label(x->s, NULL, ent, c->id, &x->text);
  else buf_printf(&x->text, "%.*s %lld", STR_ARG(c->table), (long long)c->id);
  if (col == STORE_ROW) {
    buf_say(&x->text, c->op == CHANGE_INSERT ? ": is there again" : N_(": is no longer there"));
    return true;
  }
  buf_say(&x->text, " %.*s: the run left ", STR_ARG(c->col[col]));
  say_value(x, ent, c->col[col], c->was[col]);
  buf_say(&x->text, ", today ");
  say_value(x, ent, c->col[col], found);
  return true;
}

/* None: it may be undone. */
static bool conflicts_end(const Undo *u, Conflicts *x, bool ok, Err *e) {
  if (ok && x->n) {
    err_set(e, ERR_STALE, "run %lld (%.*s) cannot be undone: %zu field%s changed since", (long long)u->run,
            STR_ARG(u->what), x->n, x->n == 1 ? " has" : "s have");
    err_todo(e, x->n > 20 ? "%s\n…" : "%s", x->text.p);
    err_todo(e, "undo the later runs first: pareto history; a run is undone whole or not at all");
    ok = err_left(e, "nothing was touched");
  }
  buf_free(&x->text);
  return ok;
}

static bool check(Undo *u, Err *e) {
  Conflicts x = {.s = u->s, .j = &u->inverse};
  bool ok = store_conflicts(u->s, &u->inverse, conflict, &x, e);
  return conflicts_end(u, &x, ok, e);
}

/* --- writing -------------------------------------------------------------------------------- */

static bool record(Undo *u, Str detail, Str journal, Day asof, int64_t changes, int64_t *run_id, Err *e) {
  Buf what = {0};
  buf_printf(&what, "undo %lld", (long long)u->run);
  RunRow row = {.what = what.p,
                .asof = asof,
                .seed = 1,
                .changes = changes,
                .detail = detail.p,
                .journal = journal,
                .undoes = u->run};
  bool ok = record_run(u->s, &row, run_id, e);
  buf_free(&what);
  return ok;
}

static bool record_journal(Undo *u, const Journal *logged, Day asof, int64_t changes, int64_t *run_id, Err *e) {
  Buf detail = {0}, journal = {0};
  difference_line(u->s, logged, &detail);
  journal_encode(logged, &journal);
  bool ok = record(u, buf_view(&detail), buf_view(&journal), asof, changes, run_id, e);
  buf_free(&detail);
  buf_free(&journal);
  return ok;
}

/* Order lines have no foreign key: what a trigger holds otherwise is asked here. */
static bool lines_have_accounts(Undo *u, Err *e) {
  Val v;
  if (!store_value(u->s, "SELECT id FROM orders WHERE account NOT IN (SELECT id FROM account) LIMIT 1", NULL,
                   0, &u->a, &v, e))
    return false;
  if (v.t == V_NULL) return true;
  err_set(e, ERR_STALE, "run %lld cannot be undone: order line %lld would be left without its account",
          (long long)u->run, (long long)v.u.i);
  return err_todo(e, "undo the import of the order lines first: pareto history");
}

static bool moves_lines(const Journal *j) {
  for (size_t i = 0; i < j->n; i++) {
    const Change *c = &j->change[i];
    if ((c->op == CHANGE_DELETE && str_is(c->table, "account")) || (c->op == CHANGE_INSERT && str_is(c->table, "orders"))) return true;
  }
  return false;
}

static void host_begins(Undo *u, int64_t run_id) {
  store_set_run(u->s, run_id);
  store_host_writes(u->s, true);
}

static void host_ends(Undo *u) {
  store_host_writes(u->s, false);
  store_set_run(u->s, 0);
}

static bool write_journal(Undo *u, Day asof, int64_t *run_id, int64_t *changes, Err *e) {
  Journal logged = {0};
  *changes = (int64_t)guard_count(&u->inverse);
  bool ok = personal_tokens(u->s, &u->inverse, &logged, e) && record_journal(u, &logged, asof, *changes, run_id, e);
  if (ok) {
    host_begins(u, *run_id);
    ok = store_apply(u->s, &u->inverse, e) && (!moves_lines(&u->inverse) || lines_have_accounts(u, e)) &&
         record_changes(u->s, *run_id, &logged, e) && chain_append(u->s, *run_id, e) && store_commit(u->s, e);
    host_ends(u);
  }
  journal_free(&logged);
  return ok;
}

/* --- what has no journal ----------------------------------------------------------------------- */

static bool next_run(Undo *u, int64_t *id, Err *e) {
  Val v;
  bool ok = store_value(u->s, "SELECT max(id) + 1 FROM run", NULL, 0, &u->a, &v, e);
  *id = ok ? v.u.i : 0;
  return ok;
}

static bool write_log(Undo *u, UndoLog *log, Day asof, int64_t *run_id, Err *e) {
  Buf detail = {0};
  bool lines = false;
  undo_log_line(log, &detail);
  bool ok = record(u, buf_view(&detail), (Str){0}, asof, undo_log_changes(log), run_id, e);
  if (ok) {
    host_begins(u, *run_id);
    ok = undo_log_write(log, &lines, e) && (!lines || lines_have_accounts(u, e)) && chain_append(u->s, *run_id, e) &&
         store_commit(u->s, e);
    host_ends(u);
  }
  buf_free(&detail);
  return ok;
}

static bool undo_logged(Undo *u, Day asof, int64_t *run_id, int64_t *changes, Err *e) {
  UndoLog *log = NULL;
  Conflicts x = {.s = u->s};
  int64_t as;
  bool ok = next_run(u, &as, e) && undo_log_open(u->s, u->run, as, &log, e) && undo_log_note(log, conflict, &x, e);
  ok = conflicts_end(u, &x, ok, e) && write_log(u, log, asof, run_id, e);
  if (ok) *changes = undo_log_changes(log);
  undo_log_close(log);
  return ok;
}

bool run_undo_asked(Store *s, int64_t run, Buf *what, Err *e) {
  Undo u = {.s = s, .run = run};
  bool ok = actor_may_write(s, e) && find_run(&u, e);
  if (ok) {
    buf_printf(what, "%.*s, ", STR_ARG(u.what));
    count_print((size_t)u.changes, what);
    buf_say(what, " change%s", u.changes == 1 ? "" : "s");
  }
  arena_free(&u.a);
  return ok;
}

bool run_undo(Store *s, int64_t run, Day asof, int64_t *run_id, int64_t *changes, Buf *said, Err *e) {
  Undo u = {.s = s, .run = run, .said = said};
  bool ok = actor_may_write(s, e) && store_begin(s, e);
  if (ok) {
    ok = find_run(&u, e);
    if (ok && u.bytes.n) ok = build_inverse(&u, e) && check(&u, e) && write_journal(&u, asof, run_id, changes, e);
    else if (ok) ok = undo_logged(&u, asof, run_id, changes, e);
    if (!ok) store_rollback(s);
  }
  journal_free(&u.inverse);
  arena_free(&u.a);
  return ok || err_left(e, "nothing was written");
}
