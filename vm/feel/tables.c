#include "feel/analyse.h"
#include "feel/grid.h"
#include "feel/dmn_grid.h"
#include "feel/score.h"

#include "base/lang.h"

#include <string.h>

static const struct { const char *name, *letter; HitPolicy policy; } policies[] = {
    {"unique", "U", HIT_UNIQUE},           {"any", "A", HIT_ANY},
    {"priority", "P", HIT_PRIORITY},       {"first", "F", HIT_FIRST},
    {"rule order", "R", HIT_RULE_ORDER},   {"rule-order", "R", HIT_RULE_ORDER},
    {"output order", "O", HIT_OUTPUT_ORDER}, {"output-order", "O", HIT_OUTPUT_ORDER},
    {"collect", "C", HIT_COLLECT},         {"collect +", "C+", HIT_SUM},
    {"collect <", "C<", HIT_MIN},          {"collect >", "C>", HIT_MAX},
    {"collect #", "C#", HIT_COUNT}};

const char *hit_policy_name(HitPolicy p) {
  for (size_t i = sizeof policies / sizeof *policies; i-- > 0;)
    if (policies[i].policy == p) return policies[i].name;
  return "";
}

static bool read_policy(const Src *src, HitPolicy *out, Err *e) {
  Str s = str_trim(src->text);
  for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
    if (str_is(s, policies[i].name) || str_is(s, policies[i].letter)) {
      *out = policies[i].policy;
      return true;
    }
  src_err(e, src, 0, src->text.n, "%.*s is no hit policy", STR_ARG(s));
  return err_todo(e, "policies: unique any priority first rule-order output-order collect (collect + < > #)");
}

static void read_inputs(Rules *r, Table *t) {
  Grid *g = &t->grid;
  t->in = arena_zalloc(&r->arena, g->nin, sizeof *t->in);
  Str *head = arena_zalloc(&r->arena, g->nin, sizeof *head);
  for (size_t i = 0; i < g->nin; i++) {
    Src src = g->in[i];
    head[i] = src.text;
    t->in[i].lenient = src.text.n && src.text.p[src.text.n - 1] == '?';
    if (t->in[i].lenient) src.text = str_trim(str_sub(src.text, 0, src.text.n - 1));
    t->in[i].src = src;
  }
  t->info.nin = g->nin;
  t->info.in = head;
}

static void read_outputs(Rules *r, Table *t) {
  Grid *g = &t->grid;
  t->out = arena_zalloc(&r->arena, g->nout, sizeof *t->out);
  Str *head = arena_zalloc(&r->arena, g->nout, sizeof *head);
  for (size_t i = 0; i < g->nout; i++) {
    head[i] = str_trim(g->out[i].text);
    t->out[i].src = g->out[i];
    t->out[i].note = g->note && g->note[i];
    Sym *s = sym_add(r, SYM_OUTPUT, head[i], g->out[i]);
    s->src.what = NULL;
    s->entity = t->info.entity;
    s->table = t;
    s->col = (uint32_t)i;
    t->out[i].sym = s;
  }
  t->info.nout = g->nout;
  t->info.out = head;
}

static bool read_rows(Rules *r, Table *t, Err *e) {
  Grid *g = &t->grid;
  t->number = arena_zalloc(&r->arena, g->nrow, sizeof *t->number);
  t->cell = arena_zalloc(&r->arena, g->nrow * (g->nin + g->nout), sizeof *t->cell);
  t->else_row = t->unknown_row = -1;
  for (size_t i = 0; i < g->nrow; i++) {
    int *special = g->mark[i] == GRID_ELSE ? &t->else_row : &t->unknown_row;
    if (g->mark[i] == GRID_ROW) {
      t->number[i] = (int32_t)++t->info.nrow;
    } else {
      if (*special >= 0)
        return src_err(e, &g->cell[i * (g->nin + g->nout)], 0, 0, "a second %s row",
                       g->mark[i] == GRID_ELSE ? "else" : "unknown");
      *special = (int)i;
      t->number[i] = g->mark[i] == GRID_ELSE ? ROW_ELSE : ROW_UNKNOWN;
    }
    for (size_t k = 0; k < g->nin + g->nout; k++)
      t->cell[i * (g->nin + g->nout) + k].src = g->cell[i * (g->nin + g->nout) + k];
  }
  t->info.has_else = t->else_row >= 0;
  t->info.has_unknown = t->unknown_row >= 0;
  return true;
}

typedef enum TableForm { FORM_GRID, FORM_CSV, FORM_DMN } TableForm;

static bool read_grid(Rules *r, Table *t, TableForm form, Err *e) {
  if (form == FORM_CSV) return grid_parse_csv(&t->text, &r->arena, &t->grid, e);
  if (form == FORM_DMN) return grid_parse_dmn(&t->text, t->info.name, &r->arena, &t->grid, e);
  return grid_parse(&t->text, &r->arena, &t->grid, e);
}

static bool table_add(Rules *r, const char *name, const char *of, Src text, TableForm form, const Grid *ready, Err *e) {
  Table *t = arena_zalloc(&r->arena, 1, sizeof *t);
  t->home = r;
  t->info.name = rules_copy(r, str_of(name));
  t->info.entity = of ? host_entity(r->host, str_of(of)) : r->entity;
  if (of && !t->info.entity) return src_err(e, &text, 0, 0, "table %s: there is no entity %s", name, of);
  t->csv = form == FORM_CSV;
  if (!text.what && form == FORM_GRID) text.what = arena_say(&r->arena, "table %s", name);
  t->text = rules_copy_src(r, text);
  if (ready) t->grid = *ready;
  else if (!read_grid(r, t, form, e)) return false;
  if (!read_policy(&t->grid.policy, &t->info.policy, e)) return false;
  t->info.line = t->grid.policy.line;
  if (!t->grid.nout)
    return src_err(e, &t->grid.policy, 0, t->grid.policy.text.n, "table %s has no output column", name);
  read_inputs(r, t);
  read_outputs(r, t);
  mem_grow(r->table, r->captable, r->ntable + 1);
  r->table[r->ntable++] = t;
  return read_rows(r, t, e);
}

bool rules_table(Rules *r, const char *name, const char *of, Src grid, Err *e) {
  return table_add(r, name, of, grid, FORM_GRID, NULL, e);
}

bool rules_table_csv(Rules *r, const char *name, const char *of, Src csv, Err *e) {
  return table_add(r, name, of, csv, FORM_CSV, NULL, e);
}

bool rules_table_dmn(Rules *r, const char *name, const char *of, Src xml, Err *e) {
  return table_add(r, name, of, xml, FORM_DMN, NULL, e);
}

bool rules_table_grid(Rules *r, const char *name, const Grid *g, Err *e) {
  Src place = {.text = {"", 0}, .file = g->policy.file, .line = g->policy.line, .col = 1};
  return table_add(r, name, NULL, place, FORM_DMN, g, e);
}

/* --- types of the outputs ----------------------------------------------- */

static bool empty(Str s) {
  s = str_trim(s);
  return !s.n || str_is(s, "-");
}

static Cell *cell_at(const Table *t, size_t row, size_t col) {
  return &t->cell[row * (t->info.nin + t->info.nout) + col];
}

/* The type of a cell that is a plain literal; T_TEXT for anything else. */
static Type literal_type(Rules *r, const Src *src) {
  Err none = {0};
  Node *n = feel_parse(src, r->dialect, &r->arena, &none);
  err_free(&none);
  const Node *lit = n && n->kind == N_NEG ? n->kid[0] : n;
  if (!lit || lit->kind != N_LIT) return type_of(T_TEXT);
  return type_of_val(r, lit->lit, lit->unit);
}

static Type infer_type(Rules *r, const Table *t, size_t col) {
  Type all = type_of(T_NULL);
  for (size_t i = 0; i < t->grid.nrow; i++) {
    const Cell *c = cell_at(t, i, t->info.nin + col);
    if (empty(c->src.text)) continue;
    Type one = literal_type(r, &c->src);
    if (all.kind == T_NULL) all = one;
    else if (all.kind != one.kind && type_is_span(all) && type_is_span(one)) all = type_num(UNIT_DAYS); /* 1w, 1q */
    else if (all.kind != one.kind) return type_of(T_TEXT);
    else if (all.unit != one.unit) all.unit = UNIT_NONE;
  }
  return all.kind == T_NULL ? type_of(T_TEXT) : all;
}

static Type collected(Rules *r, HitPolicy p, Type one) {
  if (p == HIT_COUNT) return type_num(UNIT_NONE);
  if (p != HIT_COLLECT && p != HIT_RULE_ORDER && p != HIT_OUTPUT_ORDER) return one;
  Check c = {.r = r};
  return type_list(&c, one);
}

bool table_types(Rules *r, Table *t, Err *e) {
  if (t->score) return score_types(r, t, e);
  if (t->typed) return true;
  t->typed = true;
  for (size_t i = 0; i < t->info.nout; i++) {
    TableOutput *o = &t->out[i];
    for (size_t k = 0; k < r->nsym && !o->field; k++) {
      const Sym *s = r->sym[k];
      if (s->kind == SYM_FIELD && s->entity == t->info.entity && str_eq(s->name, o->sym->name)) o->field = s;
    }
    const HostField *hf = host_field(r->host, t->info.entity, o->sym->name);
    if (hf && hf->kind == HOST_FIELD) o->host_field = hf;
    o->type = o->field ? o->field->type : o->host_field ? o->host_field->type : infer_type(r, t, i);
    o->sym->type = collected(r, t->info.policy, o->type);
    o->sym->state = SYM_DONE;
  }
  HitPolicy p = t->info.policy;
  bool aggregates = p == HIT_SUM || p == HIT_MIN || p == HIT_MAX || p == HIT_COUNT;
  if (aggregates && t->info.nout != 1)
    return src_err(e, &t->grid.policy, 0, t->grid.policy.text.n,
                   "collect with an operator has one output column");
  if (p == HIT_SUM && t->out[0].type.kind != T_NUM)
    return src_err(e, &t->out[0].src, 0, t->out[0].src.text.n, "collect + adds numbers up; %.*s is text",
                   STR_ARG(t->out[0].sym->name));
  if ((p == HIT_PRIORITY || p == HIT_OUTPUT_ORDER) && !t->out[0].type.domain) {
    src_err(e, &t->grid.policy, 0, t->grid.policy.text.n,
            "priority goes by the order of the output's values, and %.*s has none",
            STR_ARG(t->out[0].sym->name));
    return err_todo(e, "declare it: fields = [[ %.*s : ranked …, … ]]", STR_ARG(t->out[0].sym->name));
  }
  return true;
}

bool rules_fills(Rules *r, Str entity, Str field, Err *e) {
  for (size_t k = 0; k < r->ntable; k++) {
    const Table *t = r->table[k];
    if (!str_eq(entity_name(r->host, t->info.entity), entity)) continue;
    for (size_t i = 0; i < t->info.nout; i++) {
      const TableOutput *o = &t->out[i];
      if (!str_eq(o->sym->name, field) || o->note || type_fits(o->type, o->sym->type)) continue;
      Buf takes = {0}, made = {0};
      type_say(r->host, o->type, &takes);
      type_say(r->host, o->sym->type, &made);
      src_err(e, &o->src, 0, o->src.text.n, "field %.*s takes %.*s; a table that says %.*s gives %.*s", STR_ARG(field),
              (int)takes.n, takes.p, STR_ARG(str_trim(t->grid.policy.text)), (int)made.n, made.p);
      buf_free(&takes);
      buf_free(&made);
      err_todo(e, "call the output something else and read it in a metric, or write first, unique or priority");
      return err_left(e, "nothing has run");
    }
  }
  return true;
}

/* --- headings and cells ------------------------------------------------- */

static bool check_heading(Check *c, TableInput *in) {
  Node *n = feel_parse(&in->src, c->r->dialect, &c->r->arena, c->e);
  if (!n) return false;
  Op *o = check_node(c, n);
  if (!o) return false;
  if (op_is_rows(o)) o = op_list_of_rows(c, o);
  in->type = o->type;
  in->op = op1(c, K_MEMO, n, o->type, o);
  return true;
}

static bool is_words(Type t) {
  if (t.kind == T_LIST) t = type_element(t);
  return t.kind == T_TEXT;
}

/* 3~5, 3–5, 3 to 5, 3至5: what people write who mean [3..5]. */
static bool suggest_range(Str s, Err *e) {
  static const char *const sign[] = {"..", "~", "～", "–", "—", " to ", "至", "到"};
  for (size_t k = 0; k < sizeof sign / sizeof *sign; k++) {
    size_t n = strlen(sign[k]);
    for (size_t i = 1; i + n < s.n; i++) {
      if (memcmp(s.p + i, sign[k], n) != 0) continue;
      Str low = str_trim(str_sub(s, 0, i)), high = str_trim(str_sub(s, i + n, s.n));
      bool figures = low.n && high.n && low.p[0] >= '0' && low.p[0] <= '9' && high.p[0] >= '0' && high.p[0] <= '9';
      return figures ? err_todo(e, "write [%.*s..%.*s]", STR_ARG(low), STR_ARG(high)) : false;
    }
  }
  return false;
}

/* 3-5 reads as minus 2, and nobody means that in a cell. */
static const Node *minus_between(const Node *n) {
  if (n->kind == N_TESTS || n->kind == N_LIST)
    for (uint32_t i = 0; i < n->nkid; i++) {
      const Node *found = minus_between(n->kid[i]);
      if (found) return found;
    }
  bool minus = n->kind == N_BIN && n->op == OP_SUB && n->kid[0]->kind == N_LIT && n->kid[1]->kind == N_LIT;
  return minus ? n : NULL;
}

static bool means_range(Check *c, const Cell *cell, const TableInput *in) {
  Str text = str_trim(cell->src.text);
  if (in->type.kind == T_NUM && grid_thousands(text)) {
    char copy[64];
    src_err(c->e, &cell->src, 0, text.n, "the comma in %.*s would part two figures", STR_ARG(text));
    return err_todo(c->e, "write %.*s, or a blank behind a comma between alternatives",
                    STR_ARG(grid_without_commas(text, copy, sizeof copy)));
  }
  const Node *n = minus_between(cell->node);
  if (!n) return true;
  Str low = str_sub(cell->src.text, n->kid[0]->at, n->kid[0]->at + n->kid[0]->len),
      high = str_sub(cell->src.text, n->kid[1]->at, n->kid[1]->at + n->kid[1]->len);
  src_err(c->e, &cell->src, n->at, n->len, "%.*s would be %.*s minus %.*s, not a range of %.*s", STR_ARG(str_sub(cell->src.text, n->at, n->at + n->len)),
          STR_ARG(low), STR_ARG(high), STR_ARG(str_trim(in->src.text)));
  return err_todo(c->e, "write [%.*s..%.*s]", STR_ARG(low), STR_ARG(high));
}

static bool check_input_cell(Check *c, Table *t, size_t row, size_t col) {
  Cell *cell = cell_at(t, row, col);
  TableInput *in = &t->in[col];
  if (!str_trim(cell->src.text).n) {
    src_err(c->e, &cell->src, 0, 0, "table %.*s, row %d: the cell under %.*s is blank", STR_ARG(t->info.name),
            t->number[row], STR_ARG(in->src.text));
    return err_todo(c->e, "write - for any value");
  }
  cell->node = feel_parse_tests(&cell->src, c->r->dialect, is_words(in->type), &c->r->arena, c->e);
  if (!cell->node) return suggest_range(str_trim(cell->src.text), c->e);
  cell->any = cell->node->kind == N_ANY;
  if (cell->any) return true;
  if (!means_range(c, cell, in)) return false;
  Node *heading = (Node *)in->op->node;
  if (in->type.kind != T_LIST) return (cell->op = check_test(c, in->op, heading, cell->node)) != NULL;
  Scope item = {.level = c->scope->level + 1, .type = type_element(in->type), .up = c->scope};
  Op *var = op_new(c, K_VAR, heading, item.type);
  var->num = item.level;
  c->scope = &item;
  Op *test = check_test(c, var, heading, cell->node);
  c->scope = item.up;
  if (!test) return false;
  cell->op = op2(c, K_QUANTIFY, cell->node, type_of(T_BOOL), in->op, test);
  cell->op->code = N_EVERY;
  cell->op->num = 1;
  return true;
}

static bool check_text_cell(Check *c, const TableOutput *o, Cell *cell) {
  Node *n = feel_parse_template(&cell->src, c->r->dialect, &c->r->arena, c->e);
  if (!n) return false;
  cell->node = n;
  bool plain = true;
  for (uint32_t i = 0; i < n->nkid; i++) plain &= n->kid[i]->kind != N_HOLE;
  if (!plain) return (cell->op = check_template(c, n)) != NULL;
  Str text = str_trim(cell->src.text);
  if (text.n >= 2 && (text.p[0] == '\'' || text.p[0] == '"') && text.p[text.n - 1] == text.p[0])
    text = str_sub(text, 1, text.n - 1);
  if (!domain_holds(c, n, o->sym->name, o->type.domain, text)) return false;
  cell->op = op_lit(c, n, val_text(text), type_of(T_TEXT));
  return true;
}

static bool in_field_limits(Check *c, const TableOutput *o, const Cell *cell) {
  const Sym *f = o->field;
  if (!f || cell->op->kind != K_LIT || !val_is_num(cell->op->lit)) return true;
  bool low = f->low.t && val_order(cell->op->lit, f->low) < 0,
       high = f->high.t && val_order(cell->op->lit, f->high) > 0;
  if (!low && !high) return true;
  return src_err(c->e, &cell->src, 0, cell->src.text.n, "%.*s is outside the limits of %.*s",
                 STR_ARG(cell->src.text), STR_ARG(f->name));
}

static bool check_value_cell(Check *c, const TableOutput *o, Cell *cell) {
  Src src = cell->src;
  Str s = src.text;
  if (s.n >= 2 && s.p[0] == '{' && s.p[s.n - 1] == '}') src = src_sub(&src, 1, s.n - 1);
  Src *kept = arena_alloc(&c->r->arena, sizeof *kept);
  *kept = src;
  if (!(cell->node = feel_parse(kept, c->r->dialect, &c->r->arena, c->e))) return false;
  if (!(cell->op = check_node(c, cell->node))) return false;
  Type have = cell->op->type;
  bool span = type_is_span(o->type) && type_is_span(have);
  if (!span && !type_fits(o->type, have)) {
    Buf a = {0}, b = {0};
    type_say(c->r->host, o->type, &a);
    type_say(c->r->host, have, &b);
    src_err(c->e, &cell->src, 0, cell->src.text.n, "%.*s takes %.*s, this is %.*s", STR_ARG(o->sym->name),
            (int)a.n, a.p, (int)b.n, b.p);
    buf_free(&a);
    buf_free(&b);
    return false;
  }
  if (span && o->type.kind == T_NUM && have.kind != T_NUM) {
    cell->op = op1(c, K_DAYS, cell->node, type_num(UNIT_DAYS), cell->op);
    cell->op->dated = true;
  }
  if (have.kind == T_NUM && o->type.kind == T_NUM && !unit_class_same(o->type.unit, have.unit))
    return src_err(c->e, &cell->src, 0, cell->src.text.n, "%.*s is %s, not %s", STR_ARG(o->sym->name),
                   unit_name(o->type.unit), unit_name(have.unit));
  return in_field_limits(c, o, cell);
}

static bool check_output_cell(Check *c, Table *t, size_t row, size_t col) {
  Cell *cell = cell_at(t, row, t->info.nin + col);
  const TableOutput *o = &t->out[col];
  if (empty(cell->src.text)) return true;
  return o->type.kind == T_TEXT || o->note ? check_text_cell(c, o, cell) : check_value_cell(c, o, cell);
}

/* --- what a table leans on ---------------------------------------------- */

static void leans_on(Table *t, const Op *op) {
  if (op->kind == K_OUTPUT) {
    Table *other = ((const Sym *)op->ref)->table;
    bool known = other == t;
    for (size_t i = 0; i < t->nlean; i++) known |= t->lean[i] == other;
    if (!known) {
      mem_grow(t->lean, t->caplean, t->nlean + 1);
      t->lean[t->nlean++] = other;
    }
  }
  if (op->kind == K_METRIC || op->kind == K_METRIC_ROWS) {
    const Sym *metric = op->ref;
    if (metric->leans && metric->op) leans_on(t, metric->op);
  }
  if (op->kind == K_SET) {
    const SetCall *s = op->ref;
    if (s->x) leans_on(t, s->x);
    if (s->within) leans_on(t, s->within);
    if (s->among) leans_on(t, s->among);
  }
  for (uint32_t i = 0; i < op->nkid; i++) leans_on(t, op->kid[i]);
}

static void note_op(Table *t, const Op *op) {
  leans_on(t, op);
  int h = op_height(op);
  if (h > t->height) t->height = h;
}

static void note_leans(Rules *r, Table *t) {
  size_t per = t->info.nin + t->info.nout;
  for (size_t i = 0; i < t->info.nin; i++) note_op(t, t->in[i].op);
  for (size_t i = 0; i < t->grid.nrow * per; i++)
    if (t->cell[i].op) note_op(t, t->cell[i].op);
  Str *name = arena_zalloc(&r->arena, t->nlean, sizeof *name);
  for (size_t i = 0; i < t->nlean; i++) name[i] = t->lean[i]->info.name;
  t->info.nlean = t->nlean;
  t->info.lean = name;
}

/* Beside the heading at fault the table's first row, so that the eye finds the column. */
static bool beside_row(const Table *t, Err *e) {
  enum { SHOWN = 35 };
  const Str all = t->text.text, cell = t->cell[0].src.text;
  if (t->csv || !t->grid.nrow || cell.p < all.p || cell.p >= all.p + all.n) return false;
  size_t from = (size_t)(cell.p - all.p), to = from;
  while (from > 0 && all.p[from - 1] != '\n') from--;
  while (to < all.n && all.p[to] != '\n' && all.p[to] != '\r') to++;
  Buf b = {0};
  buf_printf(&b, "  %.*s", STR_ARG(str_trim(str_sub(all, from, to))));
  err_above(e, buf_view(&b), SHOWN);
  buf_free(&b);
  return false;
}

static bool check_cells(Check *c, Table *t) {
  Rules *r = c->r;
  for (size_t i = 0; i < t->info.nin; i++)
    if (!check_heading(c, &t->in[i])) return beside_row(t, c->e);
  Alias *alias = arena_zalloc(&r->arena, t->info.nin, sizeof *alias);
  for (size_t i = 0; i < t->info.nin; i++) alias[i] = (Alias){str_trim(t->in[i].src.text), t->in[i].op};
  for (size_t row = 0; row < t->grid.nrow; row++) {
    for (size_t k = 0; k < t->info.nin && t->grid.mark[row] == GRID_ROW; k++)
      if (!check_input_cell(c, t, row, k)) return false;
    c->alias = alias;
    c->nalias = t->info.nin;
    for (size_t k = 0; k < t->info.nout; k++)
      if (!check_output_cell(c, t, row, k)) return false;
    c->alias = NULL;
    c->nalias = 0;
  }
  return true;
}

bool table_check(Rules *r, Table *t, Sym *asker, Err *e) {
  if (t->state == SYM_DONE) return true;
  if (t->state == SYM_CHECKING) {
    src_err(e, &t->grid.policy, 0, t->grid.policy.text.n, "%s %.*s needs its own output%s%.*s",
            t->score ? _("score") : _("table"), STR_ARG(t->info.name), asker ? _(", through ") : "", STR_ARG(asker ? asker->name : (Str){0}));
    return err_todo(e, "break the ring: an input has to stand on figures that the table does not make");
  }
  if (!table_types(r, t, e)) return false;
  t->state = SYM_CHECKING;
  Scope row = {.row = true, .entity = t->info.entity};
  Check c = {.r = r, .e = e, .scope = &row, .table = t, .metric = asker};
  if (asker) asker->via = t;
  bool ok = t->score ? score_check(&c, t) : check_cells(&c, t);
  if (asker) asker->via = NULL;
  mem_free(c.name);
  t->state = ok ? SYM_DONE : SYM_NEW;
  if (ok) note_leans(r, t);
  return ok;
}
