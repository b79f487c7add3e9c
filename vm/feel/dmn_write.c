#include "feel/dmn_grid.h"

#include "base/num.h"
#include "feel/dmn_say.h"
#include "feel/dmn_xml.h"
#include "feel/space.h"

#include <string.h>

typedef struct Write {
  const Rules *r;
  const Table *t;
  Buf *out;
  Buf body;      /* the decision table: written first, as it says what the model needs */
  Str *input;    /* by column: the name of its input data */
  struct Need {  /* names beside the columns that cells lean on */
    Str name;
    bool days;   /* stands beside a number of days */
  } *need;
  size_t nneed, capneed;
  Arena a;
  Err *e;
} Write;

static const struct { HitPolicy policy; const char *name, *how;
} policies[] = {
  {HIT_UNIQUE, "UNIQUE", NULL},         {HIT_ANY, "ANY", NULL},
  {HIT_PRIORITY, "PRIORITY", NULL},     {HIT_FIRST, "FIRST", NULL},
  {HIT_RULE_ORDER, "RULE ORDER", NULL}, {HIT_OUTPUT_ORDER, "OUTPUT ORDER", NULL},
  {HIT_COLLECT, "COLLECT", NULL},       {HIT_SUM, "COLLECT", "SUM"},
  {HIT_MIN, "COLLECT", "MIN"},          {HIT_MAX, "COLLECT", "MAX"},
  {HIT_COUNT, "COLLECT", "COUNT"},
};

/* --- names and types */

static bool plain_name(Str s) {
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return s.n > 0;
}

/* sum(revenue, 12m) becomes "sum revenue 12m": a figure that whoever decides has to bring. */
static Str input_name(Write *w, Str text) {
  if (plain_name(text)) return text;
  Buf b = {0};
  for (size_t i = 0; i < text.n; i++) {
    if (plain_name((Str){text.p + i, 1}) || (text.p[i] >= '0' && text.p[i] <= '9')) buf_char(&b, text.p[i]);
    else if (b.n && b.p[b.n - 1] != ' ') buf_char(&b, ' ');
  }
  Str name = str_trim(buf_view(&b));
  name = (Str){arena_strndup(&w->a, name.p ? name.p : "", name.n), name.n};
  buf_free(&b);
  return name;
}

static const char *type_ref(Type t) {
  switch (t.kind) {
    case T_NUM: return "number";
    case T_TEXT: return "string";
    case T_BOOL: return "boolean";
    case T_DATE: return "date";
    case T_TIME: return "time";
    case T_DATETIME: return "date and time";
    case T_SECS: return "days and time duration";
    case T_MONTHS: return "years and months duration";
    default: return NULL;
  }
}

static void add_need(Write *w, Str name, bool days) {
  size_t at = 0;
  for (size_t i = 0; i < w->t->info.nin; i++)
    if (str_eq(w->input[i], name)) return;
  while (at < w->nneed && !str_eq(w->need[at].name, name)) at++;
  if (at == w->nneed) {
    mem_grow(w->need, w->capneed, w->nneed + 1);
    w->need[w->nneed++] = (struct Need){.name = name};
  }
  w->need[at].days |= days;
}

static const Sym *arg_of(const Write *w, Str name) {
  const Sym *s = sym_find(w->r, 0, name);
  return s && s->kind == SYM_ARG ? s : NULL;
}

static bool is_arg(void *ctx, Str word) { return arg_of(ctx, word) != NULL; }

static Str heading_name(void *ctx, Str text) {
  const Write *w = ctx;
  for (size_t i = 0; i < w->t->info.nin; i++)
    if (str_eq(str_trim(w->t->in[i].src.text), text)) return w->input[i];
  return (Str){0};
}

/* --- pieces of XML */

static void put_attr(Buf *out, const char *name, Str value) {
  buf_printf(out, " %s=\"", name);
  xml_put(value, out);
  buf_char(out, '"');
}

static void put_element(Buf *out, const char *name, Str text) {
  buf_printf(out, "<%s>", name);
  xml_put(text, out);
  buf_printf(out, "</%s>", name);
}

/* The standard text; what it was written from goes along when that is not the same. */
static void put_cell(Write *w, const char *element, const char *id, Str text, Str rule) {
  buf_printf(&w->body, "        <%s id=\"%s\">", element, id);
  if (!str_eq(text, rule)) {
    buf_puts(&w->body, "<extensionElements><pareto:text");
    put_attr(&w->body, "of", text);
    buf_char(&w->body, '>');
    xml_put(rule, &w->body);
    buf_puts(&w->body, "</pareto:text></extensionElements>");
  }
  put_element(&w->body, "text", text);
  buf_printf(&w->body, "</%s>\n", element);
}

static void put_domain(Buf *out, const char *element, const Domain *d) {
  if (!d || !d->n) return;
  Buf list = {0};
  for (size_t i = 0; i < d->n; i++) {
    if (i) buf_puts(&list, ", ");
    say_text(d->value[i], &list);
  }
  buf_printf(out, "        <%s>", element);
  put_element(out, "text", buf_view(&list));
  buf_printf(out, "</%s>\n", element);
  buf_free(&list);
}

/* --- the table */

static Say say_of(Write *w, Buf *text, TypeKind want) {
  return (Say){.out = text, .want = want, .is_arg = is_arg, .heading = heading_name, .ctx = w};
}

static void said(Write *w, Say *s) {
  for (size_t i = 0; i < s->nname; i++) add_need(w, s->name[i], s->want == T_NUM);
  mem_free(s->name);
}

static bool unsayable(Write *w, const Src *src) {
  src_err(w->e, src, 0, src->text.n, "DMN has no form for this");
  return err_todo(w->e, "make it a metric and test that");
}

static bool write_input(Write *w, size_t i) {
  const TableInput *in = &w->t->in[i];
  Str text = w->t->grid.in[i].text, name = w->input[i];
  const char *type = type_ref(in->type);
  buf_printf(&w->body, "      <input id=\"in%zu\"", i + 1);
  put_attr(&w->body, "label", text);
  buf_printf(&w->body, ">\n        <inputExpression id=\"in%zu_expression\"", i + 1);
  if (type) put_attr(&w->body, "typeRef", str_of(type));
  buf_char(&w->body, '>');
  if (!str_eq(text, name)) {
    buf_puts(&w->body, "<extensionElements><pareto:text");
    put_attr(&w->body, "of", name);
    buf_char(&w->body, '>');
    xml_put(text, &w->body);
    buf_puts(&w->body, "</pareto:text></extensionElements>");
  }
  put_element(&w->body, "text", name);
  buf_puts(&w->body, "</inputExpression>\n");
  put_domain(&w->body, "inputValues", in->type.kind == T_TEXT ? in->type.domain : NULL);
  buf_puts(&w->body, "      </input>\n");
  return true;
}

static const Cell *cell_of(const Write *w, size_t row, size_t col) {
  return &w->t->cell[row * (w->t->info.nin + w->t->info.nout) + col];
}

/* Under a list every element must hold; an empty one is unknown. */
static bool say_every(Say *s, const Node *tests) {
  if (tests->kind != N_TESTS) return say_tests(s, tests);
  Node plain = *tests;
  plain.op = 0;
  buf_puts(s->out, "if count(?) = 0 then null else every x in ? satisfies ");
  buf_puts(s->out, tests->op ? "not(x in (" : "x in (");
  bool ok = say_tests(s, &plain);
  buf_puts(s->out, tests->op ? "))" : ")");
  return ok;
}

static bool write_test(Write *w, size_t row, size_t i) {
  const Cell *c = cell_of(w, row, i);
  Buf text = {0};
  Say s = say_of(w, &text, w->t->in[i].type.kind);
  bool list = w->t->in[i].type.kind == T_LIST;
  bool ok = (list ? say_every(&s, c->node) : say_tests(&s, c->node)) || unsayable(w, &c->src);
  said(w, &s);
  const char *id = arena_printf(&w->a, "rule%d_in%zu", w->t->number[row], i + 1);
  if (ok) put_cell(w, "inputEntry", id, buf_view(&text), str_trim(c->src.text));
  buf_free(&text);
  return ok;
}

/* Text that is put together from what DMN cannot say stays a text, braces and all. */
static bool say_output(Write *w, size_t row, size_t col, Buf *text) {
  const Cell *c = cell_of(w, row, w->t->info.nin + col);
  if (!c->node) {
    buf_puts(text, "null");
    return true;
  }
  Say s = say_of(w, text, w->t->out[col].type.kind);
  bool ok = true;
  if (c->node->kind != N_TEMPLATE) {
    ok = say_expr(&s, c->node) || unsayable(w, &c->src);
  } else if (c->op && c->op->kind == K_LIT) {
    ok = say_val(c->op->lit, text);
  } else if (!say_template(&s, c->node)) {
    buf_clear(text);
    say_text(str_trim(c->src.text), text);
    s.nname = 0;
  }
  said(w, &s);
  return ok;
}

static bool write_output(Write *w, size_t row, size_t col, const char *element) {
  const Cell *c = cell_of(w, row, w->t->info.nin + col);
  Buf text = {0};
  bool ok = say_output(w, row, col, &text);
  int rule = w->t->number[row];
  const char *id = rule < 0 ? arena_printf(&w->a, "else_out%zu", col + 1)
                            : arena_printf(&w->a, "rule%d_out%zu", rule, col + 1);
  if (ok) put_cell(w, element, id, buf_view(&text), str_trim(c->src.text));
  buf_free(&text);
  return ok;
}

static bool write_output_column(Write *w, size_t col, size_t number) {
  const TableOutput *o = &w->t->out[col];
  const char *type = type_ref(o->type);
  buf_printf(&w->body, "      <output id=\"out%zu\"", number);
  put_attr(&w->body, "label", w->t->info.out[col]);
  put_attr(&w->body, "name", w->t->info.out[col]);
  if (type) put_attr(&w->body, "typeRef", str_of(type));
  buf_puts(&w->body, ">\n");
  put_domain(&w->body, "outputValues", o->type.kind == T_TEXT ? o->type.domain : NULL);
  if (w->t->else_row >= 0 && !write_output(w, (size_t)w->t->else_row, col, "defaultOutputEntry"))
    return false;
  buf_puts(&w->body, "      </output>\n");
  return true;
}

static bool write_rule(Write *w, size_t row) {
  const Table *t = w->t;
  buf_printf(&w->body, "      <rule id=\"rule%d\">\n", t->number[row]);
  for (size_t i = 0; i < t->info.nin; i++)
    if (!write_test(w, row, i)) return false;
  for (size_t i = 0; i < t->info.nout; i++)
    if (!t->out[i].note && !write_output(w, row, i, "outputEntry")) return false;
  for (size_t i = 0; i < t->info.nout; i++) {
    if (!t->out[i].note) continue;
    buf_puts(&w->body, "        <annotationEntry>");
    put_element(&w->body, "text", str_trim(cell_of(w, row, t->info.nin + i)->src.text));
    buf_puts(&w->body, "</annotationEntry>\n");
  }
  buf_puts(&w->body, "      </rule>\n");
  return true;
}

/* Output cells of a row that DMN has no place for; outputs first, then notes, as they are read back. */
static void write_special(Write *w, const char *element, int row, bool notes_only) {
  bool any = !notes_only;
  for (size_t i = 0; i < w->t->info.nout; i++) any |= w->t->out[i].note;
  if (row < 0 || !any) return;
  buf_printf(&w->body, "<pareto:%s>", element);
  for (int note = notes_only; note < 2; note++)
    for (size_t i = 0; i < w->t->info.nout; i++)
      if (w->t->out[i].note == note)
        put_element(&w->body, "pareto:text", str_trim(cell_of(w, (size_t)row, w->t->info.nin + i)->src.text));
  buf_printf(&w->body, "</pareto:%s>", element);
}

static bool write_table(Write *w) {
  const Table *t = w->t;
  buf_puts(&w->body, "    <decisionTable id=\"table\"");
  for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
    if (policies[i].policy != t->info.policy) continue;
    put_attr(&w->body, "hitPolicy", str_of(policies[i].name));
    if (policies[i].how) put_attr(&w->body, "aggregation", str_of(policies[i].how));
  }
  buf_puts(&w->body, ">\n");
  if (t->unknown_row >= 0 || t->else_row >= 0) {
    buf_puts(&w->body, "      <extensionElements>");
    write_special(w, "unknown", t->unknown_row, false);
    write_special(w, "else", t->else_row, true);
    buf_puts(&w->body, "</extensionElements>\n");
  }
  for (size_t i = 0; i < t->info.nin; i++)
    if (!write_input(w, i)) return false;
  for (size_t i = 0, n = 0; i < t->info.nout; i++)
    if (!t->out[i].note && !write_output_column(w, i, ++n)) return false;
  for (size_t i = 0; i < t->info.nout; i++) {
    if (!t->out[i].note) continue;
    buf_puts(&w->body, "      <annotation");
    put_attr(&w->body, "name", t->info.out[i]);
    buf_puts(&w->body, "/>\n");
  }
  for (size_t row = 0; row < t->grid.nrow; row++)
    if (t->grid.mark[row] == GRID_ROW && !write_rule(w, row)) return false;
  buf_puts(&w->body, "    </decisionTable>\n");
  return true;
}

/* --- the model around it */

static size_t sources(const Write *w) { return w->t->info.nin + w->nneed; }

static Str source_name(const Write *w, size_t i) {
  return i < w->t->info.nin ? w->input[i] : w->need[i - w->t->info.nin].name;
}

static bool first_of_name(const Write *w, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (str_eq(source_name(w, k), source_name(w, i))) return false;
  return true;
}

/* Args have a value, so they are decisions; everything else is an input. */
static bool write_source(Write *w, size_t i) {
  Buf *out = w->out;
  Str name = source_name(w, i);
  const Sym *arg = arg_of(w, name);
  const char *type = arg ? type_ref(arg->type) : i < w->t->info.nin ? type_ref(w->t->in[i].type) : NULL;
  Val v = arg ? arg->val : val_null();
  if (v.t == V_SECS && i >= w->t->info.nin && w->need[i - w->t->info.nin].days) {
    v = num_div(val_dec(v.u.i, v.e), val_int(86400), &w->a);
    type = "number";
  }
  const char *element = arg ? "decision" : "inputData";
  buf_printf(out, "  <%s id=\"source%zu\"", element, i + 1);
  put_attr(out, "name", name);
  buf_puts(out, "><variable");
  put_attr(out, "name", name);
  if (type) put_attr(out, "typeRef", str_of(type));
  buf_puts(out, "/>");
  bool ok = true;
  if (arg) {
    Buf value = {0};
    ok = say_val(v, &value) ||
         src_err(w->e, &arg->src, 0, 0, "DMN has no form for the value of %.*s", STR_ARG(name));
    buf_puts(out, "<literalExpression>");
    put_element(out, "text", buf_view(&value));
    buf_puts(out, "</literalExpression>");
    buf_free(&value);
  }
  buf_printf(out, "</%s>\n", element);
  return ok;
}

static void write_decision(Write *w) {
  Buf *out = w->out;
  buf_puts(out, "  <decision id=\"decision\"");
  put_attr(out, "name", w->t->info.name);
  buf_puts(out, ">\n    <variable");
  put_attr(out, "name", w->t->info.name);
  buf_puts(out, "/>\n");
  for (size_t i = 0; i < sources(w); i++) {
    if (!first_of_name(w, i)) continue;
    bool arg = arg_of(w, source_name(w, i)) != NULL;
    buf_printf(out,
               "    <informationRequirement id=\"need%zu\"><required%s "
               "href=\"#source%zu\"/></informationRequirement>\n",
               i + 1, arg ? "Decision" : "Input", i + 1);
  }
  buf_str(out, buf_view(&w->body));
  buf_puts(out, "  </decision>\n");
}

enum { WIDTH = 160, HEIGHT = 60, GAP = 20, TOP = 60, BELOW = 240 };

static void write_diagram(const Write *w) {
  Buf *out = w->out;
  size_t n = 0;
  for (size_t i = 0; i < sources(w); i++) n += first_of_name(w, i);
  int across = n > 1 ? (int)(n - 1) * (WIDTH + GAP) : 0, x = TOP + across / 2;
  buf_puts(out, "  <dmndi:DMNDI>\n    <dmndi:DMNDiagram id=\"diagram\">\n");
  buf_printf(
    out,
    "      <dmndi:DMNShape id=\"shape\" dmnElementRef=\"decision\"><dc:Bounds x=\"%d\" y=\"%d\" width=\"%d\" "
    "height=\"%d\"/></dmndi:DMNShape>\n",
    x, TOP, WIDTH, HEIGHT);
  int at = TOP;
  for (size_t i = 0; i < sources(w); i++) {
    if (!first_of_name(w, i)) continue;
    buf_printf(
      out,
      "      <dmndi:DMNShape id=\"shape%zu\" dmnElementRef=\"source%zu\"><dc:Bounds x=\"%d\" y=\"%d\" "
      "width=\"%d\" height=\"%d\"/></dmndi:DMNShape>\n",
      i + 1, i + 1, at, BELOW, WIDTH, HEIGHT);
    buf_printf(
      out,
      "      <dmndi:DMNEdge id=\"edge%zu\" dmnElementRef=\"need%zu\"><di:waypoint x=\"%d\" y=\"%d\"/>"
      "<di:waypoint x=\"%d\" y=\"%d\"/></dmndi:DMNEdge>\n",
      i + 1, i + 1, at + WIDTH / 2, BELOW, x + WIDTH / 2, TOP + HEIGHT);
    at += WIDTH + GAP;
  }
  buf_puts(out, "    </dmndi:DMNDiagram>\n  </dmndi:DMNDI>\n");
}

static bool write_model(Write *w) {
  Buf *out = w->out;
  buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"\n"
                "  xmlns:dmndi=\"https://www.omg.org/spec/DMN/20191111/DMNDI/\"\n"
                "  xmlns:dc=\"http://www.omg.org/spec/DMN/20180521/DC/\"\n"
                "  xmlns:di=\"http://www.omg.org/spec/DMN/20180521/DI/\"\n"
                "  xmlns:pareto=\"" DMN_GRID_NS "\"\n  id=\"model\"");
  put_attr(out, "name", w->t->info.name);
  const char *space = arena_printf(&w->a, "urn:pareto:%s:%.*s", w->r->name, STR_ARG(w->t->info.name));
  put_attr(out, "namespace", str_of(space));
  buf_puts(out, " exporter=\"Pareto\">\n");
  for (size_t i = 0; i < sources(w); i++)
    if (first_of_name(w, i) && !write_source(w, i)) return false;
  write_decision(w);
  write_diagram(w);
  buf_puts(out, "</definitions>\n");
  return true;
}

bool rules_write_dmn(const Rules *r, Str table, Buf *out, Err *e) {
  const Table *t = table_find(r, table);
  if (!t) {
    err_set(e, ERR_USAGE, "%s has no table %.*s", r->name, STR_ARG(table));
    Str *name = mem_zalloc(r->ntable + 1, sizeof *name);
    for (size_t i = 0; i < r->ntable; i++) name[i] = r->table[i]->info.name;
    src_suggest(e, table, name, r->ntable);
    mem_free(name);
    return false;
  }
  Write w = {.r = r, .t = t, .out = out, .e = e};
  w.input = arena_zalloc(&w.a, t->info.nin + 1, sizeof *w.input);
  for (size_t i = 0; i < t->info.nin; i++) w.input[i] = input_name(&w, str_trim(t->in[i].src.text));
  bool ok = write_table(&w) && write_model(&w);
  mem_free(w.need);
  buf_free(&w.body);
  arena_free(&w.a);
  return ok;
}
