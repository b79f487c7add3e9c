#include "feel/dmn_inside.h"

static const struct { const char *name; DmnPolicy policy; } policies[] = {
  {"UNIQUE", POLICY_UNIQUE}, {"U", POLICY_UNIQUE},         {"ANY", POLICY_ANY},     {"A", POLICY_ANY},
  {"PRIORITY", POLICY_PRIORITY}, {"P", POLICY_PRIORITY},   {"FIRST", POLICY_FIRST}, {"F", POLICY_FIRST},
  {"RULE ORDER", POLICY_RULE_ORDER}, {"R", POLICY_RULE_ORDER}, {"OUTPUT ORDER", POLICY_OUTPUT_ORDER},
  {"O", POLICY_OUTPUT_ORDER}, {"COLLECT", POLICY_COLLECT}, {"C", POLICY_COLLECT},
};
static const struct { const char *name; DmnAggregate aggregate; } aggregates[] = {
  {"SUM", AGGREGATE_SUM}, {"COUNT", AGGREGATE_COUNT}, {"MIN", AGGREGATE_MIN}, {"MAX", AGGREGATE_MAX},
  {"+", AGGREGATE_SUM},   {"#", AGGREGATE_COUNT},     {"<", AGGREGATE_MIN},   {">", AGGREGATE_MAX},
};

static bool read_policy(DmnModel *m, DmnTable *t, Err *e) {
  Str policy = xml_attr(t->xml, "hitPolicy"), how = xml_attr(t->xml, "aggregation");
  bool known = !policy.n;
  for (size_t i = 0; i < sizeof policies / sizeof *policies && !known; i++)
    if (str_is(policy, policies[i].name)) {
      t->policy = policies[i].policy;
      known = true;
    }
  if (!known) {
    dmn_fault(m, t->xml, e, "table %.*s: %.*s is no hit policy", STR_ARG(t->name), STR_ARG(policy));
    return err_todo(e, "hit policies: UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER, COLLECT");
  }
  known = !how.n;
  for (size_t i = 0; i < sizeof aggregates / sizeof *aggregates && !known; i++)
    if (str_is(how, aggregates[i].name)) {
      t->aggregate = aggregates[i].aggregate;
      known = true;
    }
  if (!known) {
    dmn_fault(m, t->xml, e, "table %.*s: %.*s is no aggregation", STR_ARG(t->name), STR_ARG(how));
    return err_todo(e, "aggregations of COLLECT: SUM, COUNT, MIN, MAX");
  }
  if (how.n && t->policy != POLICY_COLLECT && m->all->mode == DMN_STRICT)
    return dmn_fault(m, t->xml, e, "table %.*s: %.*s aggregates, and only COLLECT does so", STR_ARG(t->name),
                     STR_ARG(how));
  return true;
}

static size_t count(const XmlNode *x, const char *name) {
  size_t n = 0;
  for (const XmlNode *k = xml_kid(x, name); k; k = xml_again(k)) n++;
  return n;
}

static void set_text(DmnModel *m, DmnText *t, const XmlNode *x, const char *what) {
  if (!x) return;
  t->src = dmn_text(m, x, what);
  t->xml = x;
}

static bool read_input(DmnModel *m, DmnTable *t, size_t i, const XmlNode *x, Err *e) {
  Arena *a = &m->all->arena;
  DmnColumn *c = &t->in[i];
  const XmlNode *expr = xml_kid(x, "inputExpression");
  const char *heading = arena_say(a, "table %.*s, heading of input %zu", STR_ARG(t->name), i + 1);
  c->line = x->line;
  if (!expr) return dmn_fault(m, x, e, "%s: there is no inputExpression", heading);
  set_text(m, &c->expr, expr, heading);
  if (!c->expr.src.text.n) return dmn_fault(m, expr, e, "%s: the inputExpression is blank", heading);
  c->name = c->expr.src.text;
  c->typeref = dmn_clean(a, xml_attr(expr, "typeRef"));
  set_text(m, &c->values, xml_kid(x, "inputValues"), arena_say(a, "%s, its values", heading));
  return true;
}

static void read_output(DmnModel *m, DmnTable *t, size_t i, const XmlNode *x) {
  Arena *a = &m->all->arena;
  DmnColumn *c = &t->out[i];
  const char *heading = arena_say(a, "table %.*s, heading of output %zu", STR_ARG(t->name), i + 1);
  c->line = x->line;
  c->name = dmn_clean(a, xml_attr(x, "name"));
  c->typeref = dmn_clean(a, xml_attr(x, "typeRef"));
  set_text(m, &c->values, xml_kid(x, "outputValues"), arena_say(a, "%s, its values", heading));
  set_text(m, &c->fallback, xml_kid(x, "defaultOutputEntry"), arena_say(a, "%s, its default", heading));
}

static bool read_columns(DmnModel *m, DmnTable *t, Err *e) {
  size_t i = 0;
  for (const XmlNode *k = xml_kid(t->xml, "input"); k; k = xml_again(k))
    if (!read_input(m, t, i++, k, e)) return false;
  i = 0;
  for (const XmlNode *k = xml_kid(t->xml, "output"); k; k = xml_again(k)) read_output(m, t, i++, k);
  i = 0;
  for (const XmlNode *k = xml_kid(t->xml, "annotation"); k; k = xml_again(k))
    t->note[i++] = dmn_clean(&m->all->arena, xml_attr(k, "name"));
  if (!t->nout) return dmn_fault(m, t->xml, e, "table %.*s has no output column", STR_ARG(t->name));
  for (i = 0; i < t->nout && t->nout > 1; i++) {
    if (!t->out[i].name.n)
      return dmn_fault(m, t->xml, e, "table %.*s: output %zu of %zu has no name", STR_ARG(t->name), i + 1,
                       t->nout);
    for (size_t k = 0; k < i; k++)
      if (str_eq(t->out[k].name, t->out[i].name))
        return dmn_fault(m, t->xml, e, "table %.*s: outputs %zu and %zu are both called %.*s",
                         STR_ARG(t->name), k + 1, i + 1, STR_ARG(t->out[i].name));
    dmn_member(m->all, t->out[i].name);
  }
  return true;
}

static bool read_cells(DmnModel *m, DmnTable *t, size_t row, const XmlNode *x, const char *element,
                       const DmnColumn *col, size_t ncol, DmnText *out, Err *e) {
  size_t n = count(x, element), i = 0;
  if (n != ncol)
    return dmn_fault(m, x, e, "table %.*s, row %zu: %zu <%s>, and there are %zu such columns",
                     STR_ARG(t->name), row + 1, n, element, ncol);
  for (const XmlNode *k = xml_kid(x, element); k; k = xml_again(k), i++)
    set_text(m, &out[i], k,
             col[i].name.n
               ? arena_say(&m->all->arena, "table %.*s, row %zu, column %.*s", STR_ARG(t->name), row + 1,
                           STR_ARG(col[i].name))
               : arena_say(&m->all->arena, "table %.*s, row %zu, output", STR_ARG(t->name), row + 1));
  return true;
}

static bool read_rule(DmnModel *m, DmnTable *t, size_t row, const XmlNode *x, Err *e) {
  Arena *a = &m->all->arena;
  DmnRule *r = &t->rule[row];
  r->line = x->line;
  r->in = arena_zalloc(a, t->nin + 1, sizeof *r->in);
  r->out = arena_zalloc(a, t->nout + 1, sizeof *r->out);
  r->note = arena_zalloc(a, t->nnote + 1, sizeof *r->note);
  size_t i = 0;
  for (const XmlNode *k = xml_kid(x, "annotationEntry"); k && i < t->nnote; k = xml_again(k))
    r->note[i++] = dmn_text(m, k, NULL).text;
  return read_cells(m, t, row, x, "inputEntry", t->in, t->nin, r->in, e) &&
         read_cells(m, t, row, x, "outputEntry", t->out, t->nout, r->out, e);
}

bool dmn_read_table(DmnModel *m, const XmlNode *x, Str owner, DmnTable **out, Err *e) {
  Arena *a = &m->all->arena;
  DmnTable *t = *out = arena_zalloc(a, 1, sizeof *t);
  t->name = owner;
  t->xml = x;
  t->nin = count(x, "input");
  t->nout = count(x, "output");
  t->nrule = count(x, "rule");
  t->nnote = count(x, "annotation");
  t->in = arena_zalloc(a, t->nin + 1, sizeof *t->in);
  t->out = arena_zalloc(a, t->nout + 1, sizeof *t->out);
  t->rule = arena_zalloc(a, t->nrule + 1, sizeof *t->rule);
  t->note = arena_zalloc(a, t->nnote + 1, sizeof *t->note);
  if (!read_policy(m, t, e) || !read_columns(m, t, e)) return false;
  size_t row = 0;
  for (const XmlNode *k = xml_kid(x, "rule"); k; k = xml_again(k))
    if (!read_rule(m, t, row++, k, e)) return false;
  return true;
}
