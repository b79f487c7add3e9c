#include "lua/meaning.h"

#include "base/lang.h"

#include <string.h>

static void line_of(Str text, Buf *out) {
  if (text.n) buf_printf(out, "  %.*s\n", STR_ARG(text));
}

static bool metric(const Rules *r, Str word, Buf *out) {
  const MetricInfo *m;
  size_t n = rules_metric_list(r, &m);
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(m[i].name, word)) continue;
    buf_printf(out, "%.*s%s%s", STR_ARG(word), m[i].unit ? " : " : "", unit_name(m[i].unit));
    buf_say(out, "   metric of %s\n", rules_name(r));
    line_of(m[i].about, out);
    buf_printf(out, "  = %.*s\n", STR_ARG(m[i].text));
    return true;
  }
  return false;
}

static bool setting(const Rules *r, Str word, Buf *out) {
  const ArgInfo *a;
  size_t n = rules_arg_list(r, &a);
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(a[i].name, word)) continue;
    buf_printf(out, "%.*s = %.*s", STR_ARG(word), STR_ARG(a[i].text));
    buf_say(out, "   %.*s, setting of %s\n", STR_ARG(a[i].type), rules_name(r));
    line_of(a[i].about, out);
    buf_say(out, "  pareto set %s.%.*s VALUE [--as-of DAY]\n", rules_name(r), STR_ARG(word));
    return true;
  }
  return false;
}

static void names(const Str *name, size_t n, Buf *out) {
  for (size_t i = 0; i < n; i++) buf_printf(out, "%s%.*s", i ? ", " : "", STR_ARG(name[i]));
}

static bool table(const Rules *r, Str word, Buf *out) {
  const TableInfo *t = rules_table_info(r, word);
  if (!t) return false;
  buf_printf(out, "%.*s", STR_ARG(word));
  buf_say(out, t->score ? "   score of %s\n" : N_("   decision table of %s\n"), rules_name(r));
  buf_puts(out, "  ");
  if (t->score) {
    score_about(t, out);
  } else {
    names(t->in, t->nin, out);
    buf_puts(out, " → ");
    names(t->out, t->nout, out);
    buf_say(out, " (%zu row%s)", t->nrow, t->nrow == 1 ? "" : "s");
  }
  buf_char(out, '\n');
  return true;
}

bool meaning_of(const Rules *r, Str word, Buf *out) {
  return table(r, word, out) || metric(r, word, out) || setting(r, word, out);
}

static Expr *read(Rules *r, Str text) {
  Err none = {0};
  Expr *x = rules_expr(r, NULL, (Src){.text = text, .line = 1, .col = 1}, WANT_ANY, NULL, 0, &none);
  err_free(&none);
  return x;
}

/* revenue_12m is short for sum(revenue, 12m). */
static void in_full(Rules *r, Str word, Buf *out) {
  size_t at = word.n;
  while (at > 0 && word.p[at - 1] != '_') at--;
  if (at < 2) return;
  Str measure = str_sub(word, 0, at - 1), window = str_sub(word, at, word.n);
  Buf full = {0};
  buf_printf(&full, "sum(%.*s, %.*s)", STR_ARG(measure), STR_ARG(window));
  if (read(r, buf_view(&full))) buf_printf(out, "  = %s\n", full.p);
  buf_free(&full);
}

bool meaning_figure(Rules *r, Str word, Buf *out) {
  Expr *x = read(r, word);
  if (!x || !expr_varies(x)) return false;
  Type t = expr_type(x);
  buf_printf(out, "%.*s → ", STR_ARG(word));
  buf_puts(out, t.kind == T_NUM && t.unit ? unit_name(t.unit) : type_name(t.kind));
  buf_say(out, "   of each account\n");
  in_full(r, word, out);
  return true;
}
