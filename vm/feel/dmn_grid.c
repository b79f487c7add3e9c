#include "feel/dmn_grid.h"

#include "base/lang.h"

#include "feel/dmn_inside.h"

#include <string.h>

typedef struct Convert {
  const Dmn *m;
  const DmnTable *t;
  Arena *a; /* of the grid */
  Grid *g;
  Err *e;
  const Str *name; /* of the columns, instead of what they are headed by; or NULL */
} Convert;

static const char *const policies[] = {
  [POLICY_UNIQUE] = "unique", [POLICY_ANY] = "any", [POLICY_PRIORITY] = "priority", [POLICY_FIRST] = "first",
  [POLICY_RULE_ORDER] = "rule-order", [POLICY_OUTPUT_ORDER] = "output-order", [POLICY_COLLECT] = "collect",
};
static const char *const aggregates[] = {
  [AGGREGATE_NONE] = "collect", [AGGREGATE_SUM] = "collect +", [AGGREGATE_COUNT] = "collect #",
  [AGGREGATE_MIN] = "collect <", [AGGREGATE_MAX] = "collect >",
};

/* The model is gone when the grid is read: its texts are copied. */
static Src kept(Convert *c, Src src, Str text) {
  src.text = (Str){arena_strndup(c->a, text.p ? text.p : "", text.n), text.n};
  src.whole = (Str){0};
  if (src.what) src.what = arena_strndup(c->a, src.what, strlen(src.what));
  if (src.file) src.file = arena_strndup(c->a, src.file, strlen(src.file));
  return src;
}

static const XmlNode *extension(const XmlNode *x, const char *name) {
  const XmlNode *ext = x ? xml_kid(x, "extensionElements") : NULL;
  for (const XmlNode *k = ext ? ext->kid : NULL; k; k = k->next)
    if (str_is(k->ns, DMN_GRID_NS) && str_is(k->name, name)) return k;
  return NULL;
}

/* The rule that the text at hand was written from, if nobody changed that text since. */
static bool original(const XmlNode *x, Str text, Str *out) {
  const XmlNode *k = extension(x, "text");
  if (!k || !str_eq(xml_attr(k, "of"), text)) return false;
  *out = k->text;
  return true;
}

static bool same_tree(const Node *a, const Node *b) {
  Buf x = {0}, y = {0};
  if (a) feel_dump(a, &x);
  if (b) feel_dump(b, &y);
  bool same = a && b && str_eq(buf_view(&x), buf_view(&y));
  buf_free(&x);
  buf_free(&y);
  return same;
}

static bool differs(Convert *c, const Src *src) {
  src_err(c->e, src, 0, src->text.n, "in a playbook this means something else");
  return err_todo(c->e, "there, names have no blanks, and built-ins are written with _ (string_length)");
}

static Node *as_expression(const Src *src, Arena *a) {
  Err none = {0};
  Node *x = feel_parse(src, DIALECT_RULES, a, &none);
  err_free(&none);
  return x;
}
static Node *as_tests(const Src *src, Arena *a, bool words) {
  Err none = {0};
  Node *x = feel_parse_tests(src, DIALECT_RULES, words, a, &none);
  err_free(&none);
  return x;
}

/* --- headings and cells */

static bool heading(Convert *c, const DmnColumn *col, Src *out) {
  const Src *src = &col->expr.src;
  Str text = src->text;
  bool own = original(col->expr.xml, text, &text);
  *out = kept(c, *src, text);
  return own || same_tree(as_expression(src, c->a), col->expr.node) || differs(c, src);
}

/* Does a bare name stand where a text column reads a word? */
static bool bare_name(const Node *tests) {
  for (uint32_t i = 0; tests->kind == N_TESTS && i < tests->nkid; i++)
    if (tests->kid[i]->kind == N_NAME) return true;
  return false;
}

static bool test_cell(Convert *c, const DmnText *t, Src *out) {
  Str text = t->src.text.n ? t->src.text : STR("-");
  bool own = original(t->xml, t->src.text, &text);
  *out = kept(c, t->src, text);
  if (own || !t->node) return true;
  /* Under a text column bare words are texts in a playbook, and nobody knows yet what the column is. */
  bool any = same_tree(as_tests(&t->src, c->a, false), t->node),
       words = same_tree(as_tests(&t->src, c->a, true), t->node);
  bool name = bare_name(t->node);
  if (any && words && !name) return true;
  if (!any || !name || t->node->nkid != 1 || t->node->op) return differs(c, &t->src);
  const char *braced = arena_printf(c->a, "{%.*s}", STR_ARG(text));
  out->text = str_of(braced);
  return true;
}

static bool plain_text(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if (strchr("\"\\{}'\n", s.p[i])) return false;
  return true;
}

/* For who only compares: the expression as a text of its own. */
static void as_words(Convert *c, Src *out) {
  char *copy = arena_strndup(c->a, out->text.p, out->text.n);
  for (size_t i = 0; i < out->text.n; i++)
    if (strchr("\"\\{}'\n\r|", copy[i]) && copy[i]) copy[i] = '_';
  out->text.p = copy;
}

static bool output_cell(Convert *c, const DmnText *t, Src *out) {
  Str text = t->src.text;
  bool own = original(t->xml, text, &text);
  *out = kept(c, t->src, text);
  if (own || !t->node) return true;
  const Node *x = t->node;
  if (c->name && x->kind != N_LIT && !(x->kind == N_NEG && x->kid[0]->kind == N_LIT)) {
    as_words(c, out);
    return true;
  }
  if (x->kind == N_LIT && x->lit.t == V_TEXT) return plain_text(val_str(x->lit)) || differs(c, &t->src);
  if (!same_tree(as_expression(&t->src, c->a), x)) return differs(c, &t->src);
  bool literal = x->kind == N_LIT || (x->kind == N_NEG && x->kid[0]->kind == N_LIT);
  if (!literal) out->text = str_of(arena_printf(c->a, "{%.*s}", STR_ARG(text)));
  return true;
}

/* --- rows */

static Src *row_cells(Convert *c, size_t row) { return &c->g->cell[row * (c->g->nin + c->g->nout)]; }

static bool plain_row(Convert *c, size_t row) {
  const DmnRule *rule = &c->t->rule[row];
  Src *cell = row_cells(c, row);
  c->g->line[row] = rule->line;
  for (size_t i = 0; i < c->t->nin; i++)
    if (!test_cell(c, &rule->in[i], cell++)) return false;
  for (size_t i = 0; i < c->t->nout; i++)
    if (!output_cell(c, &rule->out[i], cell++)) return false;
  for (size_t i = 0; i < c->t->nnote; i++)
    *cell++ = kept(c, (Src){.file = c->g->policy.file, .line = rule->line, .col = 1}, rule->note[i]);
  return true;
}

static Src blank(const Convert *c, int line) {
  return (Src){.text = {"", 0}, .file = c->g->policy.file, .line = line, .col = 1};
}

static bool else_row(Convert *c, size_t row) {
  Src *cell = row_cells(c, row);
  const DmnTable *t = c->t;
  c->g->mark[row] = GRID_ELSE;
  for (size_t i = 0; i < t->nin + t->nout + t->nnote; i++) cell[i] = blank(c, t->xml->line);
  for (size_t i = 0; i < t->nout; i++) {
    if (!t->out[i].fallback.src.text.n) continue;
    c->g->line[row] = t->out[i].fallback.src.line;
    if (!output_cell(c, &t->out[i].fallback, &cell[t->nin + i])) return false;
  }
  const XmlNode *notes = extension(t->xml, "else"), *k = notes ? notes->kid : NULL;
  for (size_t i = 0; i < t->nnote && k; i++, k = k->next)
    cell[t->nin + t->nout + i].text = kept(c, (Src){0}, k->text).text;
  return true;
}

static void unknown_row(Convert *c, size_t row, const XmlNode *x) {
  Src *cell = row_cells(c, row);
  c->g->mark[row] = GRID_UNKNOWN;
  c->g->line[row] = x->line;
  for (size_t i = 0; i < c->g->nin + c->g->nout; i++) cell[i] = blank(c, x->line);
  const XmlNode *k = x->kid;
  for (size_t i = 0; i < c->g->nout && k; i++, k = k->next)
    cell[c->g->nin + i].text = kept(c, (Src){0}, k->text).text;
}

static bool has_default(const DmnTable *t) {
  for (size_t i = 0; i < t->nout; i++)
    if (t->out[i].fallback.src.text.n) return true;
  return false;
}

static bool columns(Convert *c) {
  Grid *g = c->g;
  const DmnTable *t = c->t;
  for (size_t i = 0; i < t->nin; i++) {
    if (c->name) g->in[i] = kept(c, t->in[i].expr.src, c->name[i]);
    else if (!heading(c, &t->in[i], &g->in[i])) return false;
  }
  for (size_t i = 0; i < t->nout; i++) {
    Src at = {.file = g->policy.file, .line = t->out[i].line, .col = 1};
    g->out[i] = kept(c, at, c->name ? c->name[t->nin + i] : t->out[i].name.n ? t->out[i].name : t->name);
  }
  for (size_t i = 0; i < t->nnote; i++) {
    g->out[t->nout + i] = kept(c, (Src){.file = g->policy.file, .line = t->xml->line, .col = 1}, t->note[i]);
    g->note[t->nout + i] = true;
  }
  return true;
}

static bool convert(Convert *c) {
  Grid *g = c->g;
  const DmnTable *t = c->t;
  const XmlNode *unknown = extension(t->xml, "unknown");
  const char *policy = t->aggregate ? aggregates[t->aggregate] : policies[t->policy];
  g->policy =
    kept(c, (Src){.file = c->m->model[0]->path, .line = t->xml->line, .col = t->xml->col}, str_of(policy));
  g->nin = t->nin;
  g->nout = t->nout + t->nnote;
  g->nrow = t->nrule + has_default(t) + (unknown != NULL);
  g->in = arena_zalloc(c->a, g->nin + 1, sizeof *g->in);
  g->out = arena_zalloc(c->a, g->nout + 1, sizeof *g->out);
  g->note = arena_zalloc(c->a, g->nout + 1, sizeof *g->note);
  g->cell = arena_zalloc(c->a, g->nrow * (g->nin + g->nout) + 1, sizeof *g->cell);
  g->mark = arena_zalloc(c->a, g->nrow + 1, sizeof *g->mark);
  g->line = arena_zalloc(c->a, g->nrow + 1, sizeof *g->line);
  if (!columns(c)) return false;
  for (size_t i = 0; i < t->nrule; i++)
    if (!plain_row(c, i)) return false;
  if (has_default(t) && !else_row(c, t->nrule)) return false;
  if (unknown) unknown_row(c, g->nrow - 1, unknown);
  return true;
}

bool grid_of_dmn(const Dmn *m, const DmnTable *t, const Str *name, Arena *a, Grid *out, Err *e) {
  *out = (Grid){0};
  return convert(&(Convert){.m = m, .t = t, .a = a, .g = out, .e = e, .name = name});
}

/* --- which table */

static const DmnTable *table_of(const DmnItem *item) {
  const DmnBox *b = item->logic;
  if (b && b->kind == BOX_FUNCTION) b = b->nkid ? b->kid[0] : NULL;
  return b && b->kind == BOX_TABLE ? b->table : NULL;
}

static const DmnTable *choose(const Dmn *m, Str name, const Src *at, Err *e) {
  const DmnModel *own = m->model[0];
  const DmnTable *only = NULL;
  size_t n = 0;
  Buf names = {0};
  for (size_t i = 0; i < own->nitem; i++) {
    const DmnTable *t = table_of(own->item[i]);
    if (t && str_eq(own->item[i]->name, name)) {
      buf_free(&names);
      return t;
    }
    if (!t) continue;
    only = t;
    buf_printf(&names, "%s%.*s", n++ ? ", " : "", STR_ARG(own->item[i]->name));
  }
  if (n != 1) {
    only = NULL;
    err_set(e, ERR_FAIL,
            n ? "there is no decision table %.*s in it" : N_("there is no decision table in it, and none %.*s"),
            STR_ARG(name));
    err_at(e, at->file, 0, 0);
    if (n) err_todo(e, "its tables: %.*s", STR_ARG(buf_view(&names)));
  }
  buf_free(&names);
  return only;
}

bool grid_parse_dmn(const Src *text, Str name, Arena *a, Grid *out, Err *e) {
  DmnFile file = {text->file ? text->file : "", text->text};
  Dmn *m = dmn_load(&file, NULL, DMN_STRICT, e);
  if (!m) return false;
  *out = (Grid){0};
  Convert c = {.m = m, .t = choose(m, name, text, e), .a = a, .g = out, .e = e};
  bool ok = c.t && convert(&c);
  dmn_free(m);
  return ok;
}
