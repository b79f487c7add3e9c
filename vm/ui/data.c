#include "ui/data.h"

#include "base/num.h"
#include "ui/packed.h"

#include <pthread.h>
#include <stdlib.h>

static void csv_text(Str s, Buf *out) {
  static const char special[256] = {[','] = 1, ['"'] = 1, ['\r'] = 1, ['\n'] = 1};
  bool quote = s.n == 0;
  for (size_t i = 0; i < s.n && !quote; i++) quote = special[(unsigned char)s.p[i]];
  if (s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ')) quote = true;
  if (!quote) {
    buf_str(out, s);
    return;
  }
  buf_char(out, '"');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"') buf_char(out, '"');
    buf_char(out, s.p[i]);
  }
  buf_char(out, '"');
}

static void tsv_text(Str s, Buf *out) {
  for (size_t i = 0; i < s.n; i++) switch (s.p[i]) {
    case '\t': buf_puts(out, "\\t"); break;
    case '\n': buf_puts(out, "\\n"); break;
    case '\r': buf_puts(out, "\\r"); break;
    case '\\': buf_puts(out, "\\\\"); break;
    default: buf_char(out, s.p[i]);
    }
}

typedef struct Lines { /* some rows of a table as text */
  const UiTable *t;
  size_t from, to;
  char sep;
  void (*put)(Str, Buf *);
  Buf *out;
} Lines;

/* For a line of numbers. */
static char *room(Buf *out, size_t ncol) {
  buf_reserve(out, ncol * (NUM_TEXT + 1) + 1);
  return out->p + out->n;
}

static void some_lines(const Lines *l, const Val *rows, size_t n, Buf *cell_room) {
  const size_t ncol = l->t->ncol;
  Buf *out = l->out, cell = *cell_room;
  const char sep = l->sep;
  void (*put)(Str, Buf *) = l->put;
  for (size_t i = 0; i < n; i++) {
    char *p = room(out, ncol); /* where the next cell goes */
    for (size_t j = 0; j < ncol; j++) {
      Val v = rows[i * ncol + j];
      if (j) *p++ = sep;
      if (v.t == V_NULL) continue;
      if (val_is_num(v)) { /* has nothing to escape */
        p = num_put(v, p);
        continue;
      }
      out->n = (size_t)(p - out->p);
      if (v.t == V_TEXT) {
        put(val_str(v), out);
      } else {
        buf_clear(&cell);
        fmt_data(v, &cell);
        put(buf_view(&cell), out);
      }
      p = room(out, ncol);
    }
    *p++ = '\n';
    *p = 0;
    out->n = (size_t)(p - out->p);
  }
  *cell_room = cell;
}

static void *lines(void *ctx) {
  const Lines *l = ctx;
  const UiTable *t = l->t;
  Buf cell = {0};
  if (t->packed) {
    Unpack *u = unpack_open(t, l->from);
    const Val *rows;
    for (size_t at = l->from, n; at < l->to && (n = unpack_next(u, &rows)); at += n)
      some_lines(l, rows, n < l->to - at ? n : l->to - at, &cell);
    unpack_close(u);
  } else if (l->to > l->from) {
    some_lines(l, t->cell + l->from * t->ncol, l->to - l->from, &cell);
  }
  buf_free(&cell);
  return NULL;
}

/* PARETO_THREADS=1: one after the other, as where no thread is to be had. The text is the same. */
static bool two_threads(const UiTable *t) {
  enum { MANY = 20000 };
  const char *n = getenv("PARETO_THREADS");
  return t->nrow * t->ncol >= MANY && !(n && atoi(n) == 1);
}

static void separated(const UiTable *t, char sep, void (*put)(Str, Buf *), Buf *out) {
  for (size_t j = 0; j < t->ncol; j++) {
    if (j) buf_char(out, sep);
    put(t->col[j].title, out);
  }
  buf_char(out, '\n');
  Buf rest = {0};
  Lines first = {t, 0, t->nrow, sep, put, out}, second = {t, t->nrow / 2 / PACKED_ROWS * PACKED_ROWS, t->nrow, sep, put, &rest};
  enum { USUAL_CELL = 10 /* bytes, and rather more than less: what is not touched takes no memory */ };
  buf_reserve(out, t->nrow * t->ncol * USUAL_CELL);
  pthread_t other;
  bool two = two_threads(t);
  if (two) buf_reserve(&rest, t->nrow / 2 * t->ncol * USUAL_CELL);
  two = two && pthread_create(&other, NULL, lines, &second) == 0;
  if (two) first.to = second.from;
  lines(&first);
  if (two) {
    pthread_join(other, NULL);
    buf_str(out, buf_view(&rest));
  }
  buf_free(&rest);
}

void data_csv(const UiTable *t, Buf *out) { separated(t, ',', csv_text, out); }
void data_tsv(const UiTable *t, Buf *out) { separated(t, '\t', tsv_text, out); }

void data_json_text(Str s, Buf *out) {
  buf_char(out, '"');
  for (size_t i = 0; i < s.n;) {
    uint32_t c = utf8_next(s, &i);
    if (c == '"' || c == '\\') {
      buf_char(out, '\\');
      buf_char(out, (char)c);
    } else if (c == '\n') {
      buf_puts(out, "\\n");
    } else if (c == '\t') {
      buf_puts(out, "\\t");
    } else if (c == '\r') {
      buf_puts(out, "\\r");
    } else if (c < 0x20 || c == 0x7F) {
      buf_printf(out, "\\u%04x", c);
    } else {
      utf8_put(out, c);
    }
  }
  buf_char(out, '"');
}

static void json_val(Val v, Buf *out) {
  if (v.t == V_NULL) {
    buf_puts(out, "null");
  } else if (v.t == V_LIST) {
    buf_char(out, '[');
    for (size_t i = 0; i < v.n; i++) {
      if (i) buf_puts(out, ", ");
      json_val(v.u.v[i], out);
    }
    buf_char(out, ']');
  } else if (v.t == V_CONTEXT) {
    const ValContext *c = v.u.p;
    buf_char(out, '{');
    for (size_t i = 0; i < c->n; i++) {
      if (i) buf_puts(out, ", ");
      data_json_text(c->entry[i].key, out);
      buf_puts(out, ": ");
      json_val(c->entry[i].val, out);
    }
    buf_char(out, '}');
  } else if (val_is_num(v) || v.t == V_BOOL) {
    fmt_data(v, out);
  } else {
    Buf b = {0};
    fmt_data(v, &b);
    bool number = v.t == V_SECS && b.n && b.p[b.n - 1] >= '0' && b.p[b.n - 1] <= '9';
    if (number) buf_str(out, buf_view(&b));
    else data_json_text(buf_view(&b), out);
    buf_free(&b);
  }
}

/* Titles as JSON keys, each once. */
static Str *keys(const UiTable *t, Arena *a) {
  Str *key = arena_alloc(a, t->ncol * sizeof *key);
  for (size_t j = 0; j < t->ncol; j++) {
    key[j] = t->col[j].title;
    for (int n = 2;; n++) {
      size_t k = 0;
      while (k < j && !str_eq(key[k], key[j])) k++;
      if (k == j) break;
      key[j] = str_of(arena_printf(a, "%.*s_%d", STR_ARG(t->col[j].title), n));
    }
  }
  return key;
}

static void object(const UiTable *t, const Str *key, size_t row, Str table, Buf *out) {
  buf_char(out, '{');
  if (table.n) {
    buf_puts(out, "\"table\": ");
    data_json_text(table, out);
  }
  for (size_t j = 0; j < t->ncol; j++) {
    if (j || table.n) buf_puts(out, ", ");
    data_json_text(key[j], out);
    buf_puts(out, ": ");
    json_val(t->cell[row * t->ncol + j], out);
  }
  buf_char(out, '}');
}

void data_json(const UiTable *t, Buf *out) {
  Arena a = {0};
  const Str *key = keys(t, &a);
  buf_char(out, '[');
  for (size_t i = 0; i < t->nrow; i++) {
    buf_puts(out, i ? ",\n  " : "\n  ");
    object(t, key, i, (Str){0}, out);
  }
  buf_puts(out, t->nrow ? "\n]" : "]");
  arena_free(&a);
}

void data_jsonl(const UiTable *t, Str table, Buf *out) {
  Arena a = {0};
  const Str *key = keys(t, &a);
  for (size_t i = 0; i < t->nrow; i++) {
    object(t, key, i, table, out);
    buf_char(out, '\n');
  }
  arena_free(&a);
}
