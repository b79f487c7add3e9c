#include "feel/lex.h"

#include "base/lang.h"

#include <string.h>
#include <utf8proc.h>

static const struct { const char *name; Word word; } words[] = {
    {"and", WORD_AND},           {"or", WORD_OR},
    {"not", WORD_NOT},           {"in", WORD_IN},
    {"between", WORD_BETWEEN},   {"if", WORD_IF},
    {"then", WORD_THEN},         {"else", WORD_ELSE},
    {"for", WORD_FOR},           {"some", WORD_SOME},
    {"every", WORD_EVERY},       {"return", WORD_RETURN},
    {"satisfies", WORD_SATISFIES}, {"instance", WORD_INSTANCE},
    {"function", WORD_FUNCTION}, {"true", WORD_TRUE},
    {"false", WORD_FALSE},       {"null", WORD_NULL},
    {"of", WORD_OF},             {"external", WORD_EXTERNAL},
    {"as", WORD_AS},             {"within", WORD_WITHIN},
    {"among", WORD_AMONG},       {"is", WORD_IS},
};

/* Names of the standard that hold a reserved word: the parser could not join them. */
static const char *const phrases[] = {"date and time", "days and time duration",
                                      "years and months duration", "get or else"};

static const struct { char first, second; uint8_t sign; const char *say; } pairs[] = {
    {'<', '=', SIGN_LE, NULL},   {'>', '=', SIGN_GE, NULL},    {'!', '=', SIGN_NE, NULL},
    {'*', '*', SIGN_POW, NULL},  {'.', '.', SIGN_DOTS, NULL},  {'-', '>', SIGN_ARROW, NULL},
    {'=', '=', 0, N_("write = (one sign) to compare")},
    {'<', '>', 0, N_("write != for \"differs\"")},
    {'=', '>', 0, N_("write >= for \"at least\"")},
    {'=', '<', 0, N_("write <= for \"at most\"")},
    {'&', '&', 0, N_("write and")},  {'|', '|', 0, N_("write or")},
};

static const struct { char sign; const char *say; } strays[] = {
    {'!', N_("write not(…), or != for \"differs\"")}, {'^', N_("write ** for powers")}, {'&', N_("write and")},
    {'|', N_("write or")},   {';', N_("arguments and values are separated by commas")},
    {'$', N_("names are written bare: tier, not $tier")},
    {'%', N_("a percentage is a number followed by %: 15%")},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static uint32_t fold(uint32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) {
    uint32_t plain = c - 0xFEE0;
    bool letter = (plain >= 'A' && plain <= 'Z') || (plain >= 'a' && plain <= 'z');
    return letter ? c : plain;
  }
  switch (c) {
    case 0x201C: case 0x201D: return '"';
    case 0x2018: case 0x2019: return '\'';
    case 0x2264: return SIGN_LE;
    case 0x2265: return SIGN_GE;
    case 0x2260: return SIGN_NE;
    case 0x2212: return '-';
    case 0x00D7: return '*';
    case 0x00F7: return '/';
    case 0x3001: return ',';
    default: return c;
  }
}

static uint32_t decode(const Lexer *lx, size_t at, size_t *next) {
  *next = at;
  if (at >= lx->end) return 0;
  return utf8_next((Str){lx->src->text.p, lx->end}, next);
}

uint32_t lex_char(const Lexer *lx, size_t at, size_t *next) {
  uint32_t c = decode(lx, at, next);
  /* 0x80..0x82 are SIGN_*; as characters they are controls and mean nothing. */
  if (c >= 0x80 && c < 0xA0) return 0xFFFD;
  return lx->dialect == DIALECT_RULES ? fold(c) : c;
}

/* FEEL, grammar rules 28 and 29. */
static bool standard_start(uint32_t c) {
  static const uint32_t range[][2] = {
      {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},   {0x37F, 0x1FFF},
      {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF},
      {0xFDF0, 0xFFFC}, {0x10000, 0xEFFFF}};
  for (size_t i = 0; i < COUNT(range); i++)
    if (c >= range[i][0] && c <= range[i][1]) return true;
  return false;
}

static bool ascii_start(uint32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool lex_name_start(Dialect d, uint32_t c) {
  if (c < 0x80) return ascii_start(c) || (c == '?' && d == DIALECT_STANDARD);
  if (c == 0xFFFD) return false;
  if (d == DIALECT_STANDARD) return standard_start(c);
  utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
  return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) || k == UTF8PROC_CATEGORY_NL;
}

bool lex_name_part(Dialect d, uint32_t c) {
  if (c >= '0' && c <= '9') return true;
  if (lex_name_start(d, c)) return true;
  if (c < 0x80 || c == 0xFFFD) return false;
  if (d == DIALECT_STANDARD)
    return c == 0xB7 || (c >= 0x300 && c <= 0x36F) || (c >= 0x203F && c <= 0x2040);
  utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
  return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC || k == UTF8PROC_CATEGORY_ND ||
         k == UTF8PROC_CATEGORY_PC;
}

static bool blank(uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == ' ' || c == 0xA0 || c == 0x1680 || c == 0x180E ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0xFEFF || c == 0x85;
}

static size_t skip_blanks(const Lexer *lx, size_t at) {
  size_t next;
  while (at < lx->end && blank(decode(lx, at, &next))) at = next;
  return at;
}

static bool starts(const Lexer *lx, size_t at, const char *two) {
  return at + 2 <= lx->end && memcmp(lx->src->text.p + at, two, 2) == 0;
}

static bool skip(const Lexer *lx, size_t *at) {
  for (;;) {
    *at = skip_blanks(lx, *at);
    if (starts(lx, *at, "//")) {
      while (*at < lx->end && lx->src->text.p[*at] != '\n') ++*at;
    } else if (starts(lx, *at, "/*")) {
      size_t from = *at;
      for (*at += 2; !starts(lx, *at, "*/"); ++*at)
        if (*at >= lx->end) return src_err(lx->e, lx->src, from, 2, "this comment is never closed");
      *at += 2;
    } else {
      return true;
    }
  }
}

size_t lex_phrase(const Lexer *lx, size_t at, Str phrase) {
  size_t t = at, next;
  uint32_t last = 0;
  for (size_t i = 0; i < phrase.n;) {
    size_t gap = i;
    uint32_t want = utf8_next(phrase, &i);
    if (blank(want)) {
      size_t from = t;
      t = skip_blanks(lx, t);
      if (t == from && lex_name_part(lx->dialect, last)) {
        size_t peek = i;
        if (peek < phrase.n && lex_name_part(lx->dialect, utf8_next(phrase, &peek))) return 0;
      }
      continue;
    }
    /* around a sign in a name blanks do not count */
    if (gap && (!lex_name_part(lx->dialect, want) || !lex_name_part(lx->dialect, last)))
      t = skip_blanks(lx, t);
    if (t >= lx->end || decode(lx, t, &next) != want) return 0;
    last = want;
    t = next;
  }
  if (lex_name_part(lx->dialect, last) && lex_name_part(lx->dialect, decode(lx, t, &next))) return 0;
  return t - at;
}

static size_t longest_known(const Lexer *lx, size_t at, Str *name) {
  size_t best = 0;
  for (size_t i = 0; i < lx->nknown; i++) {
    size_t n = lex_phrase(lx, at, lx->known[i]);
    if (n > best) best = n, *name = lx->known[i];
  }
  for (size_t i = 0; i < COUNT(phrases); i++) {
    size_t n = lex_phrase(lx, at, str_of(phrases[i]));
    if (n > best) best = n, *name = str_of(phrases[i]);
  }
  return best;
}

static Word word_of(Dialect d, Str s) {
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_is(s, words[i].name))
      return d == DIALECT_STANDARD && words[i].word >= WORD_WITHIN ? WORD_NONE : words[i].word;
  return WORD_NONE;
}

static bool lex_name(const Lexer *lx, size_t at, Tok *out) {
  size_t end = at, next;
  while (lex_name_part(lx->dialect, decode(lx, end, &next))) end = next;
  Str s = str_sub(lx->src->text, at, end);
  *out = (Tok){.kind = TOK_NAME, .at = (uint32_t)at, .len = (uint32_t)s.n, .name = s};
  out->word = (uint8_t)word_of(lx->dialect, s);
  if (lx->dialect == DIALECT_STANDARD) {
    Str known = s;
    size_t n = longest_known(lx, at, &known);
    if (n > s.n) {
      Str copy = {arena_strndup(lx->arena, known.p, known.n), known.n};
      *out = (Tok){.kind = TOK_NAME, .at = (uint32_t)at, .len = (uint32_t)n, .name = copy};
    }
  }
  return true;
}

static bool stray(const Lexer *lx, size_t at, size_t len, uint32_t c) {
  if (c == 0xFFFD) return src_err(lx->e, lx->src, at, len, "a character that cannot be read (not UTF-8)");
  src_err(lx->e, lx->src, at, len, "%.*s means nothing here", (int)len, lx->src->text.p + at);
  for (size_t i = 0; i < COUNT(strays); i++)
    if (c == (uint32_t)strays[i].sign) err_todo(lx->e, "%s", _(strays[i].say));
  return false;
}

static bool lex_sign(const Lexer *lx, size_t at, uint32_t c, size_t next, Tok *out) {
  size_t second;
  uint32_t d = lex_char(lx, next, &second);
  *out = (Tok){.kind = TOK_SIGN, .at = (uint32_t)at, .len = (uint32_t)(next - at)};
  for (size_t i = 0; i < COUNT(pairs); i++) {
    if (c != (uint32_t)pairs[i].first || d != (uint32_t)pairs[i].second) continue;
    if (c == '<' && d == '>' && lx->dialect == DIALECT_STANDARD) continue; /* function<>->number */
    if (pairs[i].say) {
      src_err(lx->e, lx->src, at, second - at, "%c%c means nothing here", pairs[i].first, pairs[i].second);
      return err_todo(lx->e, "%s", _(pairs[i].say));
    }
    out->sign = pairs[i].sign;
    out->len = (uint32_t)(second - at);
    return true;
  }
  bool plain = c < 0x80 && c && strchr("()[]{},:.+-*/=<>@", (int)c);
  if (!plain && !(c >= SIGN_LE && c <= SIGN_NE)) return stray(lx, at, next - at, c);
  out->sign = (uint8_t)c;
  return true;
}

bool lex_at(const Lexer *lx, size_t at, Tok *out) {
  if (!skip(lx, &at)) return false;
  size_t next, second;
  uint32_t c = lex_char(lx, at, &next);
  if (at >= lx->end) {
    *out = (Tok){.kind = TOK_END, .at = (uint32_t)lx->end};
    return true;
  }
  if (lex_quote(lx, at)) return lex_text(lx, at, out);
  uint32_t d = lex_char(lx, next, &second);
  if ((c >= '0' && c <= '9') || (c == '.' && d >= '0' && d <= '9')) return lex_number(lx, at, out);
  if (c == '?' && lx->dialect == DIALECT_RULES) {
    *out = (Tok){.kind = TOK_NAME, .at = (uint32_t)at, .len = (uint32_t)(next - at), .name = STR("?")};
    return true;
  }
  if (lex_name_start(lx->dialect, c)) return lex_name(lx, at, out);
  return lex_sign(lx, at, c, next, out);
}
