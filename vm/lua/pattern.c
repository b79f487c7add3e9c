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

static const char *match(PatternMatch *m, const char *s, const Part *it);

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
      case PART_BACK: s = again(m, s, it); break;
      case PART_BALANCED: s = balanced(m, s, it); break;
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
    if (!s) return NULL;
  }
}

bool pattern_match(PatternMatch *m, const char *from) {
  m->level = m->depth = 0;
  m->from = from;
  m->to = match(m, from, m->p->part);
  return m->to != NULL;
}

/* --- string.* --------------------------------------------------------------------------- */

static void push_capture(PatternMatch *m, int i) {
  if (i >= m->level) {
    if (i != 0) luaL_error(m->L, "invalid capture index %%%d", i + 1);
    lua_pushlstring(m->L, m->from, (size_t)(m->to - m->from));
  } else if (m->capture[i].len == PATTERN_PLACE) {
    lua_pushinteger(m->L, m->capture[i].at - m->text.p + 1);
  } else {
    if (m->capture[i].len == PATTERN_OPEN) luaL_error(m->L, "unfinished capture");
    lua_pushlstring(m->L, m->capture[i].at, (size_t)m->capture[i].len);
  }
}

/* All captures, or the whole match when the pattern has none and `whole`. */
static int push_captures(PatternMatch *m, bool whole) {
  int n = m->level == 0 && whole ? 1 : m->level;
  luaL_checkstack(m->L, n, "too many captures");
  for (int i = 0; i < n; i++) push_capture(m, i);
  return n;
}

static Str text_at(lua_State *L, int index) {
  Str s;
  s.p = luaL_checklstring(L, index, &s.n);
  return s;
}

/* The place where a search begins, from 0; negative counts from the end. */
static size_t start_at(lua_State *L, int index, size_t n) {
  lua_Integer i = luaL_optinteger(L, index, 1);
  if (i > 0) return (lua_Unsigned)i - 1;
  if (i == 0 || i < -(lua_Integer)n) return 0;
  return n - (size_t)-i;
}

static bool plain(Str p) {
  for (size_t i = 0; i < p.n; i++)
    if (p.p[i] && strchr("^$*+?.([%-", p.p[i])) return false;
  return true;
}

static int find_plain(lua_State *L, Str s, Str p, size_t from) {
  const char *at = p.n ? memmem(s.p + from, s.n - from, p.p, p.n) : s.p + from;
  if (!at) {
    lua_pushnil(L);
    return 1;
  }
  lua_pushinteger(L, at - s.p + 1);
  lua_pushinteger(L, at - s.p + (lua_Integer)p.n);
  return 2;
}

/* Takes the ^ off a pattern that is tied to the start. */
static bool anchored(Str *p) {
  if (!p->n || p->p[0] != '^') return false;
  p->p++;
  p->n--;
  return true;
}

static int search(lua_State *L, bool find) {
  Str s = text_at(L, 1), p = text_at(L, 2);
  size_t from = start_at(L, 3, s.n);
  if (from > s.n) {
    lua_pushnil(L);
    return 1;
  }
  if (find && (lua_toboolean(L, 4) || plain(p))) return find_plain(L, s, p, from);
  bool tied = anchored(&p);
  PatternMatch m = {.L = L, .text = s};
  m.p = pattern_compile(L, p);
  for (const char *at = s.p + from; at <= s.p + s.n; at++) {
    if (pattern_match(&m, at)) {
      if (!find) return push_captures(&m, true);
      lua_pushinteger(L, m.from - s.p + 1);
      lua_pushinteger(L, m.to - s.p);
      return 2 + push_captures(&m, false);
    }
    if (tied) break;
  }
  lua_pushnil(L);
  return 1;
}

static int find(lua_State *L) { return search(L, true); }
static int match_first(lua_State *L) { return search(L, false); }

/* Upvalues: text, pattern, place to go on from, end of the last match (places from 0, -1 = none). */
static int next_match(lua_State *L) {
  PatternMatch m = {.L = L, .p = lua_touserdata(L, lua_upvalueindex(2))};
  m.text.p = lua_tolstring(L, lua_upvalueindex(1), &m.text.n);
  lua_Integer from = lua_tointeger(L, lua_upvalueindex(3)), last = lua_tointeger(L, lua_upvalueindex(4));
  for (; from <= (lua_Integer)m.text.n; from++) {
    if (!pattern_match(&m, m.text.p + from) || m.to - m.text.p == last) continue;
    lua_pushinteger(L, m.to - m.text.p);
    lua_pushvalue(L, -1);
    lua_replace(L, lua_upvalueindex(3));
    lua_replace(L, lua_upvalueindex(4));
    return push_captures(&m, true);
  }
  return 0;
}

static int all_matches(lua_State *L) {
  Str s = text_at(L, 1), p = text_at(L, 2);
  size_t from = start_at(L, 3, s.n);
  lua_pushvalue(L, 1);
  pattern_compile(L, p);
  lua_pushinteger(L, from > s.n ? (lua_Integer)s.n + 1 : (lua_Integer)from);
  lua_pushinteger(L, -1);
  lua_pushcclosure(L, next_match, 4);
  return 1;
}

/* %0 … %9 and %% in a replacement text. */
static void add_text(PatternMatch *m, luaL_Buffer *b, Str r) {
  for (size_t i = 0; i < r.n; i++) {
    char c = r.p[i];
    if (c != '%') {
      luaL_addchar(b, c);
      continue;
    }
    char x = ++i < r.n ? r.p[i] : 0;
    if (x == '%') {
      luaL_addchar(b, '%');
    } else if (x == '0') {
      luaL_addlstring(b, m->from, (size_t)(m->to - m->from));
    } else if (x >= '1' && x <= '9') {
      push_capture(m, x - '1');
      luaL_tolstring(m->L, -1, NULL); /* a place is a number */
      lua_remove(m->L, -2);
      luaL_addvalue(b);
    } else {
      luaL_error(m->L, "invalid use of '%%' in replacement string");
    }
  }
}

/* What stands for the match: false and nil leave it as it is. */
static void add_replacement(PatternMatch *m, luaL_Buffer *b, int type) {
  lua_State *L = m->L;
  if (type == LUA_TFUNCTION) {
    lua_pushvalue(L, 3);
    lua_call(L, push_captures(m, true), 1);
  } else if (type == LUA_TTABLE) {
    push_capture(m, 0);
    lua_gettable(L, 3);
  } else {
    add_text(m, b, text_at(L, 3));
    return;
  }
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    luaL_addlstring(b, m->from, (size_t)(m->to - m->from));
  } else if (!lua_isstring(L, -1)) {
    luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  } else {
    luaL_addvalue(b);
  }
}

static int replace(lua_State *L) {
  Str s = text_at(L, 1), p = text_at(L, 2);
  int type = lua_type(L, 3);
  luaL_argexpected(L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
                   "string/function/table");
  lua_Integer most_times = luaL_optinteger(L, 4, (lua_Integer)s.n + 1), n = 0;
  bool tied = anchored(&p);
  PatternMatch m = {.L = L, .text = s};
  m.p = pattern_compile(L, p);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  const char *at = s.p, *end = s.p + s.n, *last = NULL;
  while (n < most_times) {
    if (pattern_match(&m, at) && m.to != last) {
      n++;
      const char *to = m.to;
      add_replacement(&m, &b, type);
      at = last = to;
    } else if (at < end) {
      luaL_addchar(&b, *at++);
    } else {
      break;
    }
    if (tied) break;
  }
  luaL_addlstring(&b, at, (size_t)(end - at));
  luaL_pushresult(&b);
  lua_pushinteger(L, n);
  return 2;
}

void pattern_open(lua_State *L) {
  static const luaL_Reg FN[] = {{"find", find}, {"match", match_first}, {"gmatch", all_matches}, {"gsub", replace}, {NULL, NULL}};
  luaL_setfuncs(L, FN, 0);
}
