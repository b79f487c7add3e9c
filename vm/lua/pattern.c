#include "lua/pattern.h"

#include <lauxlib.h>
#include <string.h>

typedef enum PartKind {
  PART_BYTE,     /* one byte, x */
  PART_SET,      /* one byte of a set */
  PART_OPEN, /* ( */
  PART_PLACE,    /* () */
  PART_CLOSE,/* ) */
  PART_BACK,     /* %1, x */
  PART_BALANCED, /* %bxy */
  PART_FRONTIER, /* %f[set] */
  PART_END,     /* $ at the end */
  PART_DONE
} PartKind;

typedef enum Repeat { ONCE, MAYBE, MOST, MOST_ONE, LEAST } Repeat; /* none ? * + - */

typedef struct Part {
  uint8_t kind, repeat, x, y;
  uint32_t set[8]; /* a bit a byte */
} Part;

struct Pattern {
  Part part[1]; /* as many as were compiled */
};

enum { DEPTH_MOST = 200, STEPS_A_LOOK = 1 << 16 };

/* --- compiling ------------------------------------------------------------------ */

typedef struct Source {
  lua_State *L;
  const char *at, *end;
} Source;

static void set_add(Part *it, unsigned char c) { it->set[c >> 5] |= 1u << (c & 31); }
static bool set_has(const Part *it, unsigned char c) { return it->set[c >> 5] >> (c & 31) & 1; }

static bool in_class(int letter, int c) {
  bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
  bool graph = c > 32 && c < 127;
  switch (letter) {
    case 'a': return upper || lower;
    case 'c': return c < 32 || c == 127;
    case 'd': return digit;
    case 'g': return graph;
    case 'l': return lower;
    case 'p': return graph && !upper && !lower && !digit;
    case 's': return c == ' ' || (c >= '\t' && c <= '\r');
    case 'u': return upper;
    case 'w': return upper || lower || digit;
    case 'x': return digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    case 'z': return c == 0;
    default: return false;
  }
}

/* Adds what %letter stands for: a class, its complement in capitals, or the letter itself. */
static void add_escaped(Part *it, unsigned char letter) {
  unsigned char low = letter | 32;
  bool class = low >= 'a' && low <= 'z' && strchr("acdglpsuwxz", low);
  if (!class) {
    set_add(it, letter);
    return;
  }
  for (int c = 0; c < 256; c++)
    if (in_class(low, c) == (letter == low)) set_add(it, (unsigned char)c);
}

static void invert(Part *it) {
  for (int i = 0; i < 8; i++) it->set[i] = ~it->set[i];
}

/* After "[": up to its "]". */
static void compile_set(Source *s, Part *it) {
  it->kind = PART_SET;
  bool not_these = s->at < s->end && *s->at == '^';
  if (not_these) s->at++;
  for (bool first = true;; first = false) {
    if (s->at >= s->end) luaL_error(s->L, "malformed pattern (missing ']')");
    unsigned char c = (unsigned char)*s->at++;
    if (c == ']' && !first) break;
    if (c == '%') {
      if (s->at >= s->end) luaL_error(s->L, "malformed pattern (missing ']')");
      add_escaped(it, (unsigned char)*s->at++);
    } else if (s->end - s->at >= 2 && s->at[0] == '-' && s->at[1] != ']') {
      unsigned char to = (unsigned char)s->at[1];
      s->at += 2;
      for (int x = c; x <= to; x++) set_add(it, (unsigned char)x);
    } else {
      set_add(it, c);
    }
  }
  if (not_these) invert(it);
}

/* After "%". True when the part is of the kind that can be repeated. */
static bool compile_escape(Source *s, Part *it) {
  if (s->at >= s->end) luaL_error(s->L, "malformed pattern (ends with '%%')");
  unsigned char c = (unsigned char)*s->at++;
  if (c == 'b') {
    if (s->end - s->at < 2) luaL_error(s->L, "malformed pattern (missing arguments to '%%b')");
    *it = (Part){.kind = PART_BALANCED, .x = (uint8_t)s->at[0], .y = (uint8_t)s->at[1]};
    s->at += 2;
    return false;
  }
  if (c == 'f') {
    if (s->at >= s->end || *s->at++ != '[') luaL_error(s->L, "missing '[' after '%%f' in pattern");
    compile_set(s, it);
    it->kind = PART_FRONTIER;
    return false;
  }
  if (c >= '0' && c <= '9') {
    *it = (Part){.kind = PART_BACK, .x = (uint8_t)(c - '0')};
    return false;
  }
  it->kind = PART_SET;
  add_escaped(it, c);
  return true;
}

/* The next part. True when it can be repeated. */
static bool compile_part(Source *s, Part *it) {
  char c = *s->at++;
  *it = (Part){.kind = PART_BYTE, .x = (uint8_t)c};
  switch (c) {
    case '(':
      it->kind = s->at < s->end && *s->at == ')' ? PART_PLACE : PART_OPEN;
      s->at += it->kind == PART_PLACE;
      return false;
    case ')': it->kind = PART_CLOSE; return false;
    case '$':
      if (s->at == s->end) it->kind = PART_END;
      return it->kind == PART_BYTE;
    case '%': return compile_escape(s, it);
    case '[': compile_set(s, it); return true;
    case '.':
      it->kind = PART_SET;
      memset(it->set, 0xFF, sizeof it->set);
      return true;
    default: return true;
  }
}

const Pattern *pattern_compile(lua_State *L, Str text) {
  Source s = {L, text.p, text.p + text.n};
  Pattern *p = engine_array(L, text.n + 1, sizeof(Part));
  Part *it = p->part;
  while (s.at < s.end) {
    static const char MARK[] = "?*+-";
    bool repeats = compile_part(&s, it);
    const char *mark = repeats && s.at < s.end && *s.at ? strchr(MARK, *s.at) : NULL;
    if (mark) {
      it->repeat = (uint8_t)(MAYBE + (mark - MARK));
      s.at++;
    }
    it++;
  }
  it->kind = PART_DONE;
  return p;
}

/* --- matching ------------------------------------------------------------------------ */

static const char *match(PatternMatch *m, const char *s, const Part *it) __attribute__((nonnull));

static const char *end_of(const PatternMatch *m) { return m->text.p + m->text.n; }

static void count(PatternMatch *m) {
  if (++m->steps % STEPS_A_LOOK == 0 && limit_over(m->L)) limit_stop(m->L);
}

static bool fits(const PatternMatch *m, const char *s, const Part *it) {
  if (s >= end_of(m)) return false;
  return it->kind == PART_BYTE ? (uint8_t)*s == it->x : set_has(it, (unsigned char)*s);
}

static const char *deeper(PatternMatch *m, const char *s, const Part *it) {
  if (++m->depth > DEPTH_MOST) luaL_error(m->L, "pattern too complex");
  const char *r = match(m, s, it);
  m->depth--;
  return r;
}

/* As many as possible first. */
static const char *most(PatternMatch *m, const char *s, const Part *it) {
  const char *to = s, *least = s + (it->repeat == MOST_ONE);
  while (fits(m, to, it)) to++, count(m);
  for (; to >= least; to--) {
    const char *r = deeper(m, to, it + 1);
    if (r) return r;
    count(m);
  }
  return NULL;
}

/* As few as possible first. */
static const char *least(PatternMatch *m, const char *s, const Part *it) {
  for (;; s++) {
    const char *r = deeper(m, s, it + 1);
    if (r) return r;
    if (!fits(m, s, it)) return NULL;
    count(m);
  }
}

static const char *open_capture(PatternMatch *m, const char *s, const Part *it) {
  if (m->level >= PATTERN_CAPTURES) luaL_error(m->L, "too many captures");
  m->capture[m->level].at = s;
  m->capture[m->level++].len = it->kind == PART_PLACE ? PATTERN_PLACE : PATTERN_OPEN;
  const char *r = deeper(m, s, it + 1);
  if (!r) m->level--;
  return r;
}

static const char *close_capture(PatternMatch *m, const char *s, const Part *it) {
  int i = m->level - 1;
  while (i >= 0 && m->capture[i].len != PATTERN_OPEN) i--;
  if (i < 0) luaL_error(m->L, "invalid pattern capture");
  m->capture[i].len = s - m->capture[i].at;
  const char *r = deeper(m, s, it + 1);
  if (!r) m->capture[i].len = PATTERN_OPEN;
  return r;
}

/* Behind the same text that the capture holds, or NULL. */
static const char *again(PatternMatch *m, const char *s, const Part *it) {
  int i = it->x - 1;
  if (i < 0 || i >= m->level || m->capture[i].len == PATTERN_OPEN)
    luaL_error(m->L, "invalid capture index %%%d", it->x);
  ptrdiff_t n = m->capture[i].len;
  if (n < 0) return NULL; /* a place has no text */
  return end_of(m) - s >= n && memcmp(s, m->capture[i].at, (size_t)n) == 0 ? s + n : NULL;
}

/* Behind the balanced y of the x at s, or NULL. */
static const char *balanced(PatternMatch *m, const char *s, const Part *it) {
  if (s >= end_of(m) || (uint8_t)*s != it->x) return NULL;
  for (int open = 1; ++s < end_of(m); count(m)) {
    if ((uint8_t)*s == it->y) {
      if (--open == 0) return s + 1;
    } else if ((uint8_t)*s == it->x) {
      open++;
    }
  }
  return NULL;
}

static bool at_frontier(const PatternMatch *m, const char *s, const Part *it) {
  unsigned char before = s == m->text.p ? 0 : (unsigned char)s[-1];
  unsigned char here = s == end_of(m) ? 0 : (unsigned char)*s;
  return !set_has(it, before) && set_has(it, here);
}

static const char *match(PatternMatch *m, const char *s, const Part *it) {
  for (;; it++) {
    count(m);
    switch ((PartKind)it->kind) {
      case PART_DONE: return s;
      case PART_END:
        if (s != end_of(m)) return NULL;
        break;
      case PART_OPEN:
      case PART_PLACE: return open_capture(m, s, it);
      case PART_CLOSE: return close_capture(m, s, it);
      case PART_BACK:
      case PART_BALANCED:
        s = it->kind == PART_BACK ? again(m, s, it) : balanced(m, s, it);
        if (!s) return NULL;
        break;
      case PART_FRONTIER:
        if (!at_frontier(m, s, it)) return NULL;
        break;
      case PART_BYTE:
      case PART_SET:
        if (it->repeat == MOST || it->repeat == MOST_ONE) return most(m, s, it);
        if (it->repeat == LEAST) return least(m, s, it);
        if (fits(m, s, it)) {
          const char *r = it->repeat == MAYBE ? deeper(m, s + 1, it + 1) : NULL;
          if (r) return r;
          if (it->repeat == ONCE) s++;
        } else if (it->repeat == ONCE) {
          return NULL;
        }
        break;
    }
  }
}

bool pattern_match(PatternMatch *m, const char *from) {
  m->level = m->depth = 0;
  m->from = from;
  m->to = match(m, from, m->p->part);
  return m->to != NULL;
}
