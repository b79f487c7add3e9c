#include "lua/card.h"

#include "base/lang.h"

#include "lua/figures.h"
#include "lua/rule.h"
#include "lua/show.h"
#include "lua/value.h"
#include "store/catalog.h"

#include <stdio.h>
#include <string.h>

enum { MONTHS = 12, LABEL = 14 };

bool card_has(int entity) { return entity == catalog_entity(STR("account"))->number; }

/* One rule of one row; null when the names it takes are not there. */
typedef struct Told {
  Val val;
  Unit unit;
} Told;

static Told told(lua_State *L, int entity, int64_t id, const char *rule) {
  Engine *h = engine(L);
  Err none = {0};
  Told t = {.val = val_null()};
  const char *of = rules_entity(h->rules) == entity ? NULL : rule_entity_name(entity);
  Expr *x = rules_expr(h->rules, of, (Src){.text = str_of(rule), .line = 1, .col = 1}, WANT_ANY, NULL, 0, &none);
  if (x && eval_expr(h->ev, x, &id, 1, &t.val, &none)) t.unit = expr_type(x).unit;
  else t.val = val_null();
  err_free(&none);
  if (t.val.t == V_ROW) t.val = set_key(L, (int)t.val.n, t.val.u.i);
  return t;
}

static bool say(lua_State *L, int entity, int64_t id, const char *before, const char *rule, const char *format, Buf *out) {
  Told t = told(L, entity, id, rule);
  if (t.val.t == V_NULL) return false;
  Fmt f = FMT_NONE;
  FmtEnv env = store_host(engine(L)->store)->fmt;
  if (format) fmt_parse(str_of(format), &f);
  buf_puts(out, before);
  fmt_val(t.val, t.unit, f, &env, out);
  return true;
}

static void label(Str name, Buf *out) {
  int wide = utf8_width(name);
  buf_puts(out, "  ");
  buf_str(out, name);
  buf_fill(out, ' ', wide < LABEL ? (size_t)(LABEL - wide) : 1);
}

/* C0042 华东仪表   A · active · 上海 · owner 李敏 */
static void head(lua_State *L, int entity, int64_t id, Buf *out) {
  static const char *const FIELD[] = {"tier", "status", "industry", "region", "kind"};
  say(L, entity, id, "", "code", NULL, out);
  say(L, entity, id, " ", "name", NULL, out);
  const char *part = "   ";
  for (size_t i = 0; i < sizeof FIELD / sizeof *FIELD; i++)
    if (say(L, entity, id, part, FIELD[i], NULL, out)) part = " · ";
  Buf owner = {0};
  buf_say(&owner, "%sowner ", part);
  say(L, entity, id, owner.p, "owner.name", NULL, out);
  buf_free(&owner);
  buf_char(out, '\n');
}

/* The sums of a measure in each of the last whole months, oldest first. */
static bool course(lua_State *L, int entity, int64_t id, const HostField *f, Val *sum) {
  Engine *h = engine(L);
  const FeelHost *host = store_host(h->store);
  Day edge[MONTHS + 1];
  int last = day_month(eval_asof(h->ev));
  for (int k = 0; k <= MONTHS; k++) edge[k] = month_start(last - MONTHS + k);
  Err none = {0};
  bool ok = host->steps && host->steps(host->ctx, entity, f, AGG_SUM, edge, MONTHS, &id, 1, engine_arena(L), sum, &none);
  err_free(&none);
  return ok;
}

static void month_name(int month, Buf *out) { buf_printf(out, "%04d-%02d", month / 12, month % 12 + 1); }

static void revenue(lua_State *L, int entity, int64_t id, Buf *out) {
  const FeelHost *host = store_host(engine(L)->store);
  const HostField *f = host->field(host->ctx, entity, STR("revenue"));
  Val sum[MONTHS];
  Buf line = {0};
  if (!f || f->kind != HOST_MEASURE || !say(L, entity, id, "", "sum(revenue, 12m)", NULL, &line)) {
    buf_free(&line);
    return;
  }
  label(STR("revenue_12m"), out);
  buf_str(out, buf_view(&line));
  buf_free(&line);
  say(L, entity, id, "   yoy ", "yoy(sum(revenue, 12m))", "+%", out);
  if (course(L, entity, id, f, sum)) {
    int last = day_month(eval_asof(engine(L)->ev));
    buf_puts(out, "   ");
    ui_spark(sum, MONTHS, out);
    buf_puts(out, "  ");
    month_name(last - MONTHS, out);
    buf_puts(out, " … ");
    month_name(last - 1, out);
  }
  buf_char(out, '\n');
  Buf margin = {0};
  if (say(L, entity, id, "", "sum(profit, 12m) / sum(revenue, 12m)", "%", &margin)) {
    label(STR("margin_12m"), out);
    buf_str(out, buf_view(&margin));
    buf_char(out, '\n');
  }
  buf_free(&margin);
}

/* Figures that playbooks published, and those of the rulebooks at hand; two to a line. */
static void metrics(lua_State *L, int entity, int64_t id, Buf *out) {
  static const char *const SHOWN[] = {"churn_risk", "at_risk", "coverage", "relation", "rfm", "kind"};
  const FeelHost *host = store_host(engine(L)->store);
  const HostField *const *list;
  size_t n = host->fields(host->ctx, entity, &list), shown = 0;
  for (size_t i = 0; i < n + sizeof SHOWN / sizeof *SHOWN; i++) {
    bool known = i >= sizeof SHOWN / sizeof *SHOWN;
    const HostField *f = known ? list[i - sizeof SHOWN / sizeof *SHOWN] : NULL;
    char name[80];
    Str called = known ? f->name : str_of(SHOWN[i]);
    snprintf(name, sizeof name, "%.*s", STR_ARG(called));
    if (known && (!f->published || f->name.n >= sizeof name)) continue;
    for (size_t k = 0; known && k < sizeof SHOWN / sizeof *SHOWN; k++)
      if (str_is(f->name, SHOWN[k])) name[0] = 0;
    Buf value = {0};
    if (name[0] && say(L, entity, id, "", name, NULL, &value)) {
      label(str_of(name), out);
      buf_str(out, buf_view(&value));
      int wide = utf8_width(buf_view(&value));
      if (++shown % 2) buf_fill(out, ' ', wide < 20 ? (size_t)(20 - wide) : 1);
      else buf_char(out, '\n');
    }
    buf_free(&value);
  }
  if (shown % 2) buf_char(out, '\n');
}

/* Fields of playbooks, with what they were before. */
static void decided(lua_State *L, int entity, int64_t id, Buf *out) {
  const FeelHost *host = store_host(engine(L)->store);
  const CatEntity *ent = catalog_at((size_t)entity - 1);
  const HostField *const *list;
  size_t n = host->fields(host->ctx, entity, &list);
  for (size_t i = 0; i < n; i++) {
    const HostField *f = list[i];
    if (f->kind != HOST_FIELD || !f->history || f->personal || f->published || catalog_column(ent, f->name)) continue;
    Arena *a = engine_arena(L);
    const char *name = arena_strndup(a, f->name.p, f->name.n);
    Buf value = {0};
    if (say(L, entity, id, "", name, NULL, &value)) {
      label(f->name, out);
      buf_str(out, buf_view(&value));
      Told now = told(L, entity, id, name), was = told(L, entity, id, arena_printf(a, "ago(%s, 1m)", name));
      if (was.val.t != V_NULL && val_order(was.val, now.val) != 0)
        say(L, entity, id, _("  (a month ago "), arena_printf(a, "ago(%s, 1m)", name), NULL, out), buf_char(out, ')');
      buf_char(out, '\n');
    }
    buf_free(&value);
  }
}

static void related(lua_State *L, int entity, int64_t id, Buf *out) {
  static const struct {
    const char *before, *rule;
  } PART[] = {
    {N_("contacts "), "count(contacts)"},
    {N_("open complaints "), "count(complaints[status = 'open'])"},
    {N_("open quotes "), "count(quotes[status in ('requested', 'judged')])"},
    {N_("orders "), "count(orders)"},
    {N_("last order "), "last_day(orders)"},
    {N_("last visit "), "last_day(visits[status = 'done'])"},
  };
  size_t shown = 0;
  for (size_t i = 0; i < sizeof PART / sizeof *PART; i++) {
    Told t = told(L, entity, id, PART[i].rule);
    if (t.val.t == V_NULL || (t.val.t == V_NUM && t.val.u.i == 0)) continue;
    buf_puts(out, shown++ ? " · " : "  ");
    say(L, entity, id, _(PART[i].before), PART[i].rule, NULL, out);
  }
  if (shown) buf_char(out, '\n');
}

void card_text(lua_State *L, int entity, int64_t id, Buf *out) {
  luaL_checkstack(L, 200, NULL);
  head(L, entity, id, out);
  revenue(L, entity, id, out);
  metrics(L, entity, id, out);
  decided(L, entity, id, out);
  related(L, entity, id, out);
}

/* --- row:history "churn_risk" ----------------------------------------------------------- */

/* A measure by the sums of its months, anything else as it stood at the end of each. */
static int history(lua_State *L) {
  Engine *h = engine(L);
  Row *r = row_check(L, 1);
  Src src = engine_src(L, 2);
  const FeelHost *host = store_host(h->store);
  const HostField *field = host->field(host->ctx, r->entity, src.text);
  int last = day_month(eval_asof(h->ev));
  Figures *f = figures_new(L, 2, MONTHS);
  int figures = lua_gettop(L);
  Val sum[MONTHS];
  bool measure = field && field->kind == HOST_MEASURE;
  Expr *now = rule_expr(L, r->entity, measure ? (Src){.text = STR("sum(revenue, 1m)"), .line = 1, .col = 1} : src, WANT_ANY, 0);
  Type type = expr_type(now);
  if (measure) type.unit = field->type.unit;
  if (measure && !course(L, r->entity, r->id, field, sum)) return engine_fail(L, "%.*s has no months", STR_ARG(src.text));
  for (int k = 0; !measure && k < MONTHS; k++) {
    Day end = month_start(last - MONTHS + 1 + k);
    Buf *rule = engine_buf(L);
    buf_printf(rule, "ago(%.*s, ", STR_ARG(src.text));
    buf_printf(rule, "%dd)", (int)(eval_asof(h->ev) - end));
    Src past = {.text = buf_view(rule), .line = 1, .col = 1};
    Expr *x = end == eval_asof(h->ev) ? now : rule_expr(L, r->entity, past, WANT_ANY, 0);
    sum[k] = rule_eval(L, x, &r->id, 1)[0];
  }
  static const char *const MONTH = "month";
  f->col[0] = (UiColumn){str_of(MONTH), UNIT_NONE, FMT_NONE};
  f->text[0] = f->col[0].title;
  f->type[0] = (Type){.kind = T_TEXT};
  f->col[1] = (UiColumn){(Str){arena_strndup(&f->arena, src.text.p, src.text.n), src.text.n}, type.unit, FMT_NONE};
  f->text[1] = f->col[1].title;
  f->type[1] = type;
  f->nkey = 1;
  Buf *b = engine_buf(L);
  for (int k = 0; k < MONTHS; k++) {
    buf_clear(b);
    month_name(last - MONTHS + k, b);
    f->cell[2 * k] = val_copy(val_text(buf_view(b)), &f->arena);
    f->cell[2 * k + 1] = val_copy(sum[k], &f->arena);
  }
  buf_clear(b);
  buf_printf(b, "%.*s  ", STR_ARG(src.text));
  month_name(last - MONTHS, b);
  buf_puts(b, " … ");
  month_name(last - 1, b);
  buf_puts(b, "   ");
  ui_spark(sum, MONTHS, b);
  f->foot = (Str){arena_strndup(&f->arena, b->p, b->n), b->n};
  lua_settop(L, figures);
  return 1;
}

/* Every field that is known, where the card shows the weightiest. */
static int fields(lua_State *L) {
  row_check(L, 1);
  show_fields(L, 1);
  return 0;
}

void card_open(lua_State *L) {
  static const luaL_Reg VERB[] = {{"history", history}, {"fields", fields}, {NULL, NULL}};
  row_methods(L);
  luaL_setfuncs(L, VERB, 0);
  lua_pop(L, 1);
}
