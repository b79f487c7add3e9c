/* What a case expects of the database after the run. */
#include "lua/test.h"

#include "base/lang.h"

#include <string.h>

struct Expected {
  TestGrid changed;
  int64_t *id;       /* of each row of `changed`, 0 = there is none */
  Val *was;          /* nrow × ncol: the fields before the run */
};

static bool is_was(const Src *head) { return str_is(head->text, "was"); }

/* The fields of a grid (key first) for the rows it names. */
static bool read_fields(TestRun *t, const TestGrid *g, const int64_t *id, Val *out, Type *type, Err *e) {
  int64_t *found = arena_alloc(&t->arena, (g->nrow + 1) * sizeof *found);
  Val *v = arena_alloc(&t->arena, (g->nrow + 1) * sizeof *v);
  size_t n = 0;
  for (size_t r = 0; r < g->nrow; r++)
    if (id[r]) found[n++] = id[r];
  for (size_t c = 1; c < g->ncol; c++) {
    if (is_was(&g->head[c])) continue;
    if (!test_eval(t, &g->head[c], found, n, v, &type[c], e)) return false;
    size_t k = 0;
    for (size_t r = 0; r < g->nrow; r++) out[r * g->ncol + c] = id[r] ? v[k++] : val_null();
  }
  return true;
}

static int64_t *rows_of(TestRun *t, const TestGrid *g) {
  int64_t *id = arena_zalloc(&t->arena, g->nrow + 1, sizeof *id);
  for (size_t r = 0; r < g->nrow; r++) id[r] = test_row(t, test_cell(g, r, 0)->text);
  return id;
}

Expected *expect_before(TestRun *t, Err *e) {
  Expected *x = arena_zalloc(&t->arena, 1, sizeof *x);
  if (!t->item->changed.text.n) return x;
  if (!test_grid(&t->item->changed, &t->arena, &x->changed, e)) return NULL;
  const TestGrid *g = &x->changed;
  if (g->ncol < 2 || is_was(&g->head[1])) {
    src_err(e, &g->head[0], 0, 1, "changed is: code | field | was");
    return NULL;
  }
  Type *type = arena_zalloc(&t->arena, g->ncol, sizeof *type);
  x->id = rows_of(t, g);
  x->was = arena_zalloc(&t->arena, g->nrow * g->ncol + 1, sizeof *x->was);
  return read_fields(t, g, x->id, x->was, type, e) ? x : NULL;
}

static void wrong(TestRun *t, Str code, const Src *head, const Src *cell, Val v, Type type, const char *verb) {
  Buf got = {0};
  test_show(t, v, type, &got);
  test_fault(t, "%.*s: %.*s %s %.*s expected, %s found", STR_ARG(code), STR_ARG(head->text), _(verb),
             STR_ARG(cell->text.n ? cell->text : STR("null")), got.p ? got.p : "");
  buf_free(&got);
}

static bool check_changed(TestRun *t, const Expected *x, Err *e) {
  const TestGrid *g = &x->changed;
  if (!g->nrow) return true;
  Type *type = arena_zalloc(&t->arena, g->ncol, sizeof *type);
  Val *now = arena_zalloc(&t->arena, g->nrow * g->ncol, sizeof *now);
  if (!read_fields(t, g, x->id, now, type, e)) return false;
  for (size_t r = 0; r < g->nrow; r++) {
    Str code = test_cell(g, r, 0)->text;
    bool changed = false;
    for (size_t c = 1; c < g->ncol && x->id[r]; c++) {
      const Src *cell = test_cell(g, r, c);
      bool was = is_was(&g->head[c]);
      size_t at = r * g->ncol + (was ? c - 1 : c);
      Type ty = type[was ? c - 1 : c];
      if (!was) changed = changed || val_order(x->was[at], now[at]) != 0;
      Val v = was ? x->was[at] : now[at];
      if (!test_matches(cell, ty, v, &t->arena)) wrong(t, code, &g->head[was ? c - 1 : c], cell, v, ty, was ? "was:" : N_("is:"));
    }
    if (x->id[r] && !changed) test_fault(t, "%.*s: nothing of this has changed", STR_ARG(code));
  }
  return true;
}

static bool check_values(TestRun *t, Err *e) {
  TestGrid g;
  if (!t->item->values.text.n) return true;
  if (!test_grid(&t->item->values, &t->arena, &g, e)) return false;
  Type *type = arena_zalloc(&t->arena, g.ncol, sizeof *type);
  Val *now = arena_zalloc(&t->arena, g.nrow * g.ncol + 1, sizeof *now);
  int64_t *id = rows_of(t, &g);
  if (!read_fields(t, &g, id, now, type, e)) return false;
  for (size_t r = 0; r < g.nrow; r++)
    for (size_t c = 1; c < g.ncol && id[r]; c++)
      if (!test_matches(test_cell(&g, r, c), type[c], now[r * g.ncol + c], &t->arena))
        wrong(t, test_cell(&g, r, 0)->text, &g.head[c], test_cell(&g, r, c), now[r * g.ncol + c], type[c], "is:");
  return true;
}

/* --- segments ------------------------------------------------------------------------ */

static bool listed(Str list, Str code) {
  while (list.p && list.n)
    if (str_eq(str_trim(str_split(list, ',', &list)), code)) return true;
  return false;
}

static bool check_segment(TestRun *t, const NamedText *want, Err *e) {
  int64_t *id;
  size_t n, expected = 0, hit = 0;
  if (!store_segment_members(t->store, want->name, t->asof, &t->arena, &id, &n, e)) return false;
  Val *code = arena_alloc(&t->arena, (n + 1) * sizeof *code);
  const FeelHost *h = store_host(t->store);
  int account = catalog_entity(STR("account"))->number;
  const HostField *key = h->field(h->ctx, account, STR("code"));
  if (n && !h->column(h->ctx, account, key, t->asof, id, n, &t->arena, code, e)) return false;
  for (Str rest = want->text.text; rest.p && rest.n;) expected += str_trim(str_split(rest, ',', &rest)).n > 0;
  Buf got = {0};
  for (size_t i = 0; i < n; i++) {
    hit += listed(want->text.text, val_str(code[i]));
    buf_printf(&got, "%s%.*s", i ? ", " : "", STR_ARG(val_str(code[i])));
  }
  if (hit != expected || n != expected)
    test_fault(t, "segment %s: %.*s expected, %s found", want->name, STR_ARG(want->text.text.n ? want->text.text : STR("nobody")),
               got.n ? got.p : _("nobody"));
  buf_free(&got);
  return true;
}

/* --- why ------------------------------------------------------------------------------- */

/* "18.1 %" and "18.1%" read the same. */
static void tighten(Str s, Buf *out) {
  for (size_t i = 0; i < s.n; i++) {
    bool unit = s.p[i] == ' ' && i + 1 < s.n && s.p[i + 1] == '%';
    if (!unit) buf_char(out, s.p[i]);
  }
  if (!out->n) buf_puts(out, "");
}

static Str next_word(Str *rest) {
  size_t i = 0;
  while (rest->n && (rest->p[0] == ' ' || rest->p[0] == '\n')) rest->p++, rest->n--;
  while (i < rest->n && rest->p[i] != ' ' && rest->p[i] != '\n') i++;
  Str w = {rest->p, i};
  rest->p += i;
  rest->n -= i;
  while (w.n && strchr(",:;", w.p[w.n - 1])) w.n--;
  return w;
}

static bool in_word(unsigned char c) {
  return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '%' || c == '_';
}

/* The word w in s, whole: 2 is not in 200, 18 not in 18.1. */
static const char *find_word(Str s, Str w) {
  for (const char *from = s.p, *at; (at = memmem(from, (size_t)(s.p + s.n - from), w.p, w.n)); from = at + 1) {
    const char *end = at + w.n, *last = s.p + s.n;
    bool before = at > s.p && in_word((unsigned char)at[-1]) && in_word((unsigned char)*at);
    bool after = end < last && in_word((unsigned char)*end) && in_word((unsigned char)end[-1]);
    bool decimals = end + 1 < last && *end == '.' && end[1] >= '0' && end[1] <= '9';
    if (!before && !after && !decimals) return at;
  }
  return NULL;
}

/* The words of the claim have to stand in the answer, in their order. */
static bool check_why(TestRun *t, const NamedText *want, Err *e) {
  Str rest = want->text.text, field = next_word(&rest), from;
  const char *entity = catalog_at((size_t)rules_entity(playbook_rules(t->book)) - 1)->name;
  Buf why = {0}, said = {0}, claim = {0};
  bool ok = run_why(t->store, entity, str_of(want->name), field, &why, e);
  if (ok) {
    tighten(buf_view(&why), &said);
    tighten(rest, &claim);
    from = buf_view(&said);
    rest = buf_view(&claim);
    for (Str w = next_word(&rest); w.n; w = next_word(&rest)) {
      const char *at = find_word(from, w);
      if (!at) {
        test_fault(t, "why %.*s of %s: \"%.*s\" is not said, in this order, in:", STR_ARG(field), want->name, STR_ARG(w));
        test_faults(t, buf_view(&why));
        break;
      }
      from = (Str){at + w.n, (size_t)(from.p + from.n - at) - w.n};
    }
  }
  buf_free(&why);
  buf_free(&said);
  buf_free(&claim);
  return ok;
}

/* --- untouched --------------------------------------------------------------------------- */

static void check_untouched(TestRun *t, const Plan *p) {
  const CatEntity *ent = catalog_at((size_t)rules_entity(playbook_rules(t->book)) - 1);
  const Journal *j = plan_journal(p);
  for (Str rest = t->item->untouched.text; rest.p && rest.n;) {
    Str code = str_trim(str_split(rest, ',', &rest));
    int64_t id = code.n ? test_row(t, code) : 0;
    for (size_t i = 0; id && i < j->n; i++) {
      const Change *c = &j->change[i];
      if (!str_is(c->table, ent->table) || c->id != id) continue;
      for (size_t k = 0; k < c->ncol; k++)
        if (!c->was || !c->now || val_order(c->was[k], c->now[k]) != 0)
          test_fault(t, "%.*s: %.*s has changed, it was to stay untouched", STR_ARG(code), STR_ARG(c->col[k]));
    }
  }
}

bool expect_after(TestRun *t, Expected *x, Plan *p, Err *e) {
  if (!check_changed(t, x, e) || !check_values(t, e)) return false;
  for (size_t i = 0; i < t->item->nafter; i++)
    if (!check_segment(t, &t->item->after[i], e)) return false;
  for (size_t i = 0; i < t->item->nwhy; i++)
    if (!check_why(t, &t->item->why[i], e)) return false;
  check_untouched(t, p);
  return true;
}
