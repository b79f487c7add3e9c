#include "feel/score.h"

#include "base/lang.h"
#include "base/num.h"
#include "base/stop.h"

#include <string.h>

enum { SCORE_DIGITS = 12 }; /* of the result: so it stays an exact decimal that columns and files hold */

/* What of a driver counts: all, a part (held to 0..1), or null. */
static Val part_of(Val v) {
  if (v.t == V_BOOL) return val_int(v.u.i ? 1 : 0);
  if (!val_is_num(v)) return val_null();
  if (num_cmp(v, val_int(0)) < 0) return val_int(0);
  return num_cmp(v, val_int(1)) > 0 ? val_int(1) : v;
}

typedef struct Sum {
  Val earned, known; /* points */
  Val value;
  ptrdiff_t cap;     /* the cap that holds it down, -1 = none */
} Sum;

/* A score from its inputs, the drivers' parts and the caps' conditions, as if `without` were no driver of it. */
static Sum add_up_without(const Score *s, size_t without, const Val *in, Arena *a) {
  Sum sum = {.earned = val_int(0), .known = val_int(0), .cap = -1};
  Val total = without < s->ndriver ? num_sub(s->total, s->driver[without].points, a) : s->total;
  for (size_t k = 0; k < s->ndriver; k++) {
    Val part = part_of(in[k]);
    if (part.t == V_NULL || k == without) continue;
    sum.known = num_add(sum.known, s->driver[k].points, a);
    sum.earned = num_add(sum.earned, num_mul(s->driver[k].points, part, a), a);
  }
  bool any = num_cmp(sum.known, val_int(0)) > 0;
  bool enough = s->least.t == V_NULL || num_cmp(sum.known, num_mul(s->least, total, a)) >= 0;
  if (!any || !enough) return sum;
  Val exact = num_div(num_mul(sum.earned, s->out_of, a), sum.known, a);
  sum.value = num_norm(num_round(exact, SCORE_DIGITS, NUM_HALF_UP, a));
  for (size_t k = 0; k < s->ncap; k++) {
    Val holds = in[s->ndriver + k];
    if (holds.t != V_BOOL || !holds.u.i || num_cmp(s->cap[k].most, sum.value) >= 0) continue;
    sum.value = s->cap[k].most;
    sum.cap = (ptrdiff_t)k;
  }
  return sum;
}

static Sum add_up(const Score *s, const Val *in, Arena *a) { return add_up_without(s, s->ndriver, in, a); }

Val score_without(const Score *s, size_t driver, const Val *in, Arena *a) {
  return add_up_without(s, driver, in, a).value;
}

/* The columns of the drivers' parts and the caps, evaluated on f. */
static bool columns(Frame *f, const Table *t, const Vec **out) {
  size_t n = score_tested(t->score);
  Vec *v = arena_alloc(f->arena, (n + 1) * sizeof *v);
  for (size_t k = 0; k < n; k++)
    if (!frame_eval(f, t->in[k].op, &v[k])) return false;
  *out = v;
  return true;
}

static void case_at(const Table *t, const Vec *col, size_t i, Val *in) {
  for (size_t k = 0; k < score_tested(t->score); k++) in[k] = vec_at(col[k], i);
}

bool score_frame(Frame *f, const Table *t, int32_t *row, Val *out) {
  const Vec *col;
  if (!columns(f, t, &col)) return false;
  Val *in = arena_alloc(f->arena, (score_tested(t->score) + 1) * sizeof *in);
  for (size_t i = 0; i < f->n; i++) {
    case_at(t, col, i, in);
    out[i] = add_up(t->score, in, f->arena).value;
    row[i] = out[i].t == V_NULL ? ROW_NULL : 1;
    if (i % 4096 == 0 && !stop_check(f->ev->e)) return false;
  }
  return true;
}

bool score_sentences(Frame *f, const Table *t, Val *in) {
  const Score *s = t->score;
  size_t nin = t->info.nin;
  uint32_t *sel = arena_alloc(f->arena, (f->n + 1) * sizeof *sel);
  for (size_t k = 0; k < s->ndriver; k++) {
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
      Val part = part_of(in[i * nin + k]);
      if (part.t != V_NULL && num_cmp(part, val_int(0)) > 0) sel[n++] = (uint32_t)i;
    }
    if (!n || !s->driver[k].say.text.n) continue;
    Vec v;
    Frame *some = n == f->n ? f : frame_subset(f, f->arena, sel, n);
    if (!frame_eval(some, t->in[score_said(s, k)].op, &v)) return false;
    for (size_t i = 0; i < n; i++) in[sel[i] * nin + score_said(s, k)] = val_copy(vec_at(v, i), &f->ev->keep);
  }
  return true;
}

/* --- parts of a score ------------------------------------------------------ */

/* The inputs of the rows of f, one row after the other. Those of a score that is no field are kept. */
static bool inputs(Frame *f, const Table *t, const Val **out) {
  size_t n = score_tested(t->score);
  Val *in = arena_alloc(f->arena, (f->n * n + 1) * sizeof *in);
  *out = in;
  if (t->out[0].field || t->out[0].host_field || !f->id) { /* deciding it in passing would hide what is on record */
    const Vec *col;
    if (!columns(f, t, &col)) return false;
    for (size_t i = 0; i < f->n; i++) case_at(t, col, i, in + i * n);
    return true;
  }
  Decided *d;
  if (!decide_lacking(f, t, &d)) return false;
  const uint32_t *ord = frame_ordinals(f);
  for (size_t i = 0; i < f->n; i++) memcpy(in + i * n, d->in + ord[i] * t->info.nin, n * sizeof *in);
  return true;
}

static Val known_share(const Score *s, const Val *in, Arena *a) {
  return num_div(add_up(s, in, a).known, s->total, a);
}

static Val parts_list(const Score *s, const Val *in, Arena *a) {
  Val *v = arena_alloc(a, (s->ndriver + 1) * sizeof *v);
  for (size_t k = 0; k < s->ndriver; k++) v[k] = part_of(in[k]);
  return val_list(v, s->ndriver);
}

typedef struct Earned {
  size_t driver;
  Val points;
} Earned;

/* Drivers that earned points, the most first, then as they stand. Returns how many, at most `most` (0 = all). */
static size_t heaviest(const Score *s, const Val *in, size_t most, Earned *list, Arena *a) {
  size_t n = 0;
  for (size_t k = 0; k < s->ndriver; k++) {
    Val part = part_of(in[k]);
    Val points = part.t == V_NULL ? part : num_mul(s->driver[k].points, part, a);
    if (points.t == V_NULL || num_cmp(points, val_int(0)) <= 0) continue;
    size_t at = n++;
    for (; at > 0 && num_cmp(list[at - 1].points, points) < 0; at--) list[at] = list[at - 1];
    list[at] = (Earned){k, points};
  }
  return most && n > most ? most : n;
}

static bool nothing_known(const Score *s, const Val *in) {
  for (size_t k = 0; k < s->ndriver; k++)
    if (part_of(in[k]).t != V_NULL) return false;
  return true;
}

static Val top_names(const Score *s, const Val *in, const Op *op, Earned *list, Arena *a) {
  if (nothing_known(s, in)) return val_null();
  size_t n = heaviest(s, in, (size_t)op->num, list, a);
  Val *v = arena_alloc(a, (n + 1) * sizeof *v);
  for (size_t i = 0; i < n; i++) v[i] = val_text(s->driver[list[i].driver].name);
  return val_list(v, n);
}

/* "silence 25, slide 18"; told, with their sentences: `say` has one column a driver. */
static Val top_text(const Score *s, const Val *in, const Op *op, const Vec *say, size_t row, Earned *list, Arena *a,
                    Buf *b) {
  if (nothing_known(s, in)) return val_null();
  size_t n = heaviest(s, in, (size_t)op->num, list, a);
  buf_clear(b);
  for (size_t i = 0; i < n; i++) {
    buf_printf(b, "%s%.*s ", i ? (say ? "; " : ", ") : "", STR_ARG(s->driver[list[i].driver].name));
    num_fixed(list[i].points, 0, false, b);
    Val told = say ? vec_at(say[list[i].driver], row) : val_null();
    if (told.t == V_TEXT) buf_printf(b, ": %.*s", STR_ARG(str_trim(val_str(told))));
  }
  return val_text((Str){arena_strndup(a, b->p ? b->p : "", b->n), b->n});
}

static bool sentence_columns(Frame *f, const Table *t, const Vec **out) {
  const Score *s = t->score;
  Vec *v = arena_alloc(f->arena, (s->ndriver + 1) * sizeof *v);
  for (size_t k = 0; k < s->ndriver; k++)
    if (!frame_eval(f, t->in[score_said(s, k)].op, &v[k])) return false;
  *out = v;
  return true;
}

bool wide_score(Frame *f, const Op *op, Vec *out) {
  const Table *t = op->ref;
  const Score *s = t->score;
  *out = vec_null();
  if (f->blind || !f->n) return true;
  const Val *in;
  const Vec *say = NULL;
  if (!inputs(f, t, &in) || (op->code == SCORE_TOLD && !sentence_columns(f, t, &say))) return false;
  Earned *list = arena_alloc(f->arena, (s->ndriver + 1) * sizeof *list);
  Val *v = column_new(f, f->n);
  Buf b = {0};
  for (size_t i = 0; i < f->n; i++, in += score_tested(s)) {
    switch ((ScoreAspect)op->code) {
      case SCORE_KNOWN: v[i] = known_share(s, in, f->arena); break;
      case SCORE_PARTS: v[i] = parts_list(s, in, f->arena); break;
      case SCORE_TOP: v[i] = top_names(s, in, op, list, f->arena); break;
      default: v[i] = top_text(s, in, op, say, i, list, f->arena, &b);
    }
  }
  buf_free(&b);
  *out = (Vec){v, 1};
  return true;
}

/* --- in words --------------------------------------------------------------- */

static void put_points(Val v, Buf *out) {
  Arena a = {0};
  num_print(num_norm(num_round(v, 1, NUM_HALF_UP, &a)), out);
  arena_free(&a);
}

static void say_driver(const Score *s, size_t k, const Val *in, int width, Buf *out) {
  const Driver *d = &s->driver[k];
  Val part = part_of(in[k]), say = in[score_said(s, k)];
  Arena a = {0};
  Buf earned = {0};
  if (part.t == V_NULL) buf_puts(&earned, "–");
  else put_points(num_mul(d->points, part, &a), &earned);
  buf_printf(out, "  %.*s", STR_ARG(d->name));
  buf_fill(out, ' ', (size_t)(width - utf8_width(d->name) + 1));
  int wide = utf8_width(buf_view(&earned));
  buf_fill(out, ' ', wide < 5 ? (size_t)(5 - wide) : 0);
  buf_say(out, "%s of ", earned.p);
  num_print(d->points, out);
  if (part.t == V_NULL) buf_say(out, "   not known");
  else if (say.t == V_TEXT) buf_printf(out, "   %.*s", STR_ARG(str_trim(val_str(say))));
  buf_char(out, '\n');
  buf_free(&earned);
  arena_free(&a);
}

void score_why(Eval *ev, const Table *t, const Val *in, Buf *out) {
  const Score *s = t->score;
  Arena a = {0};
  Sum sum = add_up(s, in, &a);
  FmtEnv env = eval_fmt(ev, _("unknown"));
  int width = 0;
  for (size_t k = 0; k < s->ndriver; k++)
    if (utf8_width(s->driver[k].name) > width) width = utf8_width(s->driver[k].name);
  buf_printf(out, "  %.*s ", STR_ARG(t->info.name));
  fmt_val(sum.value, t->out[0].type.unit, FMT_NONE, &env, out);
  buf_puts(out, ": ");
  put_points(sum.earned, out);
  buf_say(out, " of ");
  put_points(sum.known, out);
  buf_say(out, " points known");
  if (num_cmp(sum.known, s->total) < 0) {
    buf_say(out, ", of ");
    put_points(s->total, out);
    buf_say(out, " in all (");
    fmt_val(num_div(sum.known, s->total, &a), UNIT_PERCENT, FMT_NONE, &env, out);
    buf_char(out, ')');
  }
  if (sum.value.t == V_NULL && s->least.t != V_NULL) {
    buf_say(out, "; under ");
    fmt_val(s->least, UNIT_PERCENT, FMT_NONE, &env, out);
    buf_say(out, " there is no score");
  }
  buf_char(out, '\n');
  for (size_t k = 0; k < s->ndriver; k++) say_driver(s, k, in, width, out);
  if (sum.cap >= 0) {
    buf_say(out, "  capped at ");
    fmt_val(s->cap[sum.cap].most, t->out[0].type.unit, FMT_NONE, &env, out);
    buf_printf(out, ": %.*s\n", STR_ARG(str_trim(s->cap[sum.cap].cond.text)));
  }
  arena_free(&a);
}
