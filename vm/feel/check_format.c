#include "feel/check.h"

/* Which formats say something true of a value: ¥ 5万 is no share, and text has no 万. */

#define BIT(k) (1u << (k))
enum { ALWAYS = BIT(FMT_AUTO) | BIT(FMT_PLAIN) };

static unsigned of_number(Unit u) {
  static const unsigned fits[] = {
      [UNIT_NONE] = BIT(FMT_PERCENT) | BIT(FMT_SIGNED_PERCENT) | BIT(FMT_WAN) | BIT(FMT_YI) | BIT(FMT_MONEY) |
                    BIT(FMT_DAYS) | BIT(FMT_POINTS),
      [UNIT_MONEY] = BIT(FMT_WAN) | BIT(FMT_YI) | BIT(FMT_MONEY),
      [UNIT_PERCENT] = BIT(FMT_PERCENT) | BIT(FMT_SIGNED_PERCENT),
      [UNIT_DAYS] = BIT(FMT_DAYS),
      [UNIT_POINTS] = BIT(FMT_POINTS),
      [UNIT_PART] = BIT(FMT_PERCENT) | BIT(FMT_SIGNED_PERCENT),
  };
  return fits[u] | BIT(FMT_DECIMALS);
}

static unsigned of_type(Type t) {
  switch (t.kind) {
    case T_ANY: case T_NULL: return ~0u;
    case T_NUM: return of_number(t.unit);
    case T_SECS: return BIT(FMT_DAYS);
    case T_DATE: case T_DATETIME: return BIT(FMT_DATE);
    case T_LIST: {
      Type of = type_element(t);
      return of_type(of) | (of.kind == T_NUM ? BIT(FMT_BARS) : 0);
    }
    default: return 0;
  }
}

static void say_formats(unsigned fits, Buf *out) {
  for (unsigned k = FMT_AUTO; k <= FMT_DATE; k++) {
    const char *name = k == FMT_DECIMALS ? ".1" : fmt_name((Fmt){(FmtKind)k, -1});
    if (k != FMT_PLAIN && (fits & BIT(k)) && *name) buf_printf(out, "%s%s", out->n ? "  " : "", name);
  }
}

bool format_fits(Check *c, const Src *src, size_t at, size_t len, Str what, Type t, Fmt f) {
  unsigned fits = of_type(t);
  if ((ALWAYS | fits) & BIT(f.kind)) return true;
  Buf is = {0}, b = {0};
  type_say(c->r->host, t, &is);
  src_err(c->e, src, at, len, "%.*s is %.*s: the format %.*s is not for it", STR_ARG(what), (int)is.n, is.p,
          (int)len, src->text.p + at);
  say_formats(fits, &b);
  if (b.n) err_todo(c->e, "formats that fit: %s", b.p);
  else err_todo(c->e, "leave the format out");
  buf_free(&is);
  buf_free(&b);
  return false;
}
