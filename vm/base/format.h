/* Showing a value to a person: the formats after ':' in columns and templates.
 *
 *   %      0.162 -> 16 %   (in tables "16.2 %" with one decimal when < 100 rows' need: see decimals)
 *   +%     signed percent       万 亿   divided by 1e4 / 1e8, grouped, one decimal
 *   ¥      money with the currency's sign, grouped, the currency's minor digits
 *   d      whole days: "47"    .1 .2   so many decimals        pts   points, whole
 *   bars   a list of parts as small bars    date   ISO date
 * Without a format: by the unit the checker found, else the plain shortest form.
 * null shows as "–" (en dash) in tables and "?" in sentences (`null` below). */
#ifndef BASE_FORMAT_H
#define BASE_FORMAT_H
#include "base/val.h"

typedef enum FmtKind {
  FMT_AUTO, FMT_PLAIN, FMT_PERCENT, FMT_SIGNED_PERCENT, FMT_WAN, FMT_YI, FMT_MONEY, FMT_DAYS,
  FMT_DECIMALS, FMT_POINTS, FMT_BARS, FMT_DATE
} FmtKind;

typedef enum Unit { /* units of numbers, as the rule language has them */
  UNIT_NONE = 0,  /* a plain number, or not known */
  UNIT_MONEY,     /* ¥ */
  UNIT_PERCENT,   /* % */
  UNIT_DAYS,      /* d */
  UNIT_POINTS,    /* pts */
  UNIT_PART       /* 0..1 */
} Unit;

typedef struct Fmt {
  FmtKind kind;
  int decimals;     /* -1 = the kind's own default */
} Fmt;

typedef struct FmtEnv {     /* what formatting has to know of the database */
  const char *currency_sign;/* "¥" */
  int minor;                /* digits of the currency's minor unit */
  const char *null;         /* how null is shown */
} FmtEnv;

const char *unit_name(Unit u);             /* "¥", "%", "d", "pts", "0..1", "" */
bool unit_parse(Str s, Unit *out);
bool fmt_parse(Str s, Fmt *out);           /* the text after ':'; false when it is no format */
const char *fmt_name(Fmt f);               /* heading suffix: "万", "%"… or "" */
/* Appends v as text. Never fails: a format that does not fit the type falls back to plain. */
void fmt_val(Val v, Unit unit, Fmt f, const FmtEnv *env, Buf *out);
/* As data (csv, json): no grouping, no unit; percent stays a fraction; dates ISO. */
void fmt_data(Val v, Buf *out);
bool fmt_right(Val v, Unit unit, Fmt f);   /* right-aligned in a table? */
#endif
