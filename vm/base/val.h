/* One value of a rule, a cell, a column. 16 bytes, passed by value.
 *
 * Ownership: a Val owns nothing. Text, lists and big numbers point into an
 * arena or a column that outlives it.
 *
 * Numbers are decimals: V_NUM is u.i × 10^e exactly, with e in -18..18; V_BIG is
 * a decimal128 for what does not fit; V_REAL is a binary double and comes only
 * out of statistics. Money is a number with e = -(minor digits), so minor units
 * stay integers. Units (¥ % d pts) are the checker's business, not the Val's. */
#ifndef BASE_VAL_H
#define BASE_VAL_H
#include "base/date.h"
#include "base/mem.h"
#include "base/str.h"

typedef enum ValType {
  V_NULL = 0, /* unknown. A zeroed Val is null */
  V_BOOL,     /* u.i */
  V_NUM,      /* u.i × 10^e */
  V_BIG,      /* u.p -> ValBig in an arena */
  V_REAL,     /* u.d, never NaN or infinite (those become null) */
  V_TEXT,     /* u.s, n bytes, UTF-8, not NUL-terminated */
  V_DATE,     /* u.i days since 1970-01-01 */
  V_TIME,     /* u.p -> ValClock: time of day */
  V_DATETIME, /* u.p -> ValClock */
  V_SECS,     /* days-and-time duration: u.i seconds × 10^e (e <= 0) */
  V_MONTHS,   /* years-and-months duration: u.i months */
  V_NEVER,    /* the length of "it never happened": longer than any duration */
  V_WINDOW,   /* a calendar window: u.i = window code (feel/window.h) */
  V_LIST,     /* u.v -> n values */
  V_RANGE,    /* u.v -> 2 values (low, high; null = open end), e = VAL_RANGE_* bits */
  V_CONTEXT,  /* u.p -> ValContext */
  V_FUNC,     /* u.p, owned by the evaluator */
  V_ROW       /* one row of an entity: u.i = row id, n = entity number */
} ValType;

/* ONE and OTHER: both ends are what stands behind = and !=; no other range equals such. */
enum { VAL_RANGE_LOW_IN = 1, VAL_RANGE_HIGH_IN = 2, VAL_RANGE_ONE = 4, VAL_RANGE_OTHER = 8 };

typedef struct Val {
  uint8_t t; /* ValType */
  int8_t e;
  uint16_t flags; /* the evaluator's own */
  uint32_t n;
  union {
    int64_t i;
    double d;
    const char *s;
    const void *p;
    const struct Val *v;
  } u;
} Val;
_Static_assert(sizeof(Val) == 16, "a value is two words");

typedef struct ValBig {
  uint64_t w[2]; /* BID128, little end first */
} ValBig;

typedef struct ValEntry {
  Str key;
  Val val;
} ValEntry;
typedef struct ValContext {
  size_t n;
  ValEntry *entry; /* in order of definition */
} ValContext;

typedef struct ValClock { /* a time of day, or a date with one */
  int64_t days;         /* since 1970-01-01; V_DATETIME only */
  int64_t nanos;        /* since midnight, local */
  int32_t offset;       /* seconds east of UTC; VAL_NO_ZONE when none is given */
  Str zone;             /* IANA name or empty */
} ValClock;
#define VAL_NO_ZONE INT32_MIN

static inline Val val_null(void) { return (Val){0}; }
static inline Val val_bool(bool b) { return (Val){.t = V_BOOL, .u.i = b}; }
static inline Val val_int(int64_t i) { return (Val){.t = V_NUM, .u.i = i}; }
static inline Val val_dec(int64_t m, int e) { return (Val){.t = V_NUM, .e = (int8_t)e, .u.i = m}; }
static inline Val val_text(Str s) { return (Val){.t = V_TEXT, .n = (uint32_t)s.n, .u.s = s.p}; }
static inline Val val_date(Day d) { return (Val){.t = V_DATE, .u.i = d}; }
static inline Val val_days(int64_t d) { return (Val){.t = V_SECS, .u.i = d * 86400}; }
static inline Val val_months(int64_t m) { return (Val){.t = V_MONTHS, .u.i = m}; }
static inline Val val_never(void) { return (Val){.t = V_NEVER}; }
static inline Val val_list(const Val *v, size_t n) { return (Val){.t = V_LIST, .n = (uint32_t)n, .u.v = v}; }
static inline Val val_row(uint32_t entity, int64_t id) { return (Val){.t = V_ROW, .n = entity, .u.i = id}; }
Val val_real(double d); /* null when not finite */

static inline bool val_is_num(Val v) { return v.t == V_NUM || v.t == V_BIG || v.t == V_REAL; }
static inline Str val_str(Val v) { return (Str){v.u.s, v.n}; }

/* A copy whose pointers all point into `a`. */
Val val_copy_deep(Val v, Arena *a);
static inline Val val_copy(Val v, Arena *a) {
  return v.t == V_NULL || v.t == V_NUM || v.t == V_BOOL || v.t == V_REAL ? v : val_copy_deep(v, a);
}

/* Total order for sorting and grouping, never null-propagating: null last, then by
 * type (numbers among themselves by value), text by bytes. <0, 0, >0. */
int val_order(Val a, Val b);
uint64_t val_hash(Val v); /* equal under val_order == 0 means equal hash */
#endif
