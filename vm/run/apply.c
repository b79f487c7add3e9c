#include "base/stop.h"
#include "run/actor.h"
#include "run/chain.h"
#include "run/compare.h"
#include "run/difference.h"
#include "run/personal.h"
#include "run/rawtext.h"
#include "run/record.h"
#include "run/state.h"

#include "base/lang.h"

#include <string.h>
#include <unistd.h>

static bool since_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  (void)e;
  Buf *out = ctx;
  buf_say(out, "%s run %lld (%.*s)", out->n ? "," : "", (long long)val[0].u.i, STR_ARG(val_str(val[1])));
  if (val[2].t == V_NUM && val[2].u.i > 0) {
    buf_say(out, " changed ");
    count_print((size_t)val[2].u.i, out);
    buf_say(out, val[2].u.i == 1 ? " row" : N_(" rows"));
  }
  return true;
}

/* Which runs came between, when it were runs; the sqlite3 shell leaves none. */
static void runs_since(const Plan *p, Store *s, Buf *since) {
  Err ignored = {0};
  Val bind = val_int(p->last_run);
  store_query(s, "SELECT id, what, changes FROM run WHERE id > ?1 ORDER BY id LIMIT 5", &bind, 1, since_row, since,
              &ignored);
  err_free(&ignored);
}

static bool stale(const Plan *p, Store *s, Err *e) {
  Buf since = {0};
  runs_since(p, s, &since);
  err_free(e);
  if (since.n)
    err_set(e, ERR_STALE, "the plan of %s has aged: since it was made,%s", p->what, since.p);
  else
    err_set(e, ERR_STALE, "the plan of %s has aged: the data changed since it was made", p->what);
  buf_free(&since);
  err_todo(e, "plan anew: pareto plan %s", p->what);
  return err_left(e, "nothing was written");
}

bool plan_adopt(Plan *fresh, const Plan *kept, Store *s, Err *e) {
  if (strcmp(fresh->digest, kept->digest) == 0) {
    memcpy(fresh->id, kept->id, sizeof fresh->id);
    if (kept->name) fresh->name = arena_strndup(&fresh->arena, kept->name, strlen(kept->name));
    return true;
  }
  Buf since = {0}, line = {0};
  runs_since(kept, s, &since);
  compare_line(s, &kept->journal, &fresh->journal, _("planned"), _("today"), &line);
  const char *name = kept->name ? kept->name : kept->what;
  err_set(e, ERR_STALE, "plan %s was made on data of %.10s %.5s; since then%s", name, kept->made, kept->made + 11,
          since.n ? since.p : _(" the data changed"));
  err_todo(e, "applied now, it would differ: %s", line.p);
  if (kept->name)
    err_todo(e, "nothing was written (exit 4). See the difference: pareto diff %s     Plan anew: pareto plan %s", kept->name,
             kept->what);
  else
    err_todo(e, "nothing was written (exit 4). Plan anew: pareto plan %s", kept->what);
  buf_free(&since);
  buf_free(&line);
  return err_left(e, "nothing was written");
}

/* What a run that saw personal fields says may hold them: the log keeps a token for it. */
static bool held_back(Store *s, const Plan *p, Str text, Arena *a, Str *out, Err *e) {
  Val v = val_text(text);
  v.flags = VAL_BLOB;
  bool ok = !p->grants[0] || !text.n || personal_keep(s, 0, v, a, &v, e);
  *out = val_str(v);
  return ok;
}

static bool write_record(Store *s, Plan *p, const Journal *logged, int64_t *run_id, Err *e) {
  Buf detail = {0}, report = {0}, journal = {0}, books = {0}, grants = {0};
  Arena a = {0};
  plan_books(p, &books);
  for (size_t i = 0; p->grants[i]; i++) buf_printf(&grants, "%s%s", i ? " " : "", p->grants[i]);
  difference_line(s, &p->journal, &detail);
  report_encode(&p->report, &report);
  journal_encode(logged, &journal);
  RunRow row = {.what = p->what,
                .script_hash = p->script_hash,
                .args = p->args,
                .digest = p->digest,
                .detail = detail.p,
                .asof = p->asof,
                .seed = p->seed,
                .changes = (int64_t)p->changes,
                .journal = buf_view(&journal),
                .plan = p->id,
                .grants = grants.p,
                .books = books.p};
  bool ok = held_back(s, p, buf_view(&report), &a, &row.report, e) &&
            held_back(s, p, buf_view(&p->log), &a, &row.log, e) && record_run(s, &row, run_id, e);
  buf_free(&detail);
  buf_free(&report);
  buf_free(&journal);
  buf_free(&books);
  buf_free(&grants);
  arena_free(&a);
  return ok;
}

static bool write_all(Store *s, Plan *p, int64_t *run_id, Err *e) {
  Journal logged = {0};
  LinkRows link = {0};
  bool ok = personal_tokens(s, &p->journal, &logged, e) && write_record(s, p, &logged, run_id, e);
  if (ok) {
    store_set_run(s, *run_id);
    store_host_writes(s, true);
    ok = store_apply(s, &p->journal, e) && record_changes_linked(s, *run_id, &logged, &link, e) &&
         record_decisions(s, *run_id, p->asof, buf_view(&p->decided), p->grants[0] != NULL, e) && chain_append_known(s, *run_id, &link, e) &&
         store_commit(s, e);
    store_host_writes(s, false);
    store_set_run(s, 0);
  }
  link_rows_free(&link);
  journal_free(&logged);
  return ok;
}

enum { PATIENCE = 100 }; /* × 50 ms */

/* A reader that wants to write is told "busy" at once: SQLite's own waiting is for those who hold nothing. */
static bool upgrade_in_turn(Store *s, Err *e) {
  for (int i = 0;; i++) {
    if (store_upgrade(s, e)) return true;
    if (e->kind != ERR_BUSY || i == PATIENCE) return false;
    err_free(e);
    if (!stop_check(e)) return false;
    usleep(50000);
  }
}

bool run_apply(Store *s, Plan *p, int64_t *run_id, Err *e) {
  if (!actor_may_write(s, e)) return false;
  if (!p->holding) return err_set(e, ERR_STALE, "the plan of %s was applied already", p->what);
  p->holding = false;
  Err upgrade = {0};
  if (!upgrade_in_turn(s, &upgrade)) {
    store_end_read(s);
    if (upgrade.kind == ERR_STALE) {
      err_free(&upgrade);
      return stale(p, s, e);
    }
    err_move(e, &upgrade);
    return err_left(e, "nothing was written");
  }
  if (write_all(s, p, run_id, e)) return true;
  store_rollback(s);
  return err_left(e, "nothing was written");
}

static size_t print_sent(const Plan *p, Buf *out) {
  size_t n = 0;
  for (size_t i = 0; i < p->journal.n; i++) {
    const Change *c = &p->journal.change[i];
    if (!str_is(c->table, "outbox") || c->op != CHANGE_INSERT) continue;
    n++;
    Str kind = val_str(change_cell(c, c->now, "kind")), name = val_str(change_cell(c, c->now, "name"));
    Str to = val_str(change_cell(c, c->now, "target"));
    buf_say(out, "  sends %.*s ", STR_ARG(kind));
    str_visible(name, false, out);
    if (to.n) buf_say(out, " to ");
    str_visible(to, false, out);
    buf_char(out, '\n');
  }
  return n;
}

static void print_samples(const Plan *p, Store *s, size_t samples, Buf *out) {
  if (plan_empty(p)) {
    buf_say(out, "nothing would change\n");
    return;
  }
  Buf sent = {0};
  size_t rows = p->changes ? p->changes : p->journal.n - print_sent(p, &sent);
  if (p->changes) print_sent(p, &sent);
  buf_say(out, p->changes || !rows ? "would change " : N_("would add to the history of "));
  count_print(rows, out);
  buf_say(out, rows == 1 ? " row\n" : N_(" rows\n"));
  difference_print(s, &p->journal, buf_view(&p->decided), 0, samples, out);
  buf_str(out, buf_view(&sent));
  buf_free(&sent);
}

void plan_print(const Plan *p, Store *s, Buf *out) { print_samples(p, s, 5, out); }
void plan_print_all(const Plan *p, Store *s, Buf *out) { print_samples(p, s, SIZE_MAX, out); }
