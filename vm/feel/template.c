/* Templates: text with {expr} and {expr:fmt}; and lists of columns, which end
 * their expressions in the same way. */
#include "feel/parse.h"

#include "base/lang.h"

#include <string.h>

/* A format from ':' at hand up to `end`. */
static bool format(Parser *p, size_t end, Fmt *out) {
  size_t from = p->tok.at + p->tok.len;
  Str raw = str_sub(p->lx.src->text, from, end), s = str_trim(raw);
  if (s.n && fmt_parse(s, out)) return true;
  size_t at = s.n ? from + (size_t)(s.p - raw.p) : from;
  src_err(p->e, p->lx.src, at, s.n, s.n ? "%.*s is no format" : N_("a colon without a format%.*s"), STR_ARG(s));
  return err_todo(p->e, "formats: %%  +%%  万  亿  ¥  d  .1  pts  bars  date");
}

static bool add_text(Parser *p, Kids *k, size_t from, size_t to, Buf *b) {
  if (!b->n) return true;
  p->end = to;
  Str s = {arena_strndup(p->a, b->p, b->n), b->n};
  Node *x = parse_lit(p, from, val_text(s), UNIT_NONE);
  kids_add(p, k, x, (Str){0});
  buf_clear(b);
  return true;
}

static Node *unclosed(const Src *src, size_t at, Err *e) {
  src_err(e, src, at, 1, "this { is never closed");
  err_todo(e, "a brace itself is written {{");
  return NULL;
}

/* {expr:fmt} from its brace on; *at moves behind it. */
static Node *hole(const Src *src, Dialect d, size_t *at, Arena *a, Err *e) {
  size_t from = *at, end = src->text.n;
  Parser p = parser_of(src, from + 1, end, d, a, e);
  Fmt fmt = {FMT_AUTO, -1};
  if (!parse_next(&p)) return NULL;
  if (p.tok.kind == TOK_END) return unclosed(src, from, e);
  if (parse_is(&p, '}')) {
    src_err(e, src, from, p.tok.at + p.tok.len - from, "nothing stands between the braces");
    err_todo(e, "a brace itself is written {{");
    return NULL;
  }
  Node *x = parse_expr(&p);
  if (!x) return NULL;
  if (parse_is(&p, ':')) {
    const char *close = memchr(src->text.p + p.tok.at, '}', end - p.tok.at);
    if (close) {
      end = (size_t)(close - src->text.p);
      if (!format(&p, end, &fmt)) return NULL;
      p.tok = (Tok){.kind = TOK_SIGN, .sign = '}', .at = (uint32_t)end, .len = 1};
    }
  }
  if (!parse_is(&p, '}')) {
    if (p.tok.kind == TOK_END || parse_is(&p, ':')) return unclosed(src, from, e);
    return parse_fail(&p, "} to close the expression");
  }
  p.end = p.tok.at + p.tok.len;
  *at = p.end;
  x = parse_node1(&p, N_HOLE, from, x);
  if (x) x->fmt = fmt;
  return x;
}

Node *feel_parse_template(const Src *src, Dialect d, Arena *a, Err *e) {
  src = parser_src(src, a, e);
  if (!src) return NULL;
  Str t = src->text;
  Parser p = parser_of(src, 0, t.n, d, a, e);
  Kids k = {0};
  Buf b = {0};
  Node *x = NULL;
  size_t from = 0;
  for (size_t at = 0; at < t.n;) {
    char c = t.p[at];
    if ((c == '{' || c == '}') && at + 1 < t.n && t.p[at + 1] == c) {
      buf_char(&b, c);
      at += 2;
    } else if (c != '{') {
      buf_char(&b, c);
      at++;
    } else {
      add_text(&p, &k, from, at, &b);
      Node *h = hole(src, d, &at, a, e);
      if (!h) goto done;
      kids_add(&p, &k, h, (Str){0});
      from = at;
    }
  }
  add_text(&p, &k, from, t.n, &b);
  p.end = t.n;
  x = parse_node(&p, N_TEMPLATE, 0, &k);
done:
  buf_free(&b);
  return x;
}

/* --- columns */

/* Where the column that goes on at `at` ends: its comma outside quotes, or the end. */
static size_t column_end(const Parser *p, size_t at) {
  Err ignored = {0};
  Lexer lx = p->lx;
  lx.e = &ignored;
  Tok t;
  for (size_t next; at < lx.end; at = next) {
    if (lex_char(&lx, at, &next) == ',') break;
    if (lex_quote(&lx, at) && lex_text(&lx, at, &t)) next = t.at + t.len;
  }
  err_free(&ignored);
  return at;
}

/* Where a format ends: at "as" behind a blank, or with the column. */
static size_t format_end(Str t, size_t at, size_t end) {
  for (size_t i = at; i + 3 < end; i++)
    if ((t.p[i] == ' ' || t.p[i] == '\t') && t.p[i + 1] == 'a' && t.p[i + 2] == 's' &&
        (t.p[i + 3] == ' ' || t.p[i + 3] == '\t'))
      return i;
  return end;
}

static bool title(Parser *p, size_t from, size_t end, Str *out) {
  Tok t;
  Str s = str_trim(str_sub(p->lx.src->text, from, end));
  if (!s.n) return src_err(p->e, p->lx.src, from, 0, "expected a title behind as");
  size_t at = (size_t)(s.p - p->lx.src->text.p);
  *out = s;
  if (!lex_quote(&p->lx, at)) return true;
  if (!lex_text(&p->lx, at, &t)) return false;
  *out = val_str(t.lit);
  if (t.at + t.len == at + s.n) return true;
  return src_err(p->e, p->lx.src, t.at + t.len, at + s.n - t.at - t.len, "expected a comma behind the title");
}

static Str own_title(Parser *p, const Column *c, Str written) {
  const Node *x = c->expr;
  if (x->kind == N_PATH && str_is(x->name, "name"))
    written = str_sub(p->lx.src->text, x->kid[0]->at, x->kid[0]->at + x->kid[0]->len);
  if (c->fmt.kind != FMT_WAN && c->fmt.kind != FMT_YI) return written;
  const char *z = arena_printf(p->a, "%.*s, %s", STR_ARG(written), fmt_name(c->fmt));
  return str_of(z);
}

/* One column; *at moves to its comma or the end. */
static bool column(Parser *p, size_t *at, Column *out) {
  *out = (Column){.fmt = {FMT_AUTO, -1}};
  p->tok = (Tok){.at = (uint32_t)*at};
  if (!parse_next(p)) return false;
  size_t from = p->tok.at;
  if (parse_is(p, ',') || p->tok.kind == TOK_END) return parse_fail(p, "a column") != NULL;
  out->expr = parse_expr(p);
  if (!out->expr) return false;
  Str written = str_sub(p->lx.src->text, from, p->end);
  size_t end = column_end(p, p->tok.at), behind = end;
  if (parse_is(p, ':')) {
    behind = format_end(p->lx.src->text, p->tok.at, end);
    Str written_fmt = str_trim(str_sub(p->lx.src->text, p->tok.at + p->tok.len, behind));
    if (!format(p, behind, &out->fmt)) return false;
    out->fmt_at = (uint32_t)(written_fmt.p - p->lx.src->text.p);
    out->fmt_len = (uint32_t)written_fmt.n;
    p->tok = (Tok){.at = (uint32_t)behind};
    if (behind < end && !parse_next(p)) return false;
  }
  if (parse_word(p, WORD_AS)) {
    if (!title(p, p->tok.at + p->tok.len, end, &out->title)) return false;
  } else if (behind == end && !parse_is(p, ',') && p->tok.at < end) {
    return parse_finish(p);
  }
  if (!out->title.n) out->title = own_title(p, out, written);
  *at = end;
  return true;
}

/* Is `path` owner itself, or another step from owner? */
static bool same_head(const Node *path, const Node *x) {
  const Node *head = path->kid[0];
  while (x && x->kind == N_PATH && head->kind != N_PATH && x->kid[0]->kind == N_PATH) x = x->kid[0];
  if (x && x->kind == N_PATH && !str_is(x->name, "name")) x = x->kid[0];
  if (!x) return false;
  Str a = {head->src->text.p + head->at, head->len}, b = {x->src->text.p + x->at, x->len};
  return str_eq(a, b);
}

/* "parent" is short for parent.name only while no other column is about the parent. */
static void whole_titles(Column *list, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const Node *x = list[i].expr;
    if (!x || x->kind != N_PATH || !str_is(x->name, "name")) continue;
    Str head = {x->src->text.p + x->kid[0]->at, x->kid[0]->len};
    if (!str_eq(list[i].title, head)) continue;
    for (size_t k = 0; k < n; k++)
      if (k != i && same_head(x, list[k].expr)) list[i].title = (Str){x->src->text.p + x->at, x->len};
  }
}

bool feel_parse_columns(const Src *src, Dialect d, Arena *a, Column **out, size_t *n, Err *e) {
  src = parser_src(src, a, e);
  if (!src) return false;
  Parser p = parser_of(src, 0, src->text.n, d, a, e);
  Column *list = NULL;
  size_t cap = 0;
  bool ok = false;
  *n = 0;
  for (size_t at = 0;;) {
    mem_grow(list, cap, *n + 1);
    if (!column(&p, &at, &list[*n])) goto done;
    ++*n;
    if (at >= src->text.n) break;
    lex_char(&p.lx, at, &at);
  }
  whole_titles(list, *n);
  *out = arena_alloc(a, *n * sizeof **out);
  memcpy(*out, list, *n * sizeof **out);
  ok = true;
done:
  mem_free(list);
  return ok;
}
