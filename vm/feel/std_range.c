/* Built-in functions of ranges and points: Allen's relations (DMN 1.5, 10.3.4.9). */
#include "feel/std.h"

typedef struct End { /* of a range; open: without limit. A point is both of its ends */
  Val v;
  bool in, open;
  int side; /* -1 the start, 1 the end */
} End;

static End end_of(Val v, int side) {
  if (v.t != V_RANGE) return (End){v, true, false, side};
  Val e = v.u.v[side > 0];
  return (End){e, v.e & (side > 0 ? VAL_RANGE_HIGH_IN : VAL_RANGE_LOW_IN), e.t == V_NULL, side};
}
static End start(Val v) { return end_of(v, -1); }
static End finish(Val v) { return end_of(v, 1); }

/* Whether a question about two of them could not be answered. */
typedef struct Pair {
  bool unknown;
} Pair;

static int order(Pair *p, End x, End y) {
  int o = 0;
  if (x.open && y.open) return (x.side > y.side) - (x.side < y.side);
  if (x.open) return x.side;
  if (y.open) return -y.side;
  if (!standard_compare(x.v, y.v, &o)) p->unknown = true;
  return o;
}

static bool below(Pair *p, End x, End y) { return order(p, x, y) < 0; }
static bool meet(Pair *p, End x, End y) { return order(p, x, y) == 0; }

/* Does range or point a end before b starts? */
static bool before(Pair *p, Val a, Val b) {
  End x = finish(a), y = start(b);
  return below(p, x, y) || (meet(p, x, y) && !(x.in && y.in));
}

static bool touches(Pair *p, Val a, Val b) { /* a's end is b's start */
  return meet(p, finish(a), start(b)) && finish(a).in && start(b).in;
}

static bool reaches(Pair *p, Val a, Val b) { return below(p, start(b), finish(a)) || touches(p, a, b); }

static bool starts_earlier(Pair *p, Val a, Val b) {
  End x = start(a), y = start(b);
  return below(p, x, y) || (meet(p, x, y) && x.in && !y.in);
}

static bool starts_no_later(Pair *p, Val a, Val b) {
  End x = start(a), y = start(b);
  return below(p, x, y) || (meet(p, x, y) && (x.in || !y.in));
}

static bool ends_no_later(Pair *p, Val a, Val b) {
  End x = finish(a), y = finish(b);
  return below(p, x, y) || (meet(p, x, y) && (!x.in || y.in));
}

static bool same(Pair *p, End x, End y) { return meet(p, x, y) && x.in == y.in; }
static bool same_start(Pair *p, Val a, Val b) { return same(p, start(a), start(b)); }
static bool same_end(Pair *p, Val a, Val b) { return same(p, finish(a), finish(b)); }

static bool overlaps(Pair *p, Val a, Val b) { return reaches(p, a, b) && reaches(p, b, a); }

static bool overlaps_before(Pair *p, Val a, Val b) {
  return starts_earlier(p, a, b) && reaches(p, a, b) && ends_no_later(p, a, b);
}

static bool includes(Pair *p, Val a, Val b) { return starts_no_later(p, a, b) && ends_no_later(p, b, a); }

static bool starts(Pair *p, Val a, Val b) { return same_start(p, a, b) && ends_no_later(p, a, b); }
static bool finishes(Pair *p, Val a, Val b) { return same_end(p, a, b) && starts_no_later(p, b, a); }
static bool coincides(Pair *p, Val a, Val b) { return same_start(p, a, b) && same_end(p, a, b); }

typedef bool (*Relation)(Pair *p, Val a, Val b);

static Val related(Standard *s, Relation relation, Val a, Val b) {
  Pair p = {false};
  bool holds = relation(&p, a, b);
  return p.unknown ? standard_null(s, "their ends do not compare") : val_bool(holds);
}

#define RELATION(name, relation, first, second)                                                          \
  static Val name(Standard *s, const StdFunc *f, const Val *arg, size_t n) {                             \
    (void)f, (void)n;                                                                                    \
    return related(s, relation, arg[first], arg[second]);                                                \
  }
RELATION(is_before, before, 0, 1)
RELATION(is_after, before, 1, 0)
RELATION(meets, touches, 0, 1)
RELATION(met_by, touches, 1, 0)
RELATION(do_overlap, overlaps, 0, 1)
RELATION(do_overlap_before, overlaps_before, 0, 1)
RELATION(do_overlap_after, overlaps_before, 1, 0)
RELATION(do_finish, finishes, 0, 1)
RELATION(finished_by, finishes, 1, 0)
RELATION(do_include, includes, 0, 1)
RELATION(during, includes, 1, 0)
RELATION(do_start, starts, 0, 1)
RELATION(started_by, starts, 1, 0)
RELATION(do_coincide, coincides, 0, 1)

/* --- range("[1..5)") */

static bool literal(const Node *x) { /* a constant, or a date, time or duration of one */
  static const char *const makers[] = {"date", "time", "date and time", "duration"};
  if (x->kind == N_LIT) return true;
  if (x->kind == N_NEG) return literal(x->kid[0]);
  if (x->kind != N_CALL || x->op != CALL_NAME) return false;
  bool known = false;
  for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) known = known || str_is(x->name, makers[i]);
  for (uint32_t i = 0; i < x->nkid; i++)
    if (!literal(x->kid[i])) return false;
  return known;
}

/* ".." outside of quotes; s.n: there is none. */
static size_t dots(Str s) {
  bool quoted = false;
  for (size_t i = 0; i + 1 < s.n; i++) {
    if (s.p[i] == '\\' && quoted) i++;
    else if (s.p[i] == '"') quoted = !quoted;
    else if (!quoted && s.p[i] == '.' && s.p[i + 1] == '.') return i;
  }
  return s.n;
}

/* `null` is no end, and so none that belongs to the range. */
static Str written_end(Str text) {
  if (str_is(text, "null")) text.n = 0;
  return text;
}

static bool endpoint(Standard *s, Str text, Val *out) {
  Err e = {0};
  Src src = {.text = text, .what = "the text of a range"};
  Node *x = standard_parse(&src, NULL, 0, s->arena, &e);
  err_free(&e);
  if (!x || !literal(x)) return false;
  *out = standard_eval(s, x, NULL);
  return out->t != V_NULL;
}

static Val range(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  (void)f, (void)n;
  Str t = str_trim(val_str(arg[0]));
  const char *why = "the text is no range: [1..5], (1..5), [1..)";
  if (t.n < 4) return standard_null(s, "%s", why);
  char open = t.p[0], close = t.p[t.n - 1];
  bool low_in = open == '[', high_in = close == ']';
  if (!(low_in || open == '(' || open == ']') || !(high_in || close == ')' || close == '['))
    return standard_null(s, "%s", why);
  Str inside = str_sub(t, 1, t.n - 1);
  size_t at = dots(inside);
  Str low = written_end(str_trim(str_sub(inside, 0, at))), high = written_end(str_trim(str_sub(inside, at + 2, inside.n)));
  Val *end = arena_zalloc(s->arena, 2, sizeof *end);
  bool ok = at < inside.n && (low.n || high.n) && (low.n || !low_in) && (high.n || !high_in);
  ok = ok && (!low.n || endpoint(s, low, &end[0])) && (!high.n || endpoint(s, high, &end[1]));
  int o = 0;
  if (ok && low.n && high.n) ok = standard_compare(end[0], end[1], &o) && o <= 0;
  if (!ok) return standard_null(s, "%s", why);
  int bits = (low_in ? VAL_RANGE_LOW_IN : 0) | (high_in ? VAL_RANGE_HIGH_IN : 0);
  return (Val){.t = V_RANGE, .e = (int8_t)bits, .u.v = end};
}

const Builtin std_range_table[] = {
    {"range", "sfrom", range, "A range from its text."},
    {"before", "qpoint1,qpoint2", is_before, "Does the first end before the second starts?"},
    {"before", "qpoint,rrange", is_before, "Does the first end before the second starts?"},
    {"before", "rrange,qpoint", is_before, "Does the first end before the second starts?"},
    {"before", "rrange1,rrange2", is_before, "Does the first end before the second starts?"},
    {"after", "qpoint1,qpoint2", is_after, "Does the first start after the second ends?"},
    {"after", "qpoint,rrange", is_after, "Does the first start after the second ends?"},
    {"after", "rrange,qpoint", is_after, "Does the first start after the second ends?"},
    {"after", "rrange1,rrange2", is_after, "Does the first start after the second ends?"},
    {"meets", "rrange1,rrange2", meets, "Is the first's end the second's start?"},
    {"met by", "rrange1,rrange2", met_by, "Is the first's start the second's end?"},
    {"overlaps", "rrange1,rrange2", do_overlap, "Do they share a point?"},
    {"overlaps before", "rrange1,rrange2", do_overlap_before,
     "Do they, the first starting and ending earlier?"},
    {"overlaps after", "rrange1,rrange2", do_overlap_after, "Do they, the first starting and ending later?"},
    {"finishes", "qpoint,rrange", do_finish, "Do both end together, the first starting later?"},
    {"finishes", "rrange1,rrange2", do_finish, "Do both end together, the first starting later?"},
    {"finished by", "rrange,qpoint", finished_by, "Do both end together, the second starting later?"},
    {"finished by", "rrange1,rrange2", finished_by, "Do both end together, the second starting later?"},
    {"includes", "rrange,qpoint", do_include, "Does the first hold all of the second?"},
    {"includes", "rrange1,rrange2", do_include, "Does the first hold all of the second?"},
    {"during", "qpoint,rrange", during, "Does the second hold all of the first?"},
    {"during", "rrange1,rrange2", during, "Does the second hold all of the first?"},
    {"starts", "qpoint,rrange", do_start, "Do both start together, the first ending earlier?"},
    {"starts", "rrange1,rrange2", do_start, "Do both start together, the first ending earlier?"},
    {"started by", "rrange,qpoint", started_by, "Do both start together, the second ending earlier?"},
    {"started by", "rrange1,rrange2", started_by, "Do both start together, the second ending earlier?"},
    {"coincides", "qpoint1,qpoint2", do_coincide, "Are they the same points?"},
    {"coincides", "rrange1,rrange2", do_coincide, "Are they the same points?"},
};
const size_t std_range_n = sizeof std_range_table / sizeof *std_range_table;
