/* A host in memory for tests of the rule language: a few entities with columns,
 * relations and histories, all from small tables, everything by brute force. */
#ifndef FEEL_FAKE_H
#define FEEL_FAKE_H
#include "testing.h"

#include <string.h>

#include "base/num.h"
#include "feel/rules.h"

enum { ACCOUNT = 1, CONTACT, STAFF, VISIT, QUOTE, LINE, PRODUCT, COMPLAINT, FAKE_ENTITIES = COMPLAINT };
enum { FAKE_FIELDS = 32, FAKE_ROWS = 512, FAKE_EVENTS = 20000 };

typedef struct FakeField {
  HostField host;
  Val *now;       /* FIELD: by row. ONE: V_ROW or null */
  Val *before;    /* as it was before `changed` */
  int back;       /* MANY: the field of the target that points back here */
} FakeField;

typedef struct FakeEntity {
  HostEntity info;
  FakeField field[FAKE_FIELDS];
  const HostField *list[FAKE_FIELDS];
  int nfield;
  int64_t id[FAKE_ROWS];
  size_t n;
} FakeEntity;

typedef struct FakeEvent {
  int measure; /* HostField.id */
  int64_t row;
  Day day;
  Val amount;
} FakeEvent;

typedef struct Fake {
  FeelHost host;
  FakeEntity entity[FAKE_ENTITIES + 1];
  FakeEvent *event;
  size_t nevent;
  Day changed;
  bool granted;
  int calls_many, calls_column, calls_series, most_ids;
  int64_t segment[64];
  size_t nsegment;
  Arena arena;
} Fake;

static const Str fake_abcd[] = {{"A", 1}, {"B", 1}, {"C", 1}, {"D", 1}};
static const Domain fake_tier = {.n = 4, .value = fake_abcd};
static const Str fake_levels[] = {{"总部", 6}, {"省", 3}, {"地市", 6}, {"客户经理", 12}};
static const Domain fake_level = {.ranked = true, .n = 4, .value = fake_levels};
static const Str fake_roles[] = {{"decider", 7}, {"influencer", 10}, {"buyer", 5}, {"user", 4}};
static const Domain fake_role = {.n = 4, .value = fake_roles};
static const Str fake_attitudes[] = {{"supporter", 9}, {"neutral", 7}, {"opponent", 8}};
static const Domain fake_attitude = {.ranked = true, .n = 3, .value = fake_attitudes};

static inline FakeField *fake_field(Fake *f, int entity, const char *name) {
  FakeEntity *e = &f->entity[entity];
  for (int i = 0; i < e->nfield; i++)
    if (str_is(e->field[i].host.name, name)) return &e->field[i];
  return NULL;
}

static inline FakeField *fake_add(Fake *f, int entity, const char *name, HostKind kind, Type type) {
  FakeEntity *e = &f->entity[entity];
  assert_true(e->nfield < FAKE_FIELDS);
  FakeField *x = &e->field[e->nfield];
  static int next;
  *x = (FakeField){.host = {.name = str_of(name), .kind = kind, .type = type, .id = ++next}};
  x->now = arena_zalloc(&f->arena, FAKE_ROWS, sizeof(Val));
  e->list[e->nfield++] = &x->host;
  return x;
}

static inline FakeField *fake_text(Fake *f, int entity, const char *name, const Domain *d) {
  return fake_add(f, entity, name, HOST_FIELD, (Type){.kind = T_TEXT, .domain = d});
}
static inline FakeField *fake_num(Fake *f, int entity, const char *name, Unit u) {
  return fake_add(f, entity, name, HOST_FIELD, (Type){.kind = T_NUM, .unit = u});
}
static inline FakeField *fake_of(Fake *f, int entity, const char *name, TypeKind k) {
  return fake_add(f, entity, name, HOST_FIELD, (Type){.kind = k});
}
static inline void fake_one(Fake *f, int entity, const char *name, int target) {
  fake_add(f, entity, name, HOST_ONE, (Type){.kind = T_ROW, .entity = target})->host.target = target;
}
static inline void fake_many(Fake *f, int entity, const char *name, int target, const char *back) {
  FakeField *x = fake_add(f, entity, name, HOST_MANY, (Type){.kind = T_ROWS, .entity = target});
  x->host.target = target;
  x->back = (int)(fake_field(f, target, back) - f->entity[target].field);
}
static inline FakeField *fake_measure(Fake *f, int entity, const char *name, Unit u, bool flow) {
  FakeField *x = fake_add(f, entity, name, HOST_MEASURE, (Type){.kind = T_SERIES, .unit = u});
  x->host.flow = flow;
  return x;
}

static inline int64_t fake_row(Fake *f, int entity, const char *key) {
  FakeEntity *e = &f->entity[entity];
  int64_t id = 100 * entity + 7 * (int64_t)e->n + 1;
  e->id[e->n] = id;
  if (key) e->field[0].now[e->n] = val_text(str_of(arena_strndup(&f->arena, key, strlen(key))));
  e->n++;
  return id;
}

static inline size_t fake_at(const FakeEntity *e, int64_t id) {
  for (size_t i = 0; i < e->n; i++)
    if (e->id[i] == id) return i;
  fail_msg("no row %lld", (long long)id);
  return 0;
}

static inline void fake_set(Fake *f, int entity, int64_t id, const char *field, Val v) {
  FakeField *x = fake_field(f, entity, field);
  assert_non_null(x);
  x->now[fake_at(&f->entity[entity], id)] = v;
}
static inline Val fake_str(const char *s) { return val_text(str_of(s)); }

static inline void fake_event(Fake *f, const char *measure, int64_t row, Day day, Val amount) {
  FakeField *x = fake_field(f, ACCOUNT, measure);
  assert_non_null(x);
  assert_true(f->nevent < FAKE_EVENTS);
  f->event[f->nevent++] = (FakeEvent){x->host.id, row, day, amount};
}

/* --- callbacks ----------------------------------------------------------- */

static inline int fake_cb_entity(void *ctx, Str name) {
  Fake *f = ctx;
  for (int i = 1; i <= FAKE_ENTITIES; i++)
    if (str_eq(f->entity[i].info.name, name) || str_eq(f->entity[i].info.plural, name)) return i;
  return 0;
}
static inline const HostEntity *fake_cb_info(void *ctx, int entity) {
  return &((Fake *)ctx)->entity[entity].info;
}
static inline const HostField *fake_cb_field(void *ctx, int entity, Str name) {
  Fake *f = ctx;
  for (int i = 0; i < f->entity[entity].nfield; i++)
    if (str_eq(f->entity[entity].field[i].host.name, name)) return &f->entity[entity].field[i].host;
  return NULL;
}
static inline size_t fake_cb_fields(void *ctx, int entity, const HostField *const **list) {
  Fake *f = ctx;
  *list = f->entity[entity].list;
  return (size_t)f->entity[entity].nfield;
}
static inline bool fake_cb_granted(void *ctx, int entity, const HostField *field) {
  (void)entity, (void)field;
  return ((Fake *)ctx)->granted;
}
static inline bool fake_cb_all(void *ctx, int entity, Day asof, Arena *a, const int64_t **id, size_t *n,
                               Err *e) {
  (void)asof, (void)a, (void)e;
  *id = ((Fake *)ctx)->entity[entity].id;
  *n = ((Fake *)ctx)->entity[entity].n;
  return true;
}
static inline bool fake_cb_column(void *ctx, int entity, const HostField *field, Day asof, const int64_t *id,
                                  size_t n, Arena *a, Val *out, Err *e) {
  (void)a, (void)e;
  Fake *f = ctx;
  f->calls_column++;
  const FakeField *x = (const FakeField *)(const void *)field;
  for (size_t i = 0; i < n; i++) {
    size_t at = fake_at(&f->entity[entity], id[i]);
    out[i] = x->before && asof <= f->changed ? x->before[at] : x->now[at];
  }
  return true;
}
static inline bool fake_cb_one(void *ctx, int entity, const HostField *field, Day asof, const int64_t *id,
                               size_t n, int64_t *target, Err *e) {
  Fake *f = ctx;
  Val v;
  for (size_t i = 0; i < n; i++) {
    if (!fake_cb_column(ctx, entity, field, asof, &id[i], 1, &f->arena, &v, e)) return false;
    target[i] = v.t == V_ROW ? v.u.i : 0;
  }
  return true;
}
static inline bool fake_cb_many(void *ctx, int entity, const HostField *field, Day asof, const int64_t *id,
                                size_t n, Arena *a, HostRows *out, Err *e) {
  (void)entity, (void)e, (void)asof;
  Fake *f = ctx;
  f->calls_many++;
  const FakeField *x = (const FakeField *)(const void *)field;
  const FakeEntity *t = &f->entity[field->target];
  const Val *back = t->field[x->back].now;
  int64_t *ids = arena_alloc(a, (n * t->n + 1) * sizeof *ids);
  uint32_t *parent = arena_alloc(a, (n * t->n + 1) * sizeof *parent);
  size_t k = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < t->n; j++)
      if (back[j].t == V_ROW && back[j].u.i == id[i]) {
        ids[k] = t->id[j];
        parent[k++] = (uint32_t)i;
      }
  *out = (HostRows){k, ids, parent};
  return true;
}

static inline Val fake_agg(Fake *f, const HostField *m, Agg agg, Day from, Day to, int64_t row) {
  Val sum = val_null(), min = val_null(), max = val_null(), first = val_null(), last = val_null();
  Day first_day = 0, last_day = 0;
  int64_t count = 0, days = 0;
  for (size_t i = 0; i < f->nevent; i++) {
    const FakeEvent *v = &f->event[i];
    if (v->measure != m->id || v->row != row || v->day < from || v->day >= to) continue;
    if (!count || v->day < first_day) first = v->amount, first_day = v->day;
    if (!count || v->day >= last_day) last = v->amount, last_day = v->day;
    if (!count) sum = min = max = v->amount;
    else {
      sum = val_dec(sum.u.i + v->amount.u.i, sum.e);
      if (v->amount.u.i < min.u.i) min = v->amount;
      if (v->amount.u.i > max.u.i) max = v->amount;
    }
    count++;
    bool seen = false;
    for (size_t k = 0; k < i && !seen; k++)
      seen = f->event[k].measure == m->id && f->event[k].row == row && f->event[k].day == v->day;
    days += !seen;
  }
  switch (agg) {
    case AGG_SUM: return count ? sum : m->flow ? val_int(0) : val_null();
    case AGG_COUNT: return count || m->flow ? val_int(count) : val_null();
    case AGG_MIN: return min;
    case AGG_MAX: return max;
    case AGG_FIRST: return first;
    case AGG_LAST: return last;
    case AGG_FIRST_DAY: return count ? val_date(first_day) : val_null();
    case AGG_LAST_DAY: return count ? val_date(last_day) : val_null();
    default: return count ? val_int(days) : val_null();
  }
}
static inline bool fake_cb_series(void *ctx, int entity, const HostField *m, Agg agg, Day from, Day to,
                                  const int64_t *id, size_t n, Arena *a, Val *out, Err *e) {
  (void)entity, (void)a, (void)e;
  ((Fake *)ctx)->calls_series++;
  if ((int)n > ((Fake *)ctx)->most_ids) ((Fake *)ctx)->most_ids = (int)n;
  for (size_t i = 0; i < n; i++) out[i] = fake_agg(ctx, m, agg, from, to, id[i]);
  return true;
}
static inline bool fake_cb_steps(void *ctx, int entity, const HostField *m, Agg agg, const Day *edge,
                                 size_t nstep, const int64_t *id, size_t n, Arena *a, Val *out, Err *e) {
  (void)entity, (void)a, (void)e;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < nstep; k++)
      out[i * nstep + k] = fake_agg(ctx, m, agg, edge[k], edge[k + 1], id[i]);
  return true;
}
static inline bool fake_cb_span(void *ctx, int entity, const HostField *m, Day *first, Day *last) {
  (void)entity;
  Fake *f = ctx;
  bool any = false;
  for (size_t i = 0; i < f->nevent; i++) {
    if (f->event[i].measure != m->id) continue;
    if (!any || f->event[i].day < *first) *first = f->event[i].day;
    if (!any || f->event[i].day > *last) *last = f->event[i].day;
    any = true;
  }
  return any;
}
static inline bool fake_cb_segment(void *ctx, Str name, Day asof, const int64_t *id, size_t n, Val *out,
                                   Err *e) {
  (void)asof;
  Fake *f = ctx;
  if (!str_is(name, "valid-key")) return err_set(e, ERR_FAIL, "there is no segment %.*s", STR_ARG(name));
  for (size_t i = 0; i < n; i++) {
    out[i] = val_bool(false);
    for (size_t k = 0; k < f->nsegment; k++)
      if (f->segment[k] == id[i]) out[i] = val_bool(true);
  }
  return true;
}

/* --- the schema ---------------------------------------------------------- */

static inline void fake_entity(Fake *f, int number, const char *name, const char *plural, const char *key,
                               const char *day) {
  f->entity[number].info = (HostEntity){number, str_of(name), str_of(plural), str_of(key), str_of(day), false};
  fake_text(f, number, key, NULL);
}

static inline Fake *fake_new(void) {
  Fake *f = mem_zalloc(1, sizeof *f);
  f->event = mem_zalloc(FAKE_EVENTS, sizeof *f->event);
  f->changed = day_of(2026, 6, 1);
  fake_entity(f, ACCOUNT, "account", "accounts", "code", "");
  fake_entity(f, CONTACT, "contact", "contacts", "code", "");
  fake_entity(f, STAFF, "staff", "staff", "code", "");
  fake_entity(f, VISIT, "visit", "visits", "code", "day");
  fake_entity(f, QUOTE, "quote", "quotes", "code", "requested_on");
  fake_entity(f, LINE, "quote_line", "quote_lines", "code", "");
  fake_entity(f, PRODUCT, "product", "products", "code", "");
  fake_entity(f, COMPLAINT, "complaint", "complaints", "code", "opened");

  fake_text(f, ACCOUNT, "name", NULL);
  FakeField *tier = fake_text(f, ACCOUNT, "tier", &fake_tier);
  tier->host.history = true;
  tier->before = arena_zalloc(&f->arena, FAKE_ROWS, sizeof(Val));
  fake_text(f, ACCOUNT, "status", NULL);
  fake_text(f, ACCOUNT, "region", NULL);
  fake_text(f, ACCOUNT, "industry", NULL);
  fake_num(f, ACCOUNT, "headcount", UNIT_NONE);
  fake_one(f, ACCOUNT, "owner", STAFF);

  fake_one(f, CONTACT, "account", ACCOUNT);
  fake_text(f, CONTACT, "decision_role", &fake_role);
  fake_text(f, CONTACT, "attitude", &fake_attitude);
  fake_of(f, CONTACT, "active", T_BOOL);
  fake_of(f, CONTACT, "met", T_DATE);
  fake_text(f, CONTACT, "name", NULL)->host.personal = true;

  fake_text(f, STAFF, "name", NULL);
  fake_text(f, STAFF, "level", &fake_level);

  fake_of(f, VISIT, "day", T_DATE);
  fake_one(f, VISIT, "account", ACCOUNT);
  fake_one(f, VISIT, "staff", STAFF);
  fake_text(f, VISIT, "status", NULL);

  fake_one(f, QUOTE, "account", ACCOUNT);
  fake_of(f, QUOTE, "requested_on", T_DATE);
  fake_text(f, QUOTE, "verdict", NULL);
  fake_one(f, QUOTE, "requester", STAFF);

  fake_one(f, LINE, "quote", QUOTE);
  fake_one(f, LINE, "product", PRODUCT);
  fake_num(f, LINE, "qty", UNIT_NONE);
  fake_num(f, LINE, "price", UNIT_MONEY);
  fake_num(f, LINE, "unit_cost", UNIT_MONEY);

  fake_text(f, PRODUCT, "line", NULL);

  fake_one(f, COMPLAINT, "account", ACCOUNT);
  fake_of(f, COMPLAINT, "opened", T_DATE);
  fake_text(f, COMPLAINT, "status", NULL);

  fake_many(f, QUOTE, "lines", LINE, "quote");
  fake_many(f, ACCOUNT, "contacts", CONTACT, "account");
  fake_many(f, ACCOUNT, "quotes", QUOTE, "account");
  fake_many(f, ACCOUNT, "complaints", COMPLAINT, "account");
  fake_many(f, ACCOUNT, "visits", VISIT, "account");
  fake_many(f, STAFF, "accounts", ACCOUNT, "owner");
  fake_measure(f, ACCOUNT, "orders", UNIT_NONE, true);
  fake_measure(f, ACCOUNT, "revenue", UNIT_MONEY, true)->host.about = "revenue of order lines";
  fake_measure(f, ACCOUNT, "profit", UNIT_MONEY, true);
  fake_measure(f, ACCOUNT, "satisfaction", UNIT_NONE, false);

  f->host = (FeelHost){.ctx = f,
                       .entity = fake_cb_entity,
                       .entity_info = fake_cb_info,
                       .field = fake_cb_field,
                       .fields = fake_cb_fields,
                       .granted = fake_cb_granted,
                       .all = fake_cb_all,
                       .column = fake_cb_column,
                       .one = fake_cb_one,
                       .many = fake_cb_many,
                       .series = fake_cb_series,
                       .steps = fake_cb_steps,
                       .span = fake_cb_span,
                       .in_segment = fake_cb_segment,
                       .fmt = {.currency_sign = "¥", .minor = 2, .null = "–"}};
  return f;
}

static inline void fake_free(Fake *f) {
  arena_free(&f->arena);
  mem_free(f->event);
  mem_free(f);
}

/* --- a small company ----------------------------------------------------- */

/* C1..C4; as of 2026-11-01. C4 has nothing at all. */
static inline Fake *fake_company(void) {
  Fake *f = fake_new();
  static const char *const tier[] = {"A", "A", "B", NULL}, *const region[] = {"上海", "广东", "上海", NULL};
  int64_t li = fake_row(f, STAFF, "S1"), zhou = fake_row(f, STAFF, "S2");
  fake_set(f, STAFF, li, "name", fake_str("李敏"));
  fake_set(f, STAFF, zhou, "name", fake_str("周航"));
  fake_set(f, STAFF, li, "level", fake_str("省"));
  fake_set(f, STAFF, zhou, "level", fake_str("客户经理"));
  for (int i = 0; i < 4; i++) {
    char code[8] = {'C', (char)('1' + i), 0};
    int64_t id = fake_row(f, ACCOUNT, code);
    fake_set(f, ACCOUNT, id, "status", fake_str("active"));
    if (tier[i]) fake_set(f, ACCOUNT, id, "tier", fake_str(tier[i]));
    if (region[i]) fake_set(f, ACCOUNT, id, "region", fake_str(region[i]));
    if (i < 3) fake_set(f, ACCOUNT, id, "owner", val_row(STAFF, i == 1 ? zhou : li));
    if (i < 3) fake_set(f, ACCOUNT, id, "headcount", val_int(100 * (i + 1)));
    fake_field(f, ACCOUNT, "tier")->before[i] =
        i == 0 ? fake_str("B") : fake_field(f, ACCOUNT, "tier")->now[i];
  }
  const int64_t *c = f->entity[ACCOUNT].id;
  for (int m = 0; m < 36;
       m++) { /* 2023-11 … 2026-10 on the 10th: C1 falls, C2 grows at the end, C3 is level */
    Day day = day_add_months(day_of(2023, 11, 10), m);
    int64_t at = m - 24;
    int64_t p1 = at < 0 ? 10000 : 10000 - 500 * at, p2 = m == 35 ? 6000 : 3000;
    fake_event(f, "profit", c[0], day, val_dec(p1, -2));
    fake_event(f, "revenue", c[0], day, val_dec(40000, -2));
    fake_event(f, "orders", c[0], day, val_int(1));
    fake_event(f, "profit", c[1], day, val_dec(p2, -2));
    fake_event(f, "revenue", c[1], day, val_dec(10000, -2));
    fake_event(f, "orders", c[1], day, val_int(1));
    if (m % 3 == 0) {
      fake_event(f, "profit", c[2], day, val_dec(100, -2));
      fake_event(f, "revenue", c[2], day, val_dec(1000, -2));
      fake_event(f, "orders", c[2], day, val_int(1));
    }
  }
  fake_event(f, "satisfaction", c[0], day_of(2026, 3, 1), val_int(4));
  fake_event(f, "satisfaction", c[0], day_of(2026, 9, 1), val_int(2));
  fake_event(f, "satisfaction", c[1], day_of(2025, 2, 1), val_int(5));
  static const char *const role[] = {"decider", "buyer", "decider", "user"}, *const mood[] = {
                                                                                 "supporter", "opponent",
                                                                                 "neutral", NULL};
  for (int i = 0; i < 4; i++) {
    char code[8] = {'K', (char)('1' + i), 0};
    int64_t id = fake_row(f, CONTACT, code);
    fake_set(f, CONTACT, id, "account", val_row(ACCOUNT, c[i < 2 ? 0 : i - 1]));
    fake_set(f, CONTACT, id, "decision_role", fake_str(role[i]));
    if (mood[i]) fake_set(f, CONTACT, id, "attitude", fake_str(mood[i]));
    fake_set(f, CONTACT, id, "active", val_bool(i != 1));
    if (i != 2) fake_set(f, CONTACT, id, "met", val_date(day_of(2026, 1 + 3 * i, 15)));
    fake_set(f, CONTACT, id, "name", fake_str("王建国"));
  }
  for (int i = 0; i < 3; i++) {
    char code[8] = {'V', (char)('1' + i), 0};
    int64_t id = fake_row(f, VISIT, code);
    fake_set(f, VISIT, id, "account", val_row(ACCOUNT, c[i / 2]));
    fake_set(f, VISIT, id, "staff", val_row(STAFF, i == 1 ? zhou : li));
    fake_set(f, VISIT, id, "day", val_date(day_of(2026, 8 + i, 20)));
    fake_set(f, VISIT, id, "status", fake_str(i == 2 ? "planned" : "done"));
  }
  int64_t soft = fake_row(f, PRODUCT, "P1"), hard = fake_row(f, PRODUCT, "P2");
  fake_set(f, PRODUCT, soft, "line", fake_str("软件"));
  fake_set(f, PRODUCT, hard, "line", fake_str("硬件"));
  for (int i = 0; i < 2; i++) {
    char code[8] = {'Q', (char)('1' + i), 0};
    int64_t q = fake_row(f, QUOTE, code);
    fake_set(f, QUOTE, q, "account", val_row(ACCOUNT, c[i]));
    fake_set(f, QUOTE, q, "requested_on", val_date(day_of(2026, 10, 5 + i)));
    fake_set(f, QUOTE, q, "requester", val_row(STAFF, i ? zhou : li));
    if (i == 0) fake_set(f, QUOTE, q, "verdict", fake_str("grant"));
    for (int k = 0; k < 2; k++) {
      int64_t line = fake_row(f, LINE, k ? "b" : "a");
      fake_set(f, LINE, line, "quote", val_row(QUOTE, q));
      fake_set(f, LINE, line, "product", val_row(PRODUCT, i && k ? hard : soft));
      fake_set(f, LINE, line, "qty", val_int(2 + k));
      fake_set(f, LINE, line, "price", val_dec(1000 * (i + 1), -2));
      if (!(i == 1 && k == 1)) fake_set(f, LINE, line, "unit_cost", val_dec(800, -2));
    }
  }
  int64_t open = fake_row(f, COMPLAINT, "B1");
  fake_set(f, COMPLAINT, open, "account", val_row(ACCOUNT, c[0]));
  fake_set(f, COMPLAINT, open, "opened", val_date(day_of(2026, 10, 12)));
  fake_set(f, COMPLAINT, open, "status", fake_str("open"));
  f->segment[f->nsegment++] = c[1];
  return f;
}

/* --- asking --------------------------------------------------------------- */

static inline Src fake_src(const char *text, const char *file) {
  return (Src){.text = str_of(text), .file = file, .line = 1, .col = 1};
}

static inline void fake_show(Val v, Buf *out) {
  if (v.t == V_NULL) buf_puts(out, "null");
  else if (v.t == V_NEVER) buf_puts(out, "never");
  else if (v.t == V_ROW) buf_printf(out, "#%lld", (long long)v.u.i);
  else if (v.t == V_LIST) {
    buf_char(out, '[');
    for (uint32_t i = 0; i < v.n; i++) {
      if (i) buf_char(out, ' ');
      fake_show(v.u.v[i], out);
    }
    buf_char(out, ']');
  } else if (val_is_num(v)) { /* six decimals will do */
    Arena a = {0};
    num_print(num_norm(num_round(v, 6, NUM_HALF_UP, &a)), out);
    arena_free(&a);
  } else {
    FmtEnv env = {.currency_sign = "¥", .minor = 2, .null = "null"};
    fmt_val(v, UNIT_NONE, (Fmt){FMT_PLAIN, -1}, &env, out);
  }
}

/* "what · todo" of an error, which is freed. */
static inline void fake_error(Err *e, Buf *out) {
  if (e->file && e->line) buf_printf(out, "%s:%d:%d: ", e->file, e->line, e->col);
  else if (e->file) buf_printf(out, "%s: ", e->file);
  buf_puts(out, e->what ? e->what : "(no error)");
  for (const char *p = e->todo; p && *p; p++) {
    if (p == e->todo || p[-1] == '\n') buf_puts(out, " · ");
    if (*p != '\n') buf_char(out, *p);
  }
  err_free(e);
}

/* The values of a rule for all rows of an entity, "a | b | c", or its error. */
static inline char *fake_ask(Fake *f, Rules *r, const char *entity, const char *text, ExprWant want) {
  Err e = {0};
  Buf b = {0};
  Expr *x = rules_expr(r, entity, fake_src(text, NULL), want, NULL, 0, &e);
  if (x) {
    Eval *ev = eval_new(r, day_of(2026, 11, 1));
    FakeEntity *ent = &f->entity[fake_cb_entity(f, str_of(entity))];
    Val *v = mem_zalloc(ent->n + 1, sizeof *v);
    if (eval_expr(ev, x, ent->id, ent->n, v, &e))
      for (size_t i = 0; i < ent->n; i++) {
        if (i) buf_puts(&b, " | ");
        fake_show(v[i], &b);
      }
    mem_free(v);
    eval_free(ev);
  }
  if (e.kind) fake_error(&e, &b);
  return buf_take(&b);
}
#endif
