#include "run/json.h"

#include "base/num.h"

#include <string.h>

void json_text(Str s, Buf *out) {
  buf_char(out, '"');
  size_t plain = 0; /* of what is still to be added */
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c >= 0x20 && c != 0x7f && c != '"' && c != '\\') continue;
    buf_add(out, s.p + plain, i - plain);
    buf_printf(out, c == '"' || c == '\\' ? "\\%c" : "\\u%04x", c);
    plain = i + 1;
  }
  if (s.n > plain) buf_add(out, s.p + plain, s.n - plain);
  buf_char(out, '"');
}

static void json_seconds(Val v, Buf *out) {
  if (v.e == 0 && v.u.i % 86400 == 0) {
    buf_printf(out, "{\"days\":%lld}", (long long)(v.u.i / 86400));
    return;
  }
  buf_puts(out, "{\"seconds\":");
  num_print(val_dec(v.u.i, v.e), out);
  buf_char(out, '}');
}

static void json_list(Val v, Buf *out) {
  buf_char(out, '[');
  for (uint32_t i = 0; i < v.n; i++) {
    if (i) buf_char(out, ',');
    json_val(v.u.v[i], out);
  }
  buf_char(out, ']');
}

void json_val(Val v, Buf *out) {
  switch ((ValType)v.t) {
    case V_NULL: buf_puts(out, "null"); return;
    case V_BOOL: buf_puts(out, v.u.i ? "true" : "false"); return;
    case V_NUM:
    case V_BIG:
    case V_REAL: num_print(v, out); return;
    case V_TEXT: json_text(val_str(v), out); return;
    case V_DATE:
      buf_puts(out, "{\"date\":\"");
      day_print((Day)v.u.i, out);
      buf_puts(out, "\"}");
      return;
    case V_SECS: json_seconds(v, out); return;
    case V_MONTHS: buf_printf(out, "{\"months\":%lld}", (long long)v.u.i); return;
    case V_NEVER: buf_puts(out, "{\"never\":true}"); return;
    case V_WINDOW: buf_printf(out, "{\"window\":%lld}", (long long)v.u.i); return;
    case V_LIST: json_list(v, out); return;
    case V_ROW: buf_printf(out, "{\"row\":[%u,%lld]}", v.n, (long long)v.u.i); return;
    case V_TIME:
    case V_DATETIME:
    case V_RANGE:
    case V_CONTEXT:
    case V_FUNC: break;
  }
  Buf plain = {0};
  fmt_data(v, &plain);
  json_text(buf_view(&plain), out);
  buf_free(&plain);
}

void json_object(const Str *name, const Val *val, size_t n, Buf *out) {
  buf_char(out, '{');
  for (size_t i = 0; i < n; i++) {
    if (i) buf_char(out, ',');
    json_text(name[i], out);
    buf_char(out, ':');
    json_val(val[i], out);
  }
  buf_char(out, '}');
}

typedef struct Reader {
  const char *p, *end;
  Arena *a;
  int depth;
} Reader;

static bool eat(Reader *r, const char *word) {
  size_t n = strlen(word);
  if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0) return false;
  r->p += n;
  return true;
}

static bool read_escape(Reader *r, Buf *out) {
  if (r->p == r->end) return false;
  char c = *r->p++;
  if (c == '"' || c == '\\') {
    buf_char(out, c);
    return true;
  }
  if (c != 'u' || r->end - r->p < 4) return false;
  uint32_t code = 0;
  for (int i = 0; i < 4; i++) {
    char h = *r->p++;
    int digit = h >= '0' && h <= '9' ? h - '0' : h >= 'a' && h <= 'f' ? h - 'a' + 10 : -1;
    if (digit < 0) return false;
    code = code * 16 + (uint32_t)digit;
  }
  utf8_put(out, code);
  return true;
}

static bool read_text(Reader *r, Str *out) {
  if (!eat(r, "\"")) return false;
  Buf b = {0};
  bool ok = true;
  while (ok && r->p < r->end && *r->p != '"') {
    if (*r->p == '\\') {
      r->p++;
      ok = read_escape(r, &b);
    } else {
      buf_char(&b, *r->p++);
    }
  }
  ok = ok && eat(r, "\"");
  if (ok) *out = (Str){arena_strndup(r->a, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  return ok;
}

static bool read_number(Reader *r, Val *out) {
  const char *from = r->p;
  while (r->p < r->end && strchr("+-.0123456789eE", *r->p)) r->p++;
  return r->p > from && num_parse((Str){from, (size_t)(r->p - from)}, out, r->a);
}

static bool read_val(Reader *r, Val *out);

static bool read_list(Reader *r, Val *out) {
  Val *item = NULL;
  size_t n = 0, cap = 0;
  bool ok = eat(r, "[");
  while (ok && !eat(r, "]")) {
    if (n) ok = eat(r, ",");
    mem_grow(item, cap, n + 1);
    ok = ok && read_val(r, &item[n++]);
  }
  if (ok) {
    Val *kept = arena_alloc(r->a, (n + 1) * sizeof *kept);
    if (n) memcpy(kept, item, n * sizeof *kept);
    *out = val_list(kept, n);
  }
  mem_free(item);
  return ok;
}

static bool typed(Str name, Val v, Val *out) {
  int64_t i = 0;
  Day day;
  if (str_is(name, "date") && v.t == V_TEXT && day_parse(val_str(v), &day)) {
    *out = val_date(day);
  } else if (str_is(name, "days") && num_int(v, &i) && i < INT64_MAX / 86400 && i > INT64_MIN / 86400) {
    *out = val_days(i);
  } else if (str_is(name, "seconds") && v.t == V_NUM && v.e <= 0) {
    *out = (Val){.t = V_SECS, .e = v.e, .u.i = v.u.i};
  } else if (str_is(name, "months") && num_int(v, &i)) {
    *out = val_months(i);
  } else if (str_is(name, "never")) {
    *out = val_never();
  } else if (str_is(name, "window") && num_int(v, &i)) {
    *out = (Val){.t = V_WINDOW, .u.i = i};
  } else if (str_is(name, "row") && v.t == V_LIST && v.n == 2 && num_int(v.u.v[0], &i)) {
    int64_t id = 0;
    if (!num_int(v.u.v[1], &id)) return false;
    *out = val_row((uint32_t)i, id);
  } else {
    return false;
  }
  return true;
}

static bool read_val(Reader *r, Val *out) {
  if (r->depth > 32) return false;
  *out = val_null();
  if (eat(r, "null")) return true;
  if (eat(r, "true") || eat(r, "false")) {
    *out = val_bool(r->p[-2] == 'u');
    return true;
  }
  if (r->p == r->end) return false;
  Str text;
  Val v;
  bool ok;
  r->depth++;
  if (*r->p == '"') {
    ok = read_text(r, &text);
    if (ok) *out = val_text(text);
  } else if (*r->p == '[') {
    ok = read_list(r, out);
  } else if (*r->p == '{') {
    r->p++;
    ok = read_text(r, &text) && eat(r, ":") && read_val(r, &v) && eat(r, "}") && typed(text, v, out);
  } else {
    ok = read_number(r, out);
  }
  r->depth--;
  return ok;
}

bool json_read(Str text, Arena *a, Str **name, Val **val, size_t *n) {
  Reader r = {.p = text.p, .end = text.p + text.n, .a = a};
  Str *names = NULL;
  Val *vals = NULL;
  size_t count = 0, cap_name = 0, cap_val = 0;
  bool ok = text.n && eat(&r, "{");
  while (ok && !eat(&r, "}")) {
    if (count) ok = eat(&r, ",");
    mem_grow(names, cap_name, count + 1);
    mem_grow(vals, cap_val, count + 1);
    ok = ok && read_text(&r, &names[count]) && eat(&r, ":") && read_val(&r, &vals[count]);
    count++;
  }
  ok = ok && r.p == r.end;
  if (ok) {
    *name = arena_alloc(a, (count + 1) * sizeof **name);
    *val = arena_alloc(a, (count + 1) * sizeof **val);
    if (count) memcpy(*name, names, count * sizeof **name);
    if (count) memcpy(*val, vals, count * sizeof **val);
    *n = count;
  }
  mem_free(names);
  mem_free(vals);
  return ok;
}

/* --- without decoding ------------------------------------------------------------------ */

static size_t text_end(Str s, size_t at) {
  for (at++; at < s.n && s.p[at] != '"'; at++)
    if (s.p[at] == '\\') at++;
  return at < s.n ? at + 1 : s.n + 1;
}

/* Where the value that begins at `at` ends; past the end of s when it does not. */
static size_t value_end(Str s, size_t at) {
  if (at < s.n && s.p[at] == '"') return text_end(s, at);
  size_t open = 0;
  while (at < s.n) {
    char c = s.p[at];
    if (c == '"') {
      at = text_end(s, at);
      if (at > s.n) return at;
      continue;
    }
    if (c == '[' || c == '{') open++;
    if (c == ']' || c == '}') {
      if (!open) return at;
      if (!--open) return at + 1;
    }
    if (c == ',' && !open) return at;
    at++;
  }
  return s.n + 1;
}

bool json_item(Str *rest, Str *item) {
  if (rest->n < 2 || (rest->p[0] != '[' && rest->p[0] != ',')) return false;
  if (rest->n == 2 && rest->p[1] == ']') *rest = (Str){rest->p + 1, 1};
  size_t end = value_end(*rest, 1);
  if (rest->n < 2 || end <= 1 || end >= rest->n || (rest->p[end] != ',' && rest->p[end] != ']')) return false;
  *item = (Str){rest->p + 1, end - 1};
  *rest = (Str){rest->p + end, rest->n - end};
  return true;
}
