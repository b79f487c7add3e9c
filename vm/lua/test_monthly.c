/* monthly = [[ measure account oldest … newest ]]: rows that make a measure's months read so. They end with the
 * month before as-of; `400 x12` repeats; a dash is a month without a row. */
#include "lua/test.h"

#include "base/num.h"

#include <stdlib.h>
#include <string.h>

enum { MONTHS_MOST = 240 };
typedef enum Series { REVENUE, COST, PROFIT, QUANTITY, ORDERS, ACTIVITIES, COST_TO_SERVE, VISITS, COMPLAINTS, SURVEYS, NSERIES } Series;
static const Str SERIES[NSERIES] = {{"revenue", 7},     {"cost", 4},           {"profit", 6}, {"quantity", 8},
                                    {"orders", 6},      {"activities", 10},    {"cost_to_serve", 13},
                                    {"visits", 6},      {"complaints", 10},    {"surveys", 7}};

typedef struct Months { /* of one account; the newest is at MONTHS_MOST - 1 */
  Str code;
  Val v[NSERIES][MONTHS_MOST];
} Months;

static Src word(Src *line) {
  size_t i = 0, j;
  Str s = line->text;
  while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t')) i++;
  for (j = i; j < s.n && s.p[j] != ' ' && s.p[j] != '\t'; j++) {}
  Src w = src_sub(line, i, j);
  *line = src_sub(line, j, s.n);
  return w;
}

static Months *months_of(Months **list, size_t *n, size_t *cap, Str code) {
  for (size_t i = 0; i < *n; i++)
    if (str_eq((*list)[i].code, code)) return &(*list)[i];
  mem_grow(*list, *cap, *n + 1);
  Months *m = &(*list)[(*n)++];
  memset(m, 0, sizeof *m);
  m->code = code;
  return m;
}

/* The values of one line, repeated where it says so. */
static bool read_values(Src *line, Arena *a, Val *v, size_t *n, Err *e) {
  *n = 0;
  for (Src w = word(line); w.text.n; w = word(line)) {
    size_t times = 1;
    bool repeat = w.text.p[0] == 'x' && *n > 0;
    Val one = repeat ? v[*n - 1] : val_null();
    if (repeat) {
      times = (size_t)strtoul(w.text.p + 1, NULL, 10);
      if (times < 1) return src_err(e, &w, 0, w.text.n, "x12 repeats the value before it twelve times");
      times--;
    } else if (!str_is(w.text, "-") && !num_parse(w.text, &one, a)) {
      return src_err(e, &w, 0, w.text.n, "%.*s is no number (a dash is a month without a row)", STR_ARG(w.text));
    }
    if (*n + times > MONTHS_MOST) return src_err(e, &w, 0, w.text.n, "at most %d months", MONTHS_MOST);
    while (times--) v[(*n)++] = one;
  }
  return true;
}

static bool read_line(Src line, Arena *a, Months **list, size_t *n, size_t *cap, Err *e) {
  Src measure = word(&line), code = word(&line);
  size_t k = 0, count;
  Val v[MONTHS_MOST];
  while (k < NSERIES && !str_eq(SERIES[k], measure.text)) k++;
  if (k == NSERIES) {
    src_err(e, &measure, 0, measure.text.n, "monthly gives no measure %.*s", STR_ARG(measure.text));
    return src_suggest(e, measure.text, SERIES, NSERIES);
  }
  if (!code.text.n) return src_err(e, &measure, 0, measure.text.n, "a line of monthly is: measure account oldest … newest");
  if (!read_values(&line, a, v, &count, e)) return false;
  Months *m = months_of(list, n, cap, code.text);
  memcpy(&m->v[k][MONTHS_MOST - count], v, count * sizeof *v);
  return true;
}

typedef struct Cells { /* one new row */
  Str name[8];
  Val val[8];
  size_t n;
} Cells;

static void add(Cells *c, const char *name, Val v) {
  if (v.t == V_NULL) return;
  c->name[c->n] = str_of(name);
  c->val[c->n++] = v;
}

static bool insert(TestRun *t, const char *entity, const Cells *c, Err *e) {
  int64_t id;
  return store_insert(t->store, catalog_entity(str_of(entity)), c->name, c->val, c->n, &id, e);
}

/* Order lines: profit is what revenue leaves over cost. A month of nothing has no order. */
static bool order_rows(TestRun *t, const Months *m, size_t i, Day day, Err *e) {
  Arena *a = &t->arena;
  Val revenue = m->v[REVENUE][i], cost = m->v[COST][i], profit = m->v[PROFIT][i], quantity = m->v[QUANTITY][i];
  int64_t orders = 1;
  if (m->v[ORDERS][i].t != V_NULL) num_int(m->v[ORDERS][i], &orders);
  bool none = revenue.t == V_NULL && cost.t == V_NULL && profit.t == V_NULL && quantity.t == V_NULL;
  if (none && m->v[ORDERS][i].t == V_NULL) return true;
  Val zero = val_int(0);
  if (revenue.t == V_NULL) revenue = profit.t == V_NULL ? zero : cost.t == V_NULL ? profit : num_add(profit, cost, a);
  if (cost.t == V_NULL) cost = profit.t == V_NULL ? zero : num_sub(revenue, profit, a);
  bool nothing = num_cmp(revenue, zero) == 0 && num_cmp(cost, zero) == 0 && quantity.t == V_NULL;
  if (nothing && m->v[ORDERS][i].t == V_NULL) return true;
  for (int64_t k = 0; k < orders; k++) {
    Cells c = {0};
    const char *no = arena_printf(a, "%.*s-%zu-%lld", STR_ARG(m->code), i, (long long)k);
    add(&c, "account", val_text(m->code));
    add(&c, "order_no", val_text(str_of(no)));
    add(&c, "line_no", val_int(1));
    add(&c, "day", val_date(day));
    add(&c, "revenue", k == 0 ? revenue : zero);
    add(&c, "cost", k == 0 ? cost : zero);
    add(&c, "quantity", k == 0 ? quantity : val_null());
    if (!insert(t, "orders", &c, e)) return false;
  }
  return true;
}

/* As many rows as the figure says. */
static bool counted_rows(TestRun *t, const Months *m, Series k, size_t i, Day day, Err *e) {
  static const struct {
    const char *entity, *day;
  } KIND[NSERIES] = {[ACTIVITIES] = {"activity", "day"}, [VISITS] = {"visit", "day"}, [COMPLAINTS] = {"complaint", "opened"}};
  int64_t n = 0;
  if (m->v[k][i].t != V_NULL) num_int(m->v[k][i], &n);
  for (int64_t r = 0; r < n; r++) {
    Cells c = {0};
    add(&c, "account", val_text(m->code));
    add(&c, KIND[k].day, val_date(day));
    if (k == VISITS) add(&c, "status", val_text(STR("done")));
    if (k == COMPLAINTS) {
      add(&c, "status", val_text(STR("closed")));
      add(&c, "code", val_text(str_of(arena_printf(&t->arena, "%.*s-%zu-%lld", STR_ARG(m->code), i, (long long)r))));
    }
    if (!insert(t, KIND[k].entity, &c, e)) return false;
  }
  return true;
}

static bool valued_row(TestRun *t, const Months *m, Series k, size_t i, Day day, Err *e) {
  if (m->v[k][i].t == V_NULL) return true;
  Cells c = {0};
  add(&c, "account", val_text(m->code));
  add(&c, "day", val_date(day));
  add(&c, k == SURVEYS ? "score" : "cost", m->v[k][i]);
  return insert(t, k == SURVEYS ? "survey" : "activity", &c, e);
}

static bool account_months(TestRun *t, const Months *m, Err *e) {
  int last = day_month(t->asof) - 1; /* the month before as-of */
  for (size_t i = 0; i < MONTHS_MOST; i++) {
    Day day = month_start(last - (int)(MONTHS_MOST - 1 - i));
    if (!order_rows(t, m, i, day, e) || !counted_rows(t, m, ACTIVITIES, i, day, e) ||
        !counted_rows(t, m, VISITS, i, day, e) || !counted_rows(t, m, COMPLAINTS, i, day, e) ||
        !valued_row(t, m, COST_TO_SERVE, i, day, e) || !valued_row(t, m, SURVEYS, i, day, e))
      return false;
  }
  return true;
}

bool test_monthly(TestRun *t, Err *e) {
  Src rest = t->item->monthly;
  Months *list = NULL;
  size_t n = 0, cap = 0;
  bool ok = true;
  while (ok && rest.text.n) {
    const char *nl = memchr(rest.text.p, '\n', rest.text.n);
    size_t end = nl ? (size_t)(nl - rest.text.p) : rest.text.n;
    Src line = src_sub(&rest, 0, end);
    rest = src_sub(&rest, nl ? end + 1 : end, rest.text.n);
    for (size_t i = 0; i + 1 < line.text.n; i++)
      if (line.text.p[i] == '/' && line.text.p[i + 1] == '/') line = src_sub(&line, 0, i);
    if (str_trim(line.text).n) ok = read_line(line, &t->arena, &list, &n, &cap, e);
  }
  for (size_t i = 0; ok && i < n; i++) ok = account_months(t, &list[i], e) || err_at(e, t->item->monthly.file, t->item->monthly.line, 0);
  mem_free(list);
  return ok;
}
