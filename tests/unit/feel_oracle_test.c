#include "feel_oracle.h"

#include "feel/frame.h"
#include "feel/func.h"

enum { SMALL = 24 };
static const Day AS_OF = 20758; /* 2026-11-01 */

/* --- random data ------------------------------------------------------------ */

static uint64_t seed = 20261101;

static uint32_t roll(uint32_t n) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(seed >> 33) % n;
}

static const char *one_of(const char *const *list) {
  uint32_t n = 0;
  while (list[n]) n++;
  return list[roll(n)];
}

static Val maybe(Val v) { return roll(4) ? v : val_null(); }
static Val random_day(void) { return maybe(val_date(AS_OF + 60 - (Day)roll(800))); }

static Val member(const Domain *d) { return maybe(val_text(d->value[roll((uint32_t)d->n)])); }

static Fake *random_company(void) {
  static const char *const regions[] = {"上海", "广东", "x", NULL};
  static const char *const states[] = {"active", "closed", NULL};
  Fake *f = fake_new();
  fake_field(f, ACCOUNT, "revenue")->host.type.unit = UNIT_NONE;
  fake_field(f, ACCOUNT, "profit")->host.type.unit = UNIT_NONE;
  fake_field(f, LINE, "price")->host.type.unit = UNIT_NONE;
  fake_field(f, LINE, "unit_cost")->host.type.unit = UNIT_NONE;
  for (int i = 0; i < 5; i++) {
    int64_t id = fake_row(f, STAFF, "S");
    fake_set(f, STAFF, id, "level", member(&fake_level));
  }
  const FakeEntity *ent = f->entity;
  for (int i = 0; i < SMALL; i++) {
    char code[8] = {'C', (char)('a' + i), 0};
    int64_t id = fake_row(f, ACCOUNT, code);
    fake_set(f, ACCOUNT, id, "tier", member(&fake_tier));
    fake_field(f, ACCOUNT, "tier")->before[i] = member(&fake_tier);
    fake_set(f, ACCOUNT, id, "status", maybe(fake_str(one_of(states))));
    fake_set(f, ACCOUNT, id, "region", maybe(fake_str(one_of(regions))));
    fake_set(f, ACCOUNT, id, "headcount", maybe(val_dec((int64_t)roll(40) - 10, roll(3) ? 0 : -1)));
    fake_set(f, ACCOUNT, id, "owner", maybe(val_row(STAFF, ent[STAFF].id[roll(5)])));
    for (uint32_t k = roll(6); k > 0; k--) {
      Day day = AS_OF - 1 - (Day)roll(900);
      fake_event(f, "revenue", id, day, val_dec((int64_t)roll(9000) - 500, -2));
      fake_event(f, "orders", id, day, val_int(1));
      if (roll(2)) fake_event(f, "profit", id, day, val_dec((int64_t)roll(3000) - 900, -2));
      if (roll(3) == 0) fake_event(f, "satisfaction", id, day, val_int(1 + roll(5)));
    }
  }
  for (int i = 0; i < 40; i++) {
    int64_t id = fake_row(f, CONTACT, "K");
    fake_set(f, CONTACT, id, "account", maybe(val_row(ACCOUNT, ent[ACCOUNT].id[roll(SMALL)])));
    fake_set(f, CONTACT, id, "decision_role", member(&fake_role));
    fake_set(f, CONTACT, id, "attitude", member(&fake_attitude));
    fake_set(f, CONTACT, id, "active", maybe(val_bool(roll(2))));
    fake_set(f, CONTACT, id, "met", random_day());
  }
  for (int i = 0; i < 40; i++) {
    int64_t id = fake_row(f, VISIT, "V");
    fake_set(f, VISIT, id, "account", maybe(val_row(ACCOUNT, ent[ACCOUNT].id[roll(SMALL)])));
    fake_set(f, VISIT, id, "staff", maybe(val_row(STAFF, ent[STAFF].id[roll(5)])));
    fake_set(f, VISIT, id, "day", random_day());
    fake_set(f, VISIT, id, "status", maybe(fake_str(one_of(states))));
  }
  for (int i = 0; i < 30; i++) {
    int64_t id = fake_row(f, QUOTE, "Q");
    fake_set(f, QUOTE, id, "account", maybe(val_row(ACCOUNT, ent[ACCOUNT].id[roll(SMALL)])));
    fake_set(f, QUOTE, id, "requested_on", random_day());
    fake_set(f, QUOTE, id, "requester", maybe(val_row(STAFF, ent[STAFF].id[roll(5)])));
    fake_set(f, QUOTE, id, "verdict", maybe(fake_str(one_of(states))));
  }
  for (int i = 0; i < 60; i++) {
    int64_t id = fake_row(f, LINE, "l");
    fake_set(f, LINE, id, "quote", maybe(val_row(QUOTE, ent[QUOTE].id[roll(30)])));
    fake_set(f, LINE, id, "qty", maybe(val_int(roll(9))));
    fake_set(f, LINE, id, "price", maybe(val_dec(roll(5000), -2)));
    fake_set(f, LINE, id, "unit_cost", roll(8) ? val_dec(roll(5000), -2) : val_null());
  }
  return f;
}

/* --- random rules ------------------------------------------------------------ */

typedef struct Gen {
  Buf *out;
  int entity, outer;
  int depth;      /* of brackets */
  int vars;
  bool shifted;   /* inside ago: keep it simple */
} Gen;

static void put(Gen *g, const char *s) { buf_puts(g->out, s); }

static void num(Gen *g, int d);
static void cond(Gen *g, int d);
static void text(Gen *g, int d);
static void date(Gen *g, int d);

static const char *window(void) {
  static const char *const list[] = {"12m", "90d", "3m", "1q", "ytd", "last_month", "last_quarter", "all", "win", "6w", "2025", NULL};
  return one_of(list);
}

static const char *span(void) {
  static const char *const list[] = {"1m", "3m", "12m", "45d", "2w", NULL};
  return one_of(list);
}

static void num_leaf(Gen *g) {
  static const char *const lits[] = {"0", "1", "2", "3", "7", "0.5", "10", "15%", "1万", "k", NULL};
  static const char *const account[] = {"headcount", "headcount", "revenue_12m", "orders_90d", "spent", "quiet_days", NULL};
  if (roll(2)) put(g, one_of(lits));
  else if (g->entity == ACCOUNT) put(g, one_of(account));
  else if (g->entity == LINE) put(g, roll(2) ? "qty" : "price");
  else put(g, one_of(lits));
}

static void text_leaf(Gen *g) {
  static const char *const lits[] = {"'A'", "'x'", "'上海'", "'active'", "''", NULL};
  static const char *const account[] = {"region", "status", "code", NULL};
  if (roll(3) == 0) put(g, one_of(lits));
  else if (g->entity == ACCOUNT) put(g, one_of(account));
  else if (g->entity == VISIT) put(g, "status");
  else if (g->entity == QUOTE) put(g, "verdict");
  else put(g, "code");
}

/* Rows hanging on the row at hand; their entity. */
static int rows(Gen *g, int d) {
  static const struct { int from, to; const char *name; } rel[] = {
      {ACCOUNT, CONTACT, "contacts"}, {ACCOUNT, VISIT, "visits"},   {ACCOUNT, QUOTE, "quotes"}, {ACCOUNT, LINE, "quotes.lines"},
      {ACCOUNT, ACCOUNT, "owner.accounts"}, {QUOTE, LINE, "lines"}, {CONTACT, VISIT, "account.visits"}, {QUOTE, CONTACT, "account.contacts"},
      {VISIT, QUOTE, "account.quotes"}, {LINE, CONTACT, "quote.account.contacts"}};
  uint32_t fits[10], n = 0;
  for (uint32_t i = 0; i < sizeof rel / sizeof *rel; i++)
    if (rel[i].from == g->entity) fits[n++] = i;
  uint32_t pick = fits[roll(n)];
  put(g, rel[pick].name);
  if (d > 0 && roll(2)) {
    Gen in = *g;
    in.outer = g->entity;
    in.entity = rel[pick].to;
    in.depth++;
    put(g, "[");
    if (rel[pick].to == VISIT && roll(4) == 0) buf_printf(g->out, "within %s", window());
    else cond(&in, d - 1);
    put(g, "]");
  }
  return rel[pick].to;
}

static bool has_rows(const Gen *g) { return g->entity != STAFF && g->depth < 2; }

static void number_list(Gen *g, int d) {
  if (roll(3) == 0) {
    put(g, "quotes.lines.price * quotes.lines.qty");
  } else if (roll(2)) {
    put(g, "[");
    num(g, d - 1);
    put(g, ", ");
    num(g, d - 1);
    put(g, "]");
  } else {
    put(g, roll(2) ? "quotes.lines.qty" : "quotes.lines.unit_cost");
  }
}

static void num(Gen *g, int d) {
  if (d <= 0) {
    num_leaf(g);
    return;
  }
  static const char *const measures[] = {"revenue", "profit", "orders", "satisfaction", NULL};
  static const char *const aggs[] = {"sum", "count", "min", "max", "first", "last", NULL};
  switch (roll(g->entity == ACCOUNT ? 14 : 9)) {
    case 0: put(g, "("); num(g, d - 1); put(g, " + "); num(g, d - 1); put(g, ")"); return;
    case 1: put(g, "("); num(g, d - 1); put(g, " - "); num(g, d - 1); put(g, ")"); return;
    case 2: put(g, "("); num_leaf(g); put(g, " * "); num_leaf(g); put(g, ")"); return;
    case 3: put(g, "("); num(g, d - 1); buf_printf(g->out, " / %d)", (int[]){2, 4, 5, 8, 0}[roll(5)]); return;
    case 4: put(g, "(if "); cond(g, d - 1); put(g, " then "); num(g, d - 1); put(g, " else "); num(g, d - 1); put(g, ")"); return;
    case 5: put(g, "default("); num(g, d - 1); put(g, ", "); num(g, d - 1); put(g, ")"); return;
    case 6: put(g, roll(2) ? "min(" : "max("); num(g, d - 1); put(g, ", "); num(g, d - 1); put(g, ")"); return;
    case 7:
      put(g, (const char *[]){"abs(", "floor(", "ceiling(", "round("}[roll(4)]);
      num(g, d - 1);
      put(g, ")");
      return;
    case 8:
      if (!has_rows(g)) put(g, "string_length("), text(g, d - 1);
      else put(g, "count("), rows(g, d - 1);
      put(g, ")");
      return;
    case 9:
      buf_printf(g->out, "%s(%s, %s)", one_of(aggs), one_of(measures), window());
      return;
    case 10:
      buf_printf(g->out, "%s(", (const char *[]){"sum", "max", "min", "count"}[roll(4)]);
      number_list(g, d);
      put(g, ")");
      return;
    case 11:
      if (g->shifted) {
        num_leaf(g);
        return;
      }
      put(g, "ago(");
      {
        Gen in = *g;
        in.shifted = true;
        num(&in, d - 1);
      }
      buf_printf(g->out, ", %s)", span());
      return;
    case 12: put(g, (const char *[]){"year(", "month(", "day("}[roll(3)]); date(g, d - 1); put(g, ")"); return;
    default: put(g, "-"); num_leaf(g); return;
  }
}

static void date(Gen *g, int d) {
  if (g->entity == VISIT && roll(2)) put(g, "day");
  else if (g->entity == CONTACT && roll(2)) put(g, "met");
  else if (g->entity == QUOTE && roll(2)) put(g, "requested_on");
  else put(g, roll(3) ? "as_of" : "2026-02-28");
  if (d > 0 && roll(2)) buf_printf(g->out, " %s %s", roll(2) ? "+" : "-", span());
}

static void text(Gen *g, int d) {
  if (d <= 0 || roll(2)) {
    text_leaf(g);
    return;
  }
  switch (roll(3)) {
    case 0: put(g, "("); text(g, d - 1); put(g, " + "); text(g, d - 1); put(g, ")"); return;
    case 1: put(g, "default("); text(g, d - 1); put(g, ", "); text(g, d - 1); put(g, ")"); return;
    default: put(g, "(if "); cond(g, d - 1); put(g, " then "); text(g, d - 1); put(g, " else "); text(g, d - 1); put(g, ")"); return;
  }
}

static const char *sign(void) {
  static const char *const list[] = {"=", "!=", "<", "<=", ">", ">=", NULL};
  return one_of(list);
}

static void cond(Gen *g, int d) {
  static const char *const joins[] = {" and ", " or ", NULL};
  if (d <= 0) {
    num_leaf(g);
    buf_printf(g->out, " + 1 %s ", sign());
    num_leaf(g);
    return;
  }
  switch (roll(16)) {
    case 0: case 1: put(g, "("); cond(g, d - 1); put(g, one_of(joins)); cond(g, d - 1); put(g, ")"); return;
    case 2: put(g, "not("); cond(g, d - 1); put(g, ")"); return;
    case 3: case 4: num(g, d - 1); buf_printf(g->out, " + 1 %s ", sign()); num(g, d - 1); return;
    case 5: text(g, d - 1); buf_printf(g->out, " + '' %s ", roll(2) ? "=" : "!="); text(g, d - 1); return;
    case 6: num(g, d - 1); buf_printf(g->out, " between 0 and "); num_leaf(g); return;
    case 7: num(g, d - 1); buf_printf(g->out, " %sin %s0..12%s", roll(2) ? "" : "not ", roll(2) ? "[" : "(", roll(2) ? "]" : ")"); return;
    case 8: num(g, d - 1); buf_printf(g->out, " %s null", roll(2) ? "=" : "!="); return;
    case 9: put(g, "known("); text(g, d - 1); put(g, ")"); return;
    case 10:
      if (g->entity == ACCOUNT)
        put(g, (const char *[]){"tier = 'A'", "tier in ('A', 'B')", "tier not in ['C']", "owner.level >= '地市'", "owner.level < '省'",
                                "days_since(orders) > 90", "days_since(orders) <= 3m", "ago(tier, 6m) != 'B'"}[roll(8)]);
      else if (g->entity == CONTACT)
        put(g, (const char *[]){"active", "attitude >= 'neutral'", "attitude < 'supporter'", "decision_role in ('decider', 'buyer')",
                                "account.tier = 'A'", "met within 6m"}[roll(6)]);
      else if (g->entity == VISIT)
        put(g, (const char *[]){"within 12m", "staff = account.owner", "day in last_quarter", "age > 30"}[roll(4)]);
      else if (g->entity == QUOTE) put(g, (const char *[]){"requester.level >= '地市'", "requested_on within ytd", "verdict is known"}[roll(3)]);
      else put(g, "qty > 3");
      return;
    case 11:
      if (!has_rows(g)) put(g, "true");
      else put(g, "any("), rows(g, d - 1), put(g, ")");
      return;
    case 12: { /* some v in rows satisfies … */
      if (!has_rows(g) || g->vars > 1) {
        put(g, "false");
        return;
      }
      buf_printf(g->out, "(%s v%d in ", roll(2) ? "some" : "every", g->vars);
      int to = rows(g, d - 2);
      const char *what = to == CONTACT ? "active" : to == VISIT ? "status = 'active'" : to == QUOTE ? "verdict = 'closed'"
                         : to == LINE  ? "qty > 4" : "headcount > 5";
      buf_printf(g->out, " satisfies v%d.%s)", g->vars, what);
      return;
    }
    case 13:
      if (g->outer == ACCOUNT && g->entity == VISIT) put(g, "staff = this.owner");
      else if (g->outer == ACCOUNT && g->entity == ACCOUNT) put(g, "headcount > this.headcount");
      else date(g, d - 1), buf_printf(g->out, " %s ", sign()), put(g, "2026-03-01");
      return;
    case 14: put(g, "(if "); cond(g, d - 1); put(g, " then "); cond(g, d - 1); put(g, " else "); cond(g, d - 1); put(g, ")"); return;
    default: text(g, d - 1); put(g, g->entity == ACCOUNT ? " in ('A', 'x', region)" : " not in ['A', 'x']"); return;
  }
}

/* What is only looked at, for it is not exact, or stands for the whole set. */
static void figure(Gen *g) {
  static const char *const sets[] = {"rank", "share", "share_ahead", "running_share", NULL};
  static const char *const crowd[] = {"", ", within region", ", among headcount > 0", ", within tier, among status = 'active'", NULL};
  static const char *const x[] = {"headcount", "revenue_12m", "spent", "count(contacts)", "headcount + 1", NULL};
  static const char *const measures[] = {"revenue", "profit", "satisfaction", NULL};
  switch (roll(8)) {
    case 0: buf_printf(g->out, "%s(%s%s)", one_of(sets), one_of(x), one_of(crowd)); return;
    case 1: buf_printf(g->out, "classes(%s, %d)", one_of(x), 2 + (int)roll(5)); return;
    case 2: put(g, "yoy("); num(g, 1); put(g, ")"); return;
    case 3: buf_printf(g->out, "mean(%s, %s)", one_of(measures), window()); return;
    case 4: buf_printf(g->out, "%s(%s, %s)", roll(2) ? "trend" : "slope", one_of(measures), roll(2) ? "12m" : "win"); return;
    case 5: put(g, "mean("); number_list(g, 2); put(g, ")"); return;
    case 6: put(g, "for w in [1, headcount, 3] return w * "); num_leaf(g); return;
    default: put(g, roll(2) ? "distinct(quotes.lines.qty)" : "rank(days_since(orders))"); return;
  }
}

/* --- comparing --------------------------------------------------------------- */

static const char *const args_text = "k = 3\nwin = 6m";
static const char *const metric_text = "spent = sum(revenue, win) + 1\nquiet_days = if spent > 100 then headcount else count(visits)";

static void define(Oracle *w, const char *name, const char *rule, bool arg) {
  Err e = {0};
  Src src = fake_src(rule, NULL);
  Node *n = feel_parse(&src, DIALECT_RULES, &w->arena, &e);
  assert_non_null(n);
  w->def[w->ndef++] = (ODef){name, n, arg};
}

static Rules *make_rules(Fake *f, Oracle *w) {
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "book", "account");
  assert_true(rules_args(r, fake_src(args_text, "a"), &e));
  assert_true(rules_metrics(r, fake_src(metric_text, "m"), &e));
  assert_true(rules_scope(r, fake_src("status = 'active' or headcount > 0", "s"), &e));
  assert_true(rules_check(r, &e));
  define(w, "k", "3", true);
  define(w, "win", "6m", true);
  define(w, "spent", "sum(revenue, 6m) + 1", false);
  define(w, "quiet_days", "if spent > 100 then headcount else count(visits)", false);
  define(w, "revenue_12m", "sum(revenue, 12m)", false);
  define(w, "orders_90d", "sum(orders, 90d)", false);
  Src scope = fake_src("status = 'active' or headcount > 0", NULL);
  w->scope = feel_parse(&scope, DIALECT_RULES, &w->arena, &e);
  return r;
}

static void say(const char *text, int row, const O *a, Val v) {
  Buf b = {0};
  fake_show(v, &b);
  print_error("%s\n  row %d: evaluated %s (type %d), the oracle has kind %d %.12Lg %.*s\n", text, row, b.p, v.t, a->k, a->n,
              a->k == O_TEXT ? (int)a->s.n : 0, a->k == O_TEXT ? a->s.p : "");
  buf_free(&b);
}

typedef struct Tally {
  int rules, refused, values, nulls;
} Tally;

/* One rule on all rows, by both; false when they differ. */
static bool compare(Fake *f, Rules *r, Oracle *w, int entity, const char *rule, Tally *t) {
  Err e = {0};
  Expr *x = rules_expr(r, f->entity[entity].info.name.p, fake_src(rule, NULL), WANT_ANY, NULL, 0, &e);
  t->rules++;
  if (!x) { /* random rules may break a rule of the checker: a thing beside itself, say */
    t->refused++;
    bool known = strstr(e.what, "itself") || strstr(e.what, "compares") || strstr(e.what, "then gives") ||
                 strstr(e.what, "adds") || strstr(e.what, "takes") || strstr(e.what, "puts") || strstr(e.what, "over all time");
    if (!known) print_error("%s\n  refused: %s\n", rule, e.what);
    err_free(&e);
    return known;
  }
  Src src = fake_src(rule, NULL);
  Node *n = feel_parse(&src, DIALECT_RULES, &w->arena, &e);
  const FakeEntity *ent = &f->entity[entity];
  static const size_t batch[] = {1024, 1, 5};
  bool same = true;
  Val first[FAKE_ROWS], v[FAKE_ROWS];
  for (size_t b = 0; b < 3 && same; b++) {
    Eval *ev = eval_new(r, AS_OF);
    ev->batch = batch[b];
    int64_t id[FAKE_ROWS];
    size_t m = ent->n;
    for (size_t i = 0; i < m; i++) id[i] = ent->id[b == 2 ? m - 1 - i : i]; /* the order asked for changes nothing either */
    if (!eval_expr(ev, x, id, m, v, &e)) {
      print_error("%s\n  %s\n", rule, e.what);
      err_free(&e);
      same = false;
    }
    for (size_t i = 0; i < m && same; i++) {
      if (b == 0) {
        Here here = {.w = w, .asof = AS_OF, .entity = entity, .id = id[i]};
        O o = o_eval(&here, n);
        first[i] = val_copy(v[i], &w->arena);
        t->values++;
        t->nulls += o.k == O_NULL;
        same = o_agrees(o, v[i], w);
        if (!same) say(rule, (int)i, &o, v[i]);
      } else {
        Val was = first[b == 2 ? m - 1 - i : i];
        same = val_order(was, v[i]) == 0;
        if (!same) print_error("%s\n  batch of %zu: row %zu differs\n", rule, batch[b], i);
      }
    }
    eval_free(ev);
  }
  return same;
}

static void both_evaluators_agree(void **s) {
  (void)s;
  enum { COMPANIES = 12, RULES = 400 };
  Tally t = {0};
  int wrong = 0;
  for (int c = 0; c < COMPANIES && wrong < 10; c++) {
    Fake *f = random_company();
    Oracle w = {.f = f};
    Rules *r = make_rules(f, &w);
    for (int i = 0; i < RULES && wrong < 10; i++) {
      Buf b = {0};
      static const int entities[] = {ACCOUNT, ACCOUNT, ACCOUNT, CONTACT, VISIT, QUOTE};
      Gen g = {.out = &b, .entity = entities[roll(6)]};
      int d = 1 + (int)roll(4);
      switch (roll(5)) {
        case 0: g.entity = ACCOUNT; figure(&g); break;
        case 1: text(&g, d); break;
        case 2: num(&g, d); break;
        default: cond(&g, d);
      }
      wrong += !compare(f, r, &w, g.entity, b.p, &t);
      buf_free(&b);
    }
    rules_free(r);
    arena_free(&w.arena);
    fake_free(f);
  }
  assert_int_equal(wrong, 0);
  assert_true(t.rules - t.refused > 4000);
  assert_true(t.values > 80000);
  assert_in_range(t.nulls, t.values / 20, t.values * 3 / 4);
}

/* Rules with a few bytes changed: an error or a value, never anything worse. */
static void mangled_rules_end_in_errors(void **s) {
  (void)s;
  static const char *const bits[] = {"(", ")", "[", "]", "{", "'", " in ", ".", "..", "null", "this", "item", "within", ",", "-", "%", "12m",
                                     " and ", "revenue", "contacts", "count(", "ago(", "rank(", "owner", "=", "among", NULL};
  Fake *f = random_company();
  Oracle w = {.f = f};
  Rules *r = make_rules(f, &w);
  int fine = 0;
  for (int i = 0; i < 6000; i++) {
    Buf b = {0}, cut = {0};
    Gen g = {.out = &b, .entity = roll(2) ? ACCOUNT : VISIT};
    if (roll(4)) cond(&g, 3);
    else g.entity = ACCOUNT, figure(&g);
    for (size_t k = 0; k < b.n; k++) {
      if (roll(30)) buf_char(&cut, b.p[k]);
      else if (roll(2)) buf_puts(&cut, one_of(bits));
    }
    Err e = {0};
    Expr *x = rules_expr(r, f->entity[g.entity].info.name.p, (Src){.text = buf_view(&cut), .file = "t", .line = 1, .col = 1},
                         roll(2) ? WANT_ANY : roll(2) ? WANT_CONDITION : WANT_TEMPLATE, NULL, 0, &e);
    assert_int_equal(x == NULL, e.kind != ERR_NONE);
    if (x) {
      Eval *ev = eval_new(r, AS_OF);
      Val v[FAKE_ROWS];
      fine += eval_expr(ev, x, f->entity[g.entity].id, f->entity[g.entity].n, v, &e);
      eval_free(ev);
    }
    err_free(&e);
    buf_free(&b);
    buf_free(&cut);
  }
  assert_in_range(fine, 600, 5400);
  rules_free(r);
  arena_free(&w.arena);
  fake_free(f);
}

/* --- null over everything ----------------------------------------------------- */

static const char *value_of(char letter, bool null) {
  switch (letter) {
    case 'n': return null ? "none_n" : "2";
    case 't': return null ? "none_t" : "'ab'";
    case 'b': return null ? "none_b" : "true";
    case 'd': return null ? "none_d" : "2026-01-02";
    case 'u': return null ? "none_u" : "3d";
    case 'l': case 'm': return null ? "none_l" : "[1, 2]";
    default: return null ? "none_n" : "2";
  }
}

static Fake *nothing(void) {
  Fake *f = fake_new();
  fake_num(f, ACCOUNT, "none_n", UNIT_NONE);
  fake_text(f, ACCOUNT, "none_t", NULL);
  fake_of(f, ACCOUNT, "none_b", T_BOOL);
  fake_of(f, ACCOUNT, "none_d", T_DATE);
  fake_of(f, ACCOUNT, "none_u", T_SECS);
  fake_of(f, ACCOUNT, "none_l", T_LIST);
  fake_row(f, ACCOUNT, "C1");
  return f;
}

static void every_function_of_null_is_null(void **s) {
  (void)s;
  Fake *f = nothing();
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  size_t n, asked = 0;
  const Func *fn = func_list(&n);
  for (size_t i = 0; i < n; i++) {
    if (!fn[i].fn || fn[i].nulls) continue;
    size_t np = 0;
    char letter[8];
    for (const char *p = fn[i].params; *p; p++)
      if (*p != '?' && *p != '+') letter[np++] = *p;
    if (strcmp(fn[i].name, "range") == 0 || strcmp(fn[i].name, "string_join") == 0 || strcmp(fn[i].name, "share_true") == 0) continue;
    for (size_t k = 0; k < np; k++) {
      Buf b = {0};
      buf_printf(&b, "%s(", fn[i].name);
      for (size_t j = 0; j < np; j++) buf_printf(&b, "%s%s", j ? ", " : "", value_of(letter[j], j == k));
      buf_char(&b, ')');
      char *got = fake_ask(f, r, "account", b.p, WANT_ANY);
      if (strcmp(got, "null") != 0) fail_msg("%s gives %s", b.p, got);
      asked++;
      mem_free(got);
      buf_free(&b);
    }
  }
  assert_true(asked > 80);
  rules_free(r);
  fake_free(f);
}

static void every_operator_of_null_is_null(void **s) {
  (void)s;
  static const char *const null[] = {
      "none_n + 1", "1 + none_n", "none_n - 1", "none_n * 0", "none_n / 1", "0 / none_n", "none_n ** 2", "-none_n",
      "none_n = 1", "none_n != 1", "none_n < 1", "none_n <= 1", "none_n > 1", "none_n >= 1", "none_n = none_n + 1",
      "none_t = 'a'", "none_t != 'a'", "none_t + 'a'", "none_b and true", "true and none_b", "none_b or false", "false or none_b",
      "not(none_b)", "none_n between 1 and 2", "1 between none_n and 2", "1 between 0 and none_n", "none_n in [1..2]",
      "none_n not in [1..2]", "1 in [none_n..2]", "none_n in (1, 2)", "none_n not in (1, 2)", "none_t in ('a')", "1 in (2, none_n)",
      "1 not in (2, none_n)", "none_d + 1m", "2026-01-01 + none_u", "none_d - 2026-01-01", "none_d within 12m", "none_d > 2026-01-01",
      "none_u > 3d", "none_u * 2", "none_u + 1d", "if none_b then 1 else 2", "none_l[1]", "none_l[item > 1]",
      "for x in none_l return x", "some x in none_l satisfies x > 1", "every x in none_l satisfies x > 1", "[1, none_n][2]",
      "owner.name", "owner.level > '省'", "1 in none_l", "none_n in none_l", "none_l = [1]", "sum([1, none_n])", "min([1, none_n])",
      "mean([1, none_n])", "any([false, none_b])", "all([true, none_b])", "ago(none_n, 1m)", "rank(none_n)", "share(none_n)",
      "classes(none_n, 5)", "zscore(none_n)", "last(satisfaction)", "mean(satisfaction, all)", "scale(none_n, 0, 1)",
      "default(none_n, none_n + 1)", "none_d.year", "yoy(none_n)", "if true then none_n else 1"};
  static const char *const not_null[] = {
      "none_n = null", "none_n is unknown", "known(none_n) = false", "default(none_n, 0) = 0", "none_b or true", "true or none_b",
      "(none_b and false) = false", "(false and none_b) = false", "1 in (1, none_n)", "count([none_n]) = 1", "any([true, none_b])",
      "all([false, none_b]) = false", "1 in [none_n..0] = false", "sum(owner.accounts.headcount) = 0", "count(contacts) = 0",
      "list_contains([1, none_n], none_n)", "string(none_n) = 'null'", "days_since(orders) > 100000"};
  Fake *f = nothing();
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  int wrong = 0;
  for (size_t i = 0; i < sizeof null / sizeof *null; i++) {
    char *got = fake_ask(f, r, "account", null[i], WANT_ANY);
    if (strcmp(got, "null") != 0) print_error("%s gives %s\n", null[i], got), wrong++;
    mem_free(got);
  }
  for (size_t i = 0; i < sizeof not_null / sizeof *not_null; i++) {
    char *got = fake_ask(f, r, "account", not_null[i], WANT_ANY);
    if (strcmp(got, "true") != 0) print_error("%s gives %s\n", not_null[i], got), wrong++;
    mem_free(got);
  }
  rules_free(r);
  fake_free(f);
  assert_int_equal(wrong, 0);
}

/* --- cost --------------------------------------------------------------------- */

static void related_rows_are_asked_once(void **s) {
  (void)s;
  Fake *f = random_company();
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  static const struct { const char *rule; int many, series, most; } asked[] = {
      {"count(contacts[active]) + count(contacts[decision_role = 'buyer'])", 2, 0, 0},
      {"sum(quotes.lines.price * quotes.lines.qty)", 4, 0, 0},
      {"sum(owner.accounts.revenue_12m)", 1, 1, 0},
      {"tier = 'A' and revenue_12m > 100", 0, 1, SMALL - 1}, /* only those of tier A */
      {"false and revenue_12m > 100", 0, 0, 0},
      {"if k = 3 then 1 else revenue_12m", 0, 0, 0},
      {"revenue_12m > 5 or revenue_12m < 3", 0, 2, SMALL}};
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
    f->calls_many = f->calls_series = f->most_ids = 0;
    Param k = {STR("k"), val_int(3), UNIT_NONE};
    Expr *x = rules_expr(r, NULL, fake_src(asked[i].rule, NULL), WANT_ANY, &k, 1, &e);
    assert_non_null(x);
    Eval *ev = eval_new(r, AS_OF);
    Val v[SMALL];
    assert_true(eval_expr(ev, x, f->entity[ACCOUNT].id, SMALL, v, &e));
    eval_free(ev);
    if (f->calls_many > asked[i].many || f->calls_series > asked[i].series || (asked[i].most && f->most_ids > asked[i].most))
      fail_msg("%s: %d times rows, %d times histories, %d ids at most", asked[i].rule, f->calls_many, f->calls_series, f->most_ids);
  }
  rules_free(r);
  fake_free(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_evaluators_agree),
      cmocka_unit_test(mangled_rules_end_in_errors),
      cmocka_unit_test(every_function_of_null_is_null),
      cmocka_unit_test(every_operator_of_null_is_null),
      cmocka_unit_test(related_rows_are_asked_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
