/* Boxes in words. */
#include "feel/boxes.h"

#include "base/lang.h"
#include "base/num.h"

static bool holds(const Space *s, Box b, size_t col, size_t part) {
  uint32_t g = s->group[col][part];
  return b.w[s->at[col] + g / 64] >> (g % 64) & 1;
}

static Str title(const Space *s, size_t col) { return str_trim(s->t->in[col].src.text); }

static void value(const Space *s, size_t col, Val v, Buf *out) {
  Unit unit = s->t->in[col].type.unit;
  FmtEnv env = eval_fmt(s->ev, _("unknown"));
  if (v.t == V_LIST) {
    for (uint32_t i = 0; i < v.n; i++) {
      if (i) buf_puts(out, ", ");
      value(s, col, v.u.v[i], out);
    }
    return;
  }
  if (v.t == V_SECS && v.e == 0 && v.u.i % 86400 == 0) {
    v = val_int(v.u.i / 86400);
    unit = UNIT_DAYS;
  }
  int decimals = -1; /* as exact as it is: 15.25 % is not 15.3 % */
  if (unit == UNIT_PERCENT && v.t == V_NUM) {
    Val norm = num_norm(v);
    if (norm.e < -3) decimals = -norm.e - 2;
  }
  fmt_val(v, unit, (Fmt){FMT_AUTO, decimals}, &env, out);
}

static bool ordered(const Part *p) { return p->kind == PART_POINT || p->kind == PART_BETWEEN || p->kind == PART_NEVER; }

/* Parts from..to of an ordered column, which lie one beside the other. */
static void run(const Space *s, size_t col, const Part *from, const Part *to, bool low_end, bool high_end, Buf *out) {
  bool point_low = from->kind == PART_POINT, point_high = to->kind == PART_POINT;
  if (from == to && point_low) {
    buf_puts(out, "= ");
    value(s, col, from->low, out);
  } else if (from->kind == PART_NEVER) {
    buf_puts(out, "= never");
  } else if (low_end) {
    buf_puts(out, point_high ? "<= " : "< ");
    value(s, col, to->high, out);
  } else if (high_end) {
    buf_puts(out, point_low ? ">= " : "> ");
    value(s, col, from->low, out);
  } else {
    buf_printf(out, "in %c", point_low ? '[' : '(');
    value(s, col, from->low, out);
    buf_puts(out, "..");
    if (to->kind == PART_NEVER) buf_puts(out, "never");
    else value(s, col, to->high, out);
    buf_char(out, point_high ? ']' : ')');
  }
}

static void say_runs(const Space *s, Box b, size_t col, Buf *out) {
  const Parts *p = &s->parts[col];
  size_t n = p->n, said = 0;
  while (n && !ordered(&p->part[n - 1])) n--;
  for (size_t i = 0; i < n;) {
    size_t end = i;
    while (end < n && holds(s, b, col, end)) end++;
    if (end == i) {
      i++;
      continue;
    }
    buf_say(out, said++ ? " or " : "");
    run(s, col, &p->part[i], &p->part[end - 1], i == 0, end == n, out);
    i = end;
  }
}

static void say_values(const Space *s, Box b, size_t col, Buf *out) {
  const Parts *p = &s->parts[col];
  size_t in = 0, named = 0;
  bool other = false;
  for (size_t i = 0; i < p->n; i++) {
    bool held = holds(s, b, col, i);
    if (p->part[i].kind == PART_OTHER) other = held;
    else if (p->part[i].kind != PART_NULL) named++, in += held;
  }
  bool inverse = other || (named > 3 && in * 2 > named);
  buf_say(out, inverse ? "other than " : "= ");
  size_t said = 0;
  for (size_t i = 0; i < p->n; i++) {
    const Part *x = &p->part[i];
    if (x->kind == PART_NULL || x->kind == PART_OTHER || holds(s, b, col, i) == inverse) continue;
    if (said == 8) {
      buf_puts(out, ", …");
      break;
    }
    if (said++) buf_say(out, x->kind == PART_LIST ? "; " : inverse ? ", " : N_(" or "));
    value(s, col, x->example, out);
  }
}

/* Is the column limited at all, the unknown left aside? */
static bool limited(const Space *s, Box b, size_t col) {
  for (size_t i = 0; i < s->parts[col].n; i++)
    if (s->parts[col].part[i].kind != PART_NULL && !holds(s, b, col, i)) return true;
  return false;
}

static bool only_null(const Space *s, Box b, size_t col) {
  for (size_t i = 0; i < s->parts[col].n; i++)
    if (s->parts[col].part[i].kind != PART_NULL && holds(s, b, col, i)) return false;
  return true;
}

void box_say(const Space *s, Box b, Buf *out) {
  size_t said = 0;
  for (size_t k = 0; k < s->ncol; k++) {
    if (!limited(s, b, k)) continue;
    buf_printf(out, "%s%.*s ", said++ ? ", " : "", STR_ARG(title(s, k)));
    if (only_null(s, b, k)) {
      buf_say(out, "unknown");
      continue;
    }
    Buf one = {0};
    if (ordered(&s->parts[k].part[0])) say_runs(s, b, k, &one);
    else say_values(s, b, k, &one);
    buf_str(out, buf_view(&one));
    buf_free(&one);
    if (box_has_null(s, b, k)) buf_say(out, " or unknown");
  }
}

void box_example(const Space *s, Box b, Val *out) {
  for (size_t k = 0; k < s->ncol; k++) {
    out[k] = s->speaks[k] < k ? out[s->speaks[k]] : val_null();
    for (size_t i = 0; i < s->parts[k].n && s->speaks[k] == k; i++)
      if (holds(s, b, k, i)) {
        out[k] = s->parts[k].part[i].example;
        break;
      }
  }
}

void box_say_case(const Space *s, const Val *in, Buf *out) {
  for (size_t k = 0; k < s->ncol; k++) {
    if (s->speaks[k] != k) continue;
    buf_printf(out, "%s%.*s ", k ? ", " : "", STR_ARG(title(s, k)));
    value(s, k, in[k], out);
  }
}
