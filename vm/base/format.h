/* Showing a value to a person: the formats after ':' in columns and templates.
 *
 *   format   in a sentence     in a cell     heading
 *   %        16.2 %            16.2 %
 *   +%       +16.2 %           +16.2 %
 *   万 亿    286.1万           286.1         , 万    divided by 1e4 / 1e8, one decimal
 *   ¥        ¥ 8,620,114.00    8,620,114.00  , ¥     the currency's sign and minor digits
 *   d        47 d              47            , d     whole days
 *   pts      58 pts            58            , pts   whole
 *   .1 .2    3.5               3.5                   the unit's own form with so many decimals
 *   bars     ▃▆█               ▃▆█                   a list of parts, 0..1, one bar each
 *   date     2026-11-01        2026-11-01
 *
 * A decimals suffix may follow each (%.2, 万.0, ¥.0). One rule for decimals of % and of plain
 * numbers with a unit: one decimal unless the value is whole; a table gives all cells of a column
 * what the neediest has (fmt_decimals). Rounding is half away from zero; thousands are grouped.
 *
 * Without a format the unit decides: ¥ as :¥, % as :%, days as :d, points with that one decimal,
 * 0..1 with two. Without a unit, the plain form: numbers with at most 6 decimals (under 0.001 four
 * digits), grouped in cells and not in sentences (a template may fill a field); durations as the
 * language writes them (90d, 12m, 8h 45min); true, false; lists joined by ", "; "never".
 * null shows as FmtEnv.null: "–" (en dash) in tables, "?" in sentences. */
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
#define FMT_NONE ((Fmt){FMT_AUTO, -1})

typedef struct FmtEnv {     /* what formatting has to know of the database */
  const char *currency_sign;/* "¥" */
  int minor;                /* digits of the currency's minor unit */
  const char *null;         /* how null is shown */
  bool cell;                /* in a table: unit and scale stand in the heading */
  FmtKind money;            /* of amounts without a format: FMT_WAN, FMT_YI; FMT_AUTO = in full */
  /* or NULL: shows values that only a higher floor knows (windows, rows, functions) */
  void (*other)(void *ctx, Val v, Buf *out);
  void *ctx;
} FmtEnv;

const char *unit_name(Unit u);             /* "¥", "%", "d", "pts", "0..1", "" */
bool unit_parse(Str s, Unit *out);
bool fmt_parse(Str s, Fmt *out);           /* the text after ':'; false when it is no format */
const char *fmt_name(Fmt f);               /* the format without decimals: "万", "%"… or "" */
/* What a heading has to say because the cells do not: "万", "亿", "¥", "d", "pts" or "". */
const char *fmt_heading(Unit unit, Fmt f, const FmtEnv *env);
/* Decimals that v needs under f when f leaves them open: 0 or 1; -1 when v is not shown so. */
int fmt_decimals(Val v, Unit unit, Fmt f);
/* Appends v as text. Never fails: a format that does not fit the type falls back to plain. */
void fmt_val(Val v, Unit unit, Fmt f, const FmtEnv *env, Buf *out);
/* As data (csv, json): exact, no grouping, no unit; percent stays a fraction; dates and times
 * ISO 8601; a duration of whole days as the number of days, others ISO 8601; null is nothing. */
void fmt_data(Val v, Buf *out);
/* One of ▁▂▃▄▅▆▇█ for a part 0..1 (clipped). */
void fmt_level(double part, Buf *out);
bool fmt_right(Val v, Unit unit, Fmt f);   /* right-aligned in a table? */
#endif
