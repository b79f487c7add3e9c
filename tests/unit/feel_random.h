/* Random companies in the fake host, and random rules over them. */
#ifndef FEEL_RANDOM_H
#define FEEL_RANDOM_H
#include "feel_dice.h"
#include "feel_fake.h"

enum { SMALL = 24 };
static const Day AS_OF = 20758; /* 2026-11-01 */

/* --- random data ------------------------------------------------------------ */

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
  static const char *const list[] = {"12m",          "90d", "3m",  "1q", "ytd",  "last_month",
                                     "last_quarter", "all", "win", "6w", "2025", NULL};
  return one_of(list);
}

static const char *span(void) {
  static const char *const list[] = {"1m", "3m", "12m", "45d", "2w", NULL};
  return one_of(list);
}

static void num_leaf(Gen *g) {
  static const char *const lits[] = {"0", "1", "2", "3", "7", "0.5", "10", "15%", "1万", "k", NULL};
  static const char *const account[] = {"headcount", "headcount",  "revenue_12m", "orders_90d",
                                        "spent",     "quiet_days", NULL};
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
  static const struct { int from, to; const char *name;
  } rel[] = {{ACCOUNT, CONTACT, "contacts"},       {ACCOUNT, VISIT, "visits"},
             {ACCOUNT, QUOTE, "quotes"},           {ACCOUNT, LINE, "quotes.lines"},
             {ACCOUNT, ACCOUNT, "owner.accounts"}, {QUOTE, LINE, "lines"},
             {CONTACT, VISIT, "account.visits"},   {QUOTE, CONTACT, "account.contacts"},
             {VISIT, QUOTE, "account.quotes"},     {LINE, CONTACT, "quote.account.contacts"}};
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
    case 4:
      put(g, "(if ");
      cond(g, d - 1);
      put(g, " then ");
      num(g, d - 1);
      put(g, " else ");
      num(g, d - 1);
      put(g, ")");
      return;
    case 5: put(g, "default("); num(g, d - 1); put(g, ", "); num(g, d - 1); put(g, ")"); return;
    case 6:
      put(g, roll(2) ? "min(" : "max(");
      num(g, d - 1);
      put(g, ", ");
      num(g, d - 1);
      put(g, ")");
      return;
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
    case 12:
      put(g, (const char *[]){"year(", "month(", "day("}[roll(3)]);
      date(g, d - 1);
      put(g, ")");
      return;
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
    default:
      put(g, "(if ");
      cond(g, d - 1);
      put(g, " then ");
      text(g, d - 1);
      put(g, " else ");
      text(g, d - 1);
      put(g, ")");
      return;
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
    case 7:
      num(g, d - 1);
      buf_printf(g->out, " %sin %s0..12%s", roll(2) ? "" : "not ", roll(2) ? "[" : "(", roll(2) ? "]" : ")");
      return;
    case 8: num(g, d - 1); buf_printf(g->out, " %s null", roll(2) ? "=" : "!="); return;
    case 9: put(g, "known("); text(g, d - 1); put(g, ")"); return;
    case 10:
      if (g->entity == ACCOUNT)
        put(g, (const char *[]){"tier = 'A'", "tier in ('A', 'B')", "tier not in ['C']",
                                "owner.level >= '地市'", "owner.level < '省'", "days_since(orders) > 90",
                                "days_since(orders) <= 3m", "ago(tier, 6m) != 'B'"}[roll(8)]);
      else if (g->entity == CONTACT)
        put(g, (const char *[]){"active", "attitude >= 'neutral'", "attitude < 'supporter'",
                                "decision_role in ('decider', 'buyer')", "account.tier = 'A'",
                                "met within 6m"}[roll(6)]);
      else if (g->entity == VISIT)
        put(g, (const char *[]){"within 12m", "staff = account.owner", "day in last_quarter",
                                "age > 30"}[roll(4)]);
      else if (g->entity == QUOTE)
        put(g, (const char *[]){"requester.level >= '地市'", "requested_on within ytd",
                                "verdict is known"}[roll(3)]);
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
      const char *what = to == CONTACT ? "active"
                         : to == VISIT ? "status = 'active'"
                         : to == QUOTE ? "verdict = 'closed'"
                         : to == LINE  ? "qty > 4"
                                       : "headcount > 5";
      buf_printf(g->out, " satisfies v%d.%s)", g->vars, what);
      return;
    }
    case 13:
      if (g->outer == ACCOUNT && g->entity == VISIT) put(g, "staff = this.owner");
      else if (g->outer == ACCOUNT && g->entity == ACCOUNT) put(g, "headcount > this.headcount");
      else date(g, d - 1), buf_printf(g->out, " %s ", sign()), put(g, "2026-03-01");
      return;
    case 14:
      put(g, "(if ");
      cond(g, d - 1);
      put(g, " then ");
      cond(g, d - 1);
      put(g, " else ");
      cond(g, d - 1);
      put(g, ")");
      return;
    default:
      text(g, d - 1);
      put(g, g->entity == ACCOUNT ? " in ('A', 'x', region)" : " not in ['A', 'x']");
      return;
  }
}

/* What is only looked at, for it is not exact, or stands for the whole set. */
static void figure(Gen *g) {
  static const char *const sets[] = {"rank", "share", "share_ahead", "running_share", NULL};
  static const char *const crowd[] = {"", ", within region", ", among headcount > 0",
                                      ", within tier, among status = 'active'", NULL};
  static const char *const x[] = {"headcount",       "revenue_12m",   "spent",
                                  "count(contacts)", "headcount + 1", NULL};
  static const char *const measures[] = {"revenue", "profit", "satisfaction", NULL};
  switch (roll(8)) {
    case 0: buf_printf(g->out, "%s(%s%s)", one_of(sets), one_of(x), one_of(crowd)); return;
    case 1: buf_printf(g->out, "classes(%s, %d)", one_of(x), 2 + (int)roll(5)); return;
    case 2: put(g, "yoy("); num(g, 1); put(g, ")"); return;
    case 3: buf_printf(g->out, "mean(%s, %s)", one_of(measures), window()); return;
    case 4:
      buf_printf(g->out, "%s(%s, %s)", roll(2) ? "trend" : "slope", one_of(measures),
                 roll(2) ? "12m" : "win");
      return;
    case 5: put(g, "mean("); number_list(g, 2); put(g, ")"); return;
    case 6: put(g, "for w in [1, headcount, 3] return w * "); num_leaf(g); return;
    default: put(g, roll(2) ? "distinct(quotes.lines.qty)" : "rank(days_since(orders))"); return;
  }
}
#endif
