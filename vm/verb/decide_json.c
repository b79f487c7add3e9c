#include "verb/decide_json.h"

#include "base/lang.h"
#include "base/num.h"

#include <string.h>

enum { DEPTH = 64 };

typedef struct Json {
  const char *from, *p, *end, *file;
  int depth;
  Arena *a;
  Err *e;
} Json;

static bool fail(Json *j, const char *what) {
  int line = 1;
  const char *start = j->from;
  for (const char *q = j->from; q < j->p; q++)
    if (*q == '\n') {
      line++;
      start = q + 1;
    }
  size_t col = utf8_count((Str){start, (size_t)(j->p - start)}) + 1;
  err_set(j->e, ERR_USAGE, "no JSON: %s", _(what));
  return err_at(j->e, j->file, line, (int)col);
}

static void blanks(Json *j) {
  while (j->p < j->end && strchr(" \t\r\n", *j->p) && *j->p) j->p++;
}

static bool eat(Json *j, const char *word) {
  blanks(j);
  size_t n = strlen(word);
  if ((size_t)(j->end - j->p) < n || memcmp(j->p, word, n) != 0) return false;
  j->p += n;
  return true;
}

static bool hex4(Json *j, uint32_t *out) {
  *out = 0;
  for (int i = 0; i < 4; i++) {
    char c = j->p < j->end ? *j->p++ : 0;
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
    if (digit < 0) return fail(j, "\\u wants four hexadecimal digits");
    *out = *out * 16 + (uint32_t)digit;
  }
  return true;
}

static bool code_point(Json *j, Buf *out) {
  uint32_t c, low;
  if (!hex4(j, &c)) return false;
  if (c >= 0xD800 && c < 0xDC00) {
    if (!(j->end - j->p > 1 && j->p[0] == '\\' && j->p[1] == 'u')) return fail(j, "half a surrogate pair");
    j->p += 2;
    if (!hex4(j, &low)) return false;
    if (low < 0xDC00 || low > 0xDFFF) return fail(j, "half a surrogate pair");
    c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
  } else if (c >= 0xDC00 && c < 0xE000) {
    return fail(j, "half a surrogate pair");
  }
  utf8_put(out, c);
  return true;
}

static bool escape(Json *j, Buf *out) {
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  char c = j->p < j->end ? *j->p++ : 0;
  if (c == 'u') return code_point(j, out);
  const char *at = c ? strchr(from, c) : NULL;
  if (!at) return fail(j, "no such escape");
  buf_char(out, to[at - from]);
  return true;
}

static bool read_text(Json *j, Str *out) {
  if (!eat(j, "\"")) return fail(j, "expected a text in double quotes");
  Buf b = {0};
  bool ok = true;
  while (ok && j->p < j->end && *j->p != '"') {
    char c = *j->p++;
    if ((unsigned char)c < 0x20) ok = fail(j, "a control character inside a text");
    else if (c == '\\') ok = escape(j, &b);
    else buf_char(&b, c);
  }
  if (ok && j->p == j->end) ok = fail(j, "a text that never ends");
  if (ok) {
    j->p++;
    *out = (Str){arena_strndup(j->a, b.p ? b.p : "", b.n), b.n};
  }
  buf_free(&b);
  return ok;
}

static bool read_value(Json *j, Val *out);

static bool read_array(Json *j, Val *out) {
  Val *item = NULL;
  size_t n = 0, cap = 0;
  bool ok = true;
  while (ok && !eat(j, "]")) {
    if (n && !eat(j, ",")) ok = fail(j, "expected , or ]");
    mem_grow(item, cap, n + 1);
    ok = ok && read_value(j, &item[n++]);
  }
  if (ok) {
    Val *kept = arena_zalloc(j->a, n + 1, sizeof *kept);
    if (n) memcpy(kept, item, n * sizeof *kept);
    *out = val_list(kept, n);
  }
  mem_free(item);
  return ok;
}

static bool read_member(Json *j, ValEntry *entry, size_t n) {
  if (!read_text(j, &entry[n].key)) return false;
  for (size_t i = 0; i < n; i++)
    if (str_eq(entry[i].key, entry[n].key)) return fail(j, "a name that comes twice in one object");
  if (!eat(j, ":")) return fail(j, "expected :");
  return read_value(j, &entry[n].val);
}

static bool read_object(Json *j, Val *out) {
  ValEntry *entry = NULL;
  size_t n = 0, cap = 0;
  bool ok = true;
  while (ok && !eat(j, "}")) {
    if (n && !eat(j, ",")) ok = fail(j, "expected , or }");
    mem_grow(entry, cap, n + 1);
    ok = ok && read_member(j, entry, n++);
  }
  if (ok) {
    ValContext *c = arena_zalloc(j->a, 1, sizeof *c);
    c->n = n;
    c->entry = arena_zalloc(j->a, n + 1, sizeof *c->entry);
    if (n) memcpy(c->entry, entry, n * sizeof *entry);
    *out = (Val){.t = V_CONTEXT, .u.p = c};
  }
  mem_free(entry);
  return ok;
}

static bool read_number(Json *j, Val *out) {
  const char *from = j->p;
  while (j->p < j->end && strchr("+-.0123456789eE", *j->p) && *j->p) j->p++;
  bool starts = j->p > from && (*from == '-' || (*from >= '0' && *from <= '9'));
  if (starts && num_parse((Str){from, (size_t)(j->p - from)}, out, j->a)) return true;
  j->p = from;
  return fail(j, "expected a value");
}

static bool read_value(Json *j, Val *out) {
  if (j->depth == DEPTH) return fail(j, "values stand too deep in one another");
  *out = val_null();
  blanks(j);
  if (eat(j, "null")) return true;
  bool yes = eat(j, "true");
  if (yes || eat(j, "false")) {
    *out = val_bool(yes);
    return true;
  }
  if (j->p < j->end && *j->p == '"') {
    Str text = {0};
    bool ok = read_text(j, &text);
    *out = val_text(text);
    return ok;
  }
  j->depth++;
  bool ok = eat(j, "[") ? read_array(j, out) : eat(j, "{") ? read_object(j, out) : read_number(j, out);
  j->depth--;
  return ok;
}

bool json_value(Str text, const char *file, Arena *a, Val *out, Err *e) {
  Json j = {.from = text.p, .p = text.p, .end = text.p + text.n, .file = file, .a = a, .e = e};
  if (str_starts(text, "\xEF\xBB\xBF")) j.p += 3;
  size_t bad;
  if (!utf8_valid(text, &bad)) {
    j.p = text.p + bad;
    return fail(&j, "the text is not UTF-8");
  }
  if (!read_value(&j, out)) return false;
  blanks(&j);
  return j.p == j.end || fail(&j, "something follows the value");
}
