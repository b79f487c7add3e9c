#include "verb/out.h"
#include "verb/play.h"
#include "verb/verbs.h"

#include "lua/playbook.h"

static void count(Buf *out, size_t n, const char *one) {
  buf_printf(out, "%s%zu %s%s", out->n && out->p[out->n - 1] != ' ' ? ", " : "", n, one, n == 1 ? "" : "s");
}

static void summary(const Playbook *p, Buf *out) {
  const Rules *r = playbook_rules(p);
  buf_printf(out, "%s: ok", playbook_name(p));
  const MetricInfo *metric;
  const TableInfo *const *table;
  size_t nmetric = rules_metric_list(r, &metric), ntable = rules_table_list(r, &table), rows = 0;
  for (size_t i = 0; i < ntable; i++) rows += table[i]->nrow;
  if (nmetric || ntable) buf_puts(out, ": ");
  if (nmetric) count(out, nmetric, "metric");
  if (ntable) count(out, ntable, "table");
  if (ntable) count(out, rows, "row");
  buf_char(out, '\n');
}

static bool check_one(Cli *c, const char *path, Buf *out, Err *e) {
  Playbook *p = NULL;
  bool ok = playbook_load(path, &p, e);
  if (ok && playbook_kind(p) != TESTS) {
    play_grant(c, p);
    ok = playbook_check(p, c->store, e);
    if (ok && playbook_rules(p)) summary(p, out);
  }
  playbook_free(p);
  return ok;
}

static bool check_named(Cli *c, const char *name, Buf *out, Err *e) {
  Buf path = {0};
  bool ok = playbook_find(name, &path, e) && check_one(c, path.p, out, e);
  buf_free(&path);
  return ok;
}

/* Every playbook is checked, and every fault shown; the command fails when one did. */
static void report_fault(Cli *c, Err *fault) {
  Buf text = {0};
  err_left(fault, "nothing has run");
  err_print(fault, &text);
  out_say("%.*s", STR_ARG(str_trim(buf_view(&text))));
  buf_free(&text);
  if (!c->exit_code) c->exit_code = (int)fault->kind;
  err_free(fault);
}

static bool check(Cli *c, Err *e) {
  char **path = NULL;
  size_t n = 0;
  if (!cli_store(c, STORE_READ, e)) return false;
  if (c->narg == 0 && !playbook_paths(&c->arena, &path, &n, e)) return false;
  Buf out = {0};
  for (size_t i = 0; i < (c->narg ? (size_t)c->narg : n); i++) {
    Err fault = {0};
    if (!(c->narg ? check_named(c, c->arg[i], &out, &fault) : check_one(c, path[i], &out, &fault)))
      report_fault(c, &fault);
  }
  bool ok = out_text(c, buf_view(&out), e);
  buf_free(&out);
  return ok;
}

const Verb verb_check = {
  .name = "check",
  .summary = "check playbooks against the database without running them",
  .usage = (const char *const[]){"check [NAME…]", NULL},
  .about = "Names, types, units, tables and arguments. Without a name: every playbook in reach.",
  .most = -1,
  .run = check,
};
