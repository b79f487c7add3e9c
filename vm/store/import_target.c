#include "store/import_target.h"

#include "base/lang.h"
#include "base/num.h"
#include "store/import_cell.h"
#include "store/orders.h"

#include <string.h>
#include <strings.h>

#define PRINT(a, ...) str_of(arena_say((a), __VA_ARGS__))

static Str shown(Str s, Arena *a) {
  enum { MOST = 60 };
  if (s.n <= MOST) return s;
  size_t n = MOST;
  while (n && ((unsigned char)s.p[n] & 0xC0) == 0x80) n--;
  return PRINT(a, "%.*s…", (int)n, s.p);
}

/* Refuses one kind of value: all such rows are one group. */
static bool refuse(const Target *t, Str value, Refusal *why, Arena *a, const char *reason, const char *hint) {
  why->value = shown(value, a);
  why->reason = str_of(_(reason));
  why->group = PRINT(a, "%s %s", t->name, _(reason));
  why->hint = str_of(_(hint));
  return false;
}

static bool set_day(const Target *t, Day d, Val *out) {
  *out = t->day_number ? val_int(orders_day(d)) : val_date(d);
  return true;
}

static Str as_text(Val v, Arena *a) {
  if (v.t == V_TEXT) return val_str(v);
  Buf b = {0};
  if (v.t == V_DATE) day_print((Day)v.u.i, &b);
  else if (v.t == V_BOOL) buf_puts(&b, v.u.i ? "true" : "false");
  else if (val_is_num(v)) num_print(v, &b);
  else buf_puts(&b, "…");
  Str s = {arena_strndup(a, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  return s;
}

/* `text` is the cell as it stands; NULL when the value came from a rule. */
static bool money(const Target *t, Val v, const Str *text, Arena *a, Val *out, Refusal *why) {
  int64_t minor;
  bool inexact = false;
  if (!num_minor(v, t->minor, &minor, t->round ? &inexact : NULL)) {
    if (!num_minor(v, t->minor, &minor, &inexact))
      return refuse(t, text ? *text : as_text(v, a), why, a, N_("is too large an amount"),
                    N_("is it two figures run together, or another column? --map says which column is meant"));
    const char *reason = t->minor ? arena_say(a, "has more than %d decimals", t->minor) : "has decimals";
    const char *hint = arena_say(
        a, "pareto init --minor %d makes a database that keeps them; --round rounds half away from zero",
        t->minor < 4 ? t->minor + 1 : 4);
    return refuse(t, text ? *text : as_text(v, a), why, a, reason, hint);
  }
  *out = t->history ? val_dec(minor, -t->minor) : val_int(minor);
  return true;
}

static bool number(const Target *t, Val v, const Str *text, Arena *a, Val *out, Refusal *why) {
  int64_t whole;
  switch (t->type) {
    case COL_MONEY: return money(t, v, text, a, out, why);
    case COL_INT:
      if (!num_int(v, &whole))
        return refuse(t, text ? *text : as_text(v, a), why, a, N_("is no whole number"),
                      arena_say(a, "mend the file, or round it in --map \"%s = round(COLUMN, 0)\"", t->name));
      *out = val_int(whole);
      return true;
    default: *out = num_norm(v); return true;
  }
}

/* --- references and sets ---------------------------------------------------- */

static bool reference(const Target *t, Str key, Arena *a, Val *out, Refusal *why) {
  int64_t id = refs_find(t->refs, key);
  if (id) {
    *out = val_int(id);
    return true;
  }
  if (t->refs->create) {
    *out = val_text((Str){arena_strndup(a, key.p, key.n), key.n});
    out->flags = TARGET_MAKE;
    return true;
  }
  const char *ent = t->refs->ent->name;
  Str near = refs_nearest(t->refs, key);
  why->value = shown(key, a);
  why->reason = PRINT(a, "is no %s that is known", ent);
  why->group = PRINT(a, "%s '%.*s' is not known", t->name, STR_ARG(why->value));
  why->hint = near.n ? PRINT(a, "did you mean %.*s? --alias \"%s: %.*s = %.*s\"", STR_ARG(near), t->name,
                             STR_ARG(why->value), STR_ARG(near))
                     : PRINT(a, "import it first, or make what is missing with --create %s", ent);
  return false;
}

static bool member(const Target *t, Str text, Arena *a, Val *out, Refusal *why) {
  const Domain *d = t->domain;
  for (int fold = 0; fold < 2; fold++)
    for (size_t i = 0; i < d->n; i++) {
      Str v = d->value[i];
      if (v.n != text.n || (fold ? strncasecmp(v.p, text.p, v.n) : memcmp(v.p, text.p, v.n)) != 0) continue;
      *out = val_text(v);
      return true;
    }
  Buf list = {0};
  for (size_t i = 0; i < d->n; i++) buf_printf(&list, "%s%.*s", i ? ", " : "", STR_ARG(d->value[i]));
  why->value = shown(text, a);
  why->reason = PRINT(a, "is not one of %s", list.p ? list.p : "");
  why->group = PRINT(a, "%s '%.*s' is not one of %s", t->name, STR_ARG(why->value), list.p ? list.p : "");
  why->hint = PRINT(a, "say what it means: --alias \"%s: %.*s = …\"", t->name, STR_ARG(why->value));
  buf_free(&list);
  return false;
}

static bool plain_text(const Target *t, Str text, Arena *a, Val *out, Refusal *why) {
  if (t->domain) return member(t, text, a, out, why);
  *out = val_text(text);
  return true;
}

/* --- cells -------------------------------------------------------------------- */

static bool date(const Target *t, Str cell, Arena *a, Val *out, Refusal *why) {
  Day day;
  unsigned dates = t->dates ? t->dates : DATES_YMD;
  if (t->dates_unsure)
    return refuse(t, cell, why, a, N_("could be m/d/y or d/m/y"),
                  N_("say which it is: --dates m/d/y or --dates d/m/y"));
  CellDate what = cell_date(cell, dates, &day);
  if (what == CELL_DAY) return set_day(t, day, out);
  if (what == CELL_UNREAL) {
    Buf b = {0};
    cell_date_unreal(cell, dates, &b);
    refuse(t, cell, why, a, arena_say(a, "is no date: there is no %s", b.p ? b.p : _("such day")),
           N_("mend the day in the file, or import the other rows alone with --max-errors"));
    why->group = PRINT(a, "%s is no date of the calendar", t->name);
    buf_free(&b);
    return false;
  }
  bool timed;
  unsigned other = cell_date_orders(cell, &timed);
  const char *reason = arena_say(a, "is no date (%s)", cell_dates_name(dates));
  const char *hint = N_("how the file writes dates is said with --dates, as in --dates m/d/y");
  if (other && !(other & dates))
    hint = arena_say(a, "does the file write them so? --dates %s", cell_dates_name(other & -other));
  return refuse(t, cell, why, a, reason, hint);
}

/* What people write for a number that is none, each with what to do about it. */
static bool no_number(const Target *t, Str cell, Refusal *why, Arena *a) {
  static const struct {
    const char *unit, *figure;
  } units[] = {{"万", "10,000"}, {"亿", "100,000,000"}, {"千", "1,000"}, {"k", "1,000"}, {"K", "1,000"}};
  Val v;
  char other = t->decimal == ',' ? '.' : ',';
  if (cell_number(cell, other, a, &v))
    return refuse(t, cell, why, a, N_("is no number"),
                  other == ',' ? N_("is the comma a decimal sign? --decimal ,")
                               : N_("is the point a decimal sign? leave --decimal out"));
  bool brackets = cell.n > 2 && cell.p[0] == '(' && cell.p[cell.n - 1] == ')';
  if (brackets && cell_number(str_sub(cell, 1, cell.n - 1), t->decimal, a, &v))
    return refuse(t, cell, why, a, N_("is a negative in brackets, no number"),
                  arena_say(a, "write a minus in the file: -%.*s", (int)cell.n - 2, cell.p + 1));
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    size_t n = strlen(units[i].unit);
    if (cell.n <= n || memcmp(cell.p + cell.n - n, units[i].unit, n) != 0) continue;
    if (cell_number(str_trim(str_sub(cell, 0, cell.n - n)), t->decimal, a, &v))
      return refuse(t, cell, why, a, arena_say(a, "is counted in %s, no plain number", units[i].unit),
                    arena_say(a, "write the figure out in the file: %s is × %s", units[i].unit, units[i].figure));
  }
  return refuse(t, cell, why, a, N_("is no number"),
                arena_say(a, "mend the file; what stands for \"not known\" is said so: --alias \"%s: %.*s = \"",
                          t->name, STR_ARG(shown(cell, a))));
}

static Str aliased(const Target *t, Str cell) {
  for (size_t i = 0; i < t->nalias; i++)
    if (str_eq(t->alias[i].from, cell)) return t->alias[i].to;
  return cell;
}

bool target_text(const Target *t, Str cell, Arena *a, Val *out, Refusal *why) {
  Val v;
  bool yes;
  if (t->nalias) cell = aliased(t, cell);
  *out = val_null();
  if (!cell.n) return true;
  switch (t->type) {
    case COL_TEXT: return plain_text(t, cell, a, out, why);
    case COL_REF: return reference(t, cell, a, out, why);
    case COL_DATE: return date(t, cell, a, out, why);
    case COL_BOOL:
      if (!cell_bool(cell, &yes)) return refuse(t, cell, why, a, N_("is neither yes nor no"),
                                                  N_("yes, no, true, false, 1, 0, 是 or 否 are read"));
      *out = t->history ? val_bool(yes) : val_int(yes);
      return true;
    case COL_INT:
    case COL_NUM:
    case COL_MONEY:
    case COL_PERCENT:
    case COL_DAYS: break;
  }
  if (cell_number(cell, t->decimal, a, &v)) return number(t, v, &cell, a, out, why);
  return no_number(t, cell, why, a);
}

/* --- values of rules ------------------------------------------------------------ */

bool target_value(const Target *t, Val v, Arena *a, Val *out, Refusal *why) {
  *out = val_null();
  if (v.t == V_NULL) return true;
  switch (t->type) {
    case COL_DATE:
      if (v.t == V_DATE) return set_day(t, (Day)v.u.i, out);
      break;
    case COL_BOOL:
      if (v.t == V_BOOL) {
        *out = t->history ? v : val_int(v.u.i);
        return true;
      }
      break;
    case COL_INT:
    case COL_NUM:
    case COL_MONEY:
    case COL_PERCENT:
    case COL_DAYS:
      if (v.t == V_NUM && t->type == COL_MONEY && v.e == -t->minor && !t->history) {
        *out = val_int(v.u.i);
        return true;
      }
      if (val_is_num(v)) return number(t, v, NULL, a, out, why);
      break;
    case COL_TEXT:
    case COL_REF: break;
  }
  bool fits = v.t == V_TEXT || ((t->type == COL_TEXT || t->type == COL_REF) &&
                                (val_is_num(v) || v.t == V_DATE || v.t == V_BOOL));
  if (fits) return target_text(t, as_text(v, a), a, out, why);
  const char *wants;
  target_accepts(t, T_NULL, &wants);
  return refuse(t, as_text(v, a), why, a, arena_say(a, "is not %s", _(wants)), NULL);
}

bool target_accepts(const Target *t, TypeKind kind, const char **wants) {
  static const char *const name[] = {N_("text"),   N_("a whole number"), N_("a number"), N_("money"), N_("a share"),
                                     N_("a date"), N_("true or false"),  N_("a key"),    N_("days")};
  *wants = name[t->type];
  if (kind == T_ANY || kind == T_NULL || kind == T_TEXT) return kind != T_NULL || !t->required;
  switch (t->type) {
    case COL_TEXT:
    case COL_REF: return kind == T_NUM || kind == T_DATE || kind == T_BOOL;
    case COL_DATE: return kind == T_DATE;
    case COL_BOOL: return kind == T_BOOL || kind == T_NUM;
    case COL_INT:
    case COL_NUM:
    case COL_MONEY:
    case COL_PERCENT:
    case COL_DAYS: break;
  }
  return kind == T_NUM;
}
