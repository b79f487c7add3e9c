/* Pieces into steps, and the steps over a text: the first way that fits, alternatives kept on a stack. */
#include "feel/regex_inside.h"

#include "base/lang.h"

#include <string.h>

enum { STEPS_MOST = 100000 };

/* --- compiling */

static size_t emit(Regex *r, Step step, Arena *a) {
  if (r->n == r->cap) {
    size_t cap = r->cap ? r->cap * 2 : 32;
    Step *to = arena_alloc(a, cap * sizeof *to);
    if (r->n) memcpy(to, r->step, r->n * sizeof *to);
    r->step = to, r->cap = cap;
  }
  r->step[r->n] = step;
  return r->n++;
}

static bool compile(Regex *r, const Piece *p, Arena *a);

static bool alternative(Regex *r, const Piece *p, Arena *a) {
  size_t split = emit(r, (Step){.kind = DO_SPLIT}, a);
  r->step[split].to = r->n;
  if (!compile(r, p->a, a)) return false;
  size_t jump = emit(r, (Step){.kind = DO_JUMP}, a);
  r->step[split].other = r->n;
  if (!compile(r, p->b, a)) return false;
  r->step[jump].to = r->n;
  return true;
}

static void choose(Regex *r, size_t split, size_t in, size_t out, bool reluctant) {
  r->step[split].to = reluctant ? out : in;
  r->step[split].other = reluctant ? in : out;
}

/* Any number: a round that took nothing is the last. */
static bool loop(Regex *r, const Piece *p, Arena *a) {
  uint32_t slot = (uint32_t)r->nslot++;
  size_t split = emit(r, (Step){.kind = DO_SPLIT}, a), in = r->n;
  emit(r, (Step){.kind = DO_MARK, .c = slot}, a);
  if (!compile(r, p->a, a)) return false;
  emit(r, (Step){.kind = DO_MOVED, .c = slot}, a);
  emit(r, (Step){.kind = DO_JUMP, .to = split}, a);
  choose(r, split, in, r->n, p->reluctant);
  return true;
}

static bool repeat(Regex *r, const Piece *p, Arena *a) {
  for (int i = 0; i < p->least; i++)
    if (!compile(r, p->a, a)) return false;
  if (p->most < 0) return loop(r, p, a);
  size_t first = 0, before = 0; /* the splits to the end are threaded through `other` until that is known */
  for (int i = p->least; i < p->most; i++) {
    size_t split = emit(r, (Step){.kind = DO_SPLIT, .other = before}, a);
    before = split;
    if (first == 0) first = split + 1;
    if (!compile(r, p->a, a)) return false;
  }
  while (first) {
    size_t next = r->step[before].other;
    bool last = before + 1 == first;
    choose(r, before, before + 1, r->n, p->reluctant);
    if (last) break;
    before = next;
  }
  return true;
}

static bool compile(Regex *r, const Piece *p, Arena *a) {
  if (++r->work > STEPS_MOST || r->n > STEPS_MOST) {
    r->why = N_("the pattern is too large");
    return false;
  }
  switch (p->kind) {
  case RX_EMPTY: return true;
  case RX_CHAR: emit(r, (Step){.kind = DO_CHAR, .c = r->caseless ? regex_fold(p->c) : p->c}, a); return true;
  case RX_ANY: emit(r, (Step){.kind = DO_ANY}, a); return true;
  case RX_SET: emit(r, (Step){.kind = DO_SET, .set = p->set}, a); return true;
  case RX_CAT: return compile(r, p->a, a) && compile(r, p->b, a);
  case RX_ALT: return alternative(r, p, a);
  case RX_REPEAT: return repeat(r, p, a);
  case RX_BEGIN: emit(r, (Step){.kind = DO_BEGIN}, a); return true;
  case RX_END: emit(r, (Step){.kind = DO_END}, a); return true;
  case RX_BACK: emit(r, (Step){.kind = DO_BACK, .c = p->c}, a); return true;
  case RX_GROUP:
    if (p->c) emit(r, (Step){.kind = DO_SAVE, .c = 2 * p->c}, a);
    if (!compile(r, p->a, a)) return false;
    if (p->c) emit(r, (Step){.kind = DO_SAVE, .c = 2 * p->c + 1}, a);
    return true;
  }
  return false;
}

bool regex_compile(Regex *r, const Piece *p, Arena *a) {
  r->nslot = 2 * (r->ngroup + 1);
  if (!compile(r, p, a)) return false;
  emit(r, (Step){.kind = DO_MATCH}, a);
  return true;
}

/* --- running */

typedef struct Undo { /* a choice to come back to, or (pc == SIZE_MAX) a slot's value before */
  size_t pc, at, slot;
} Undo;

typedef struct Run {
  const Regex *r;
  Str text;
  size_t *slot;
  Undo *stack;
  size_t n, cap;
  uint64_t *steps;
} Run;

static void push(Run *m, size_t pc, size_t at, size_t slot) {
  mem_grow(m->stack, m->cap, m->n + 1);
  m->stack[m->n++] = (Undo){pc, at, slot};
}

static void set_slot(Run *m, size_t slot, size_t at) {
  push(m, SIZE_MAX, m->slot[slot], slot);
  m->slot[slot] = at;
}

static bool line_end(uint32_t c) { return c == '\n' || c == '\r'; }

static bool begins(const Run *m, size_t at) {
  return at == 0 || (m->r->lines && at < m->text.n && m->text.p[at - 1] == '\n');
}

static bool ends(const Run *m, size_t at) {
  return at == m->text.n || (m->r->lines && m->text.p[at] == '\n');
}

/* What a group took, once more. */
static bool again(const Run *m, uint32_t group, size_t *at) {
  size_t from = m->slot[2 * group], to = m->slot[2 * group + 1];
  if (from == SIZE_MAX || to == SIZE_MAX) return true;
  while (from < to) {
    if (*at >= m->text.n) return false;
    uint32_t a = utf8_next(m->text, &from), b = utf8_next(m->text, at);
    if (a != b && !(m->r->caseless && regex_fold(a) == regex_fold(b))) return false;
  }
  return true;
}

/* A step that takes one character, if it is the right one. */
static bool eats(const Run *m, const Step *step, size_t *at) {
  if (*at >= m->text.n) return false;
  uint32_t c = utf8_next(m->text, at);
  switch (step->kind) {
  case DO_CHAR: return (m->r->caseless ? regex_fold(c) : c) == step->c;
  case DO_SET: return set_has(step->set, c, m->r->caseless);
  default: return m->r->dot_all || !line_end(c);
  }
}

static bool fits(Run *m, const Step *step, size_t *at) {
  switch (step->kind) {
  case DO_BEGIN: return begins(m, *at);
  case DO_END: return ends(m, *at);
  case DO_BACK: return again(m, step->c, at);
  case DO_SAVE:
  case DO_MARK: set_slot(m, step->c, *at); return true;
  case DO_MOVED: return m->slot[step->c] != *at;
  default: return eats(m, step, at);
  }
}

/* Back to the last choice; false: there is none left. */
static bool back(Run *m, size_t *pc, size_t *at) {
  while (m->n) {
    Undo u = m->stack[--m->n];
    if (u.pc != SIZE_MAX) {
      *pc = u.pc, *at = u.at;
      return true;
    }
    m->slot[u.slot] = u.at;
  }
  return false;
}

static RegexFound match_at(Run *m, size_t from) {
  size_t pc = 0, at = from;
  for (size_t i = 0; i < m->r->nslot; i++) m->slot[i] = SIZE_MAX;
  for (;;) {
    if (*m->steps == 0) return REGEX_GAVE_UP;
    --*m->steps;
    const Step *step = &m->r->step[pc];
    if (step->kind == DO_MATCH) {
      m->slot[0] = from, m->slot[1] = at;
      return REGEX_FOUND;
    }
    if (step->kind == DO_JUMP) {
      pc = step->to;
    } else if (step->kind == DO_SPLIT) {
      push(m, step->other, at, 0);
      pc = step->to;
    } else if (fits(m, step, &at)) {
      pc++;
    } else if (!back(m, &pc, &at)) {
      return REGEX_NONE;
    }
  }
}

RegexFound regex_find(const Regex *r, Str text, size_t at, RegexSpan *group, uint64_t *steps) {
  Run m = {.r = r, .text = text, .steps = steps, .slot = mem_alloc(r->nslot * sizeof(size_t))};
  RegexFound found = REGEX_NONE;
  for (;;) {
    m.n = 0;
    found = match_at(&m, at);
    if (found != REGEX_NONE || at >= text.n) break;
    utf8_next(text, &at);
  }
  for (size_t i = 0; found == REGEX_FOUND && i <= r->ngroup; i++) {
    bool whole = m.slot[2 * i] != SIZE_MAX && m.slot[2 * i + 1] != SIZE_MAX;
    group[i] = whole ? (RegexSpan){m.slot[2 * i], m.slot[2 * i + 1]} : (RegexSpan){SIZE_MAX, SIZE_MAX};
  }
  mem_free(m.slot);
  mem_free(m.stack);
  return found;
}
