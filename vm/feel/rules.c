#include "feel/space.h"

#include <string.h>

Rules *rules_new(const FeelHost *host, Dialect d, const char *name, const char *entity) {
  Rules *r = mem_zalloc(1, sizeof *r);
  r->host = host;
  r->dialect = d;
  Str n = str_of(name ? name : "");
  r->name = arena_strndup(&r->arena, n.p, n.n);
  Str ent = str_of(entity ? entity : "account");
  r->entity_text = arena_strndup(&r->arena, ent.p, ent.n);
  r->entity = host_entity(host, ent);
  return r;
}

void rules_free(Rules *r) {
  if (!r) return;
  for (size_t i = 0; i < r->ntable; i++) mem_free(r->table[i]->lean);
  for (size_t i = 0; i < r->nscore; i++) mem_free(r->score[i]->lean);
  mem_free(r->sym);
  mem_free(r->table);
  mem_free(r->score);
  mem_free(r->use);
  mem_free(r->publish);
  mem_free(r->sets);
  arena_free(&r->arena);
  mem_free(r);
}

const char *rules_name(const Rules *r) { return r->name; }
int rules_entity(const Rules *r) { return r->entity; }

Str rules_copy(Rules *r, Str s) { return (Str){arena_strndup(&r->arena, s.p, s.n), s.n}; }

Src rules_copy_src(Rules *r, Src src) {
  src.text = rules_copy(r, src.text);
  src.whole = (Str){0};
  if (src.file) src.file = rules_copy(r, str_of(src.file)).p;
  if (src.what) src.what = rules_copy(r, str_of(src.what)).p;
  return src;
}

bool rules_args(Rules *r, Src block, Err *e) { return args_add(r, rules_copy_src(r, block), e); }
bool rules_fields(Rules *r, Src block, Err *e) { return fields_add(r, rules_copy_src(r, block), e); }

bool rules_metrics(Rules *r, Src block, Err *e) {
  block = rules_copy_src(r, block);
  Def *def;
  size_t n;
  if (!block_defs(&block, &r->arena, &def, &n, e)) return false;
  for (size_t i = 0; i < n; i++) {
    Src *name = &def[i].name;
    if (!def[i].rule.text.n)
      return src_err(e, name, 0, name->text.n, "metric %.*s has no rule: write %.*s = …", STR_ARG(name->text),
                     STR_ARG(name->text));
    Sym *s = sym_add(r, SYM_METRIC, name->text, *name);
    s->entity = r->entity;
    s->rule = def[i].rule;
    s->about = def[i].about;
    s->declared = def[i].type.text.n > 0;
    if (s->declared && !unit_parse(str_trim(def[i].type.text), &s->unit))
      return src_err(e, &def[i].type, 0, def[i].type.text.n, "%.*s is no unit; units are ¥ %% d pts 0..1",
                     STR_ARG(def[i].type.text));
  }
  return true;
}

bool rules_scope(Rules *r, Src rule, Err *e) {
  if (r->scope.text.n) return src_err(e, &rule, 0, rule.text.n, "a playbook has one scope");
  r->scope = rules_copy_src(r, rule);
  return true;
}

bool rules_publish(Rules *r, Str name) {
  mem_grow(r->publish, r->cappublish, r->npublish + 1);
  r->publish[r->npublish++] = rules_copy(r, name);
  return true;
}

bool rules_use(Rules *r, Rules *other, Err *e) {
  (void)e;
  mem_grow(r->use, r->capuse, r->nuse + 1);
  r->use[r->nuse++] = other;
  return true;
}

static bool scope_check(Rules *r, Err *e);

static bool check_all(Rules *r, Err *e) {
  if (!r->entity) {
    err_set(e, ERR_FAIL, "%s: there is no entity %s", r->name[0] ? r->name : "rules", r->entity_text);
    return err_todo(e, "`of` names what the rules are about: account, contact, quote …");
  }
  for (size_t i = 0; i < r->nuse; i++)
    if (!r->use[i]->checked && !rules_check(r->use[i], e)) return false;
  if (!names_check(r, e) || !args_check(r, e)) return false;
  for (size_t i = 0; i < r->ntable; i++)
    if (!table_types(r, r->table[i], e)) return false;
  for (size_t i = 0; i < r->nscore; i++)
    if (!table_types(r, r->score[i], e)) return false;
  for (size_t i = 0; i < r->nsym; i++)
    if (r->sym[i]->kind == SYM_METRIC && !metric_check(r, r->sym[i], NULL, e)) return false;
  for (size_t i = 0; i < r->ntable; i++)
    if (!table_check(r, r->table[i], NULL, e)) return false;
  for (size_t i = 0; i < r->nscore; i++)
    if (!table_check(r, r->score[i], NULL, e)) return false;
  return scope_check(r, e);
}

static size_t count_kind(const Rules *r, SymKind kind) {
  size_t n = 0;
  for (size_t i = 0; i < r->nsym; i++) n += r->sym[i]->kind == kind;
  return n;
}

static ArgInfo arg_info(const Sym *s) {
  return (ArgInfo){.name = s->name,
                   .type = s->type_text,
                   .about = s->about,
                   .text = s->rule.text,
                   .val = s->val,
                   .unit = s->type.unit};
}

static void make_lists(Rules *r) {
  r->arg_list = arena_zalloc(&r->arena, count_kind(r, SYM_ARG), sizeof *r->arg_list);
  r->field_list = arena_zalloc(&r->arena, count_kind(r, SYM_FIELD), sizeof *r->field_list);
  r->metric_list = arena_zalloc(&r->arena, count_kind(r, SYM_METRIC), sizeof *r->metric_list);
  r->table_list = arena_zalloc(&r->arena, r->ntable, sizeof *r->table_list);
  r->narg = r->nfield = r->nmetric = 0;
  for (size_t i = 0; i < r->nsym; i++) {
    const Sym *s = r->sym[i];
    if (s->kind == SYM_ARG) r->arg_list[r->narg++] = arg_info(s);
    if (s->kind == SYM_FIELD)
      r->field_list[r->nfield++] = (FieldInfo){.entity = entity_name(r->host, s->entity), .name = s->name,
        .about = s->about, .type = s->type, .low = s->low, .high = s->high};
    if (s->kind == SYM_METRIC)
      r->metric_list[r->nmetric++] = (MetricInfo){.name = s->name, .about = s->about, .text = s->rule.text,
        .unit = s->type.unit};
  }
  for (size_t i = 0; i < r->ntable; i++) r->table_list[i] = &r->table[i]->info;
  r->score_list = arena_zalloc(&r->arena, r->nscore, sizeof *r->score_list);
  for (size_t i = 0; i < r->nscore; i++) r->score_list[i] = &r->score[i]->info;
}

bool rules_check(Rules *r, Err *e) {
  if (r->checked) return true;
  if (!check_all(r, e)) return err_left(e, "nothing has run");
  make_lists(r);
  r->checked = true;
  return true;
}

#include "feel/check.h"

static bool sets_within(const Op *op) {
  if (!op) return false;
  if (op->kind == K_SET) return true;
  if ((op->kind == K_METRIC || op->kind == K_METRIC_ROWS) && ((const Sym *)op->ref)->sets) return true;
  for (uint32_t i = 0; i < op->nkid; i++)
    if (sets_within(op->kid[i])) return true;
  return false;
}

static bool scope_check(Rules *r, Err *e) {
  if (!r->scope.text.n) return true;
  Node *node = feel_parse(&r->scope, r->dialect, &r->arena, e);
  if (!node) return false;
  Scope row = {.row = true, .entity = r->entity};
  Check c = {.r = r, .e = e, .scope = &row};
  r->scope_op = check_condition(&c, node);
  mem_free(c.name);
  if (!r->scope_op) return false;
  if (sets_within(r->scope_op)) {
    src_err(e, &r->scope, 0, r->scope.text.n,
            "the scope cannot rank or share: those look at the scope itself");
    return err_todo(e, "select by figures here, and rank in a metric");
  }
  return true;
}

size_t rules_arg_list(const Rules *r, const ArgInfo **list) {
  for (size_t i = 0, k = 0; i < r->nsym; i++) /* values may have been set since */
    if (r->sym[i]->kind == SYM_ARG && k < r->narg) r->arg_list[k++].val = r->sym[i]->val;
  *list = r->arg_list;
  return r->narg;
}

size_t rules_field_list(const Rules *r, const FieldInfo **list) {
  *list = r->field_list;
  return r->nfield;
}

size_t rules_metric_list(const Rules *r, const MetricInfo **list) {
  *list = r->metric_list;
  return r->nmetric;
}

const TableInfo *rules_table_info(const Rules *r, Str name) {
  const Table *t = table_find(r, name);
  return t ? &t->info : NULL;
}

size_t rules_table_list(const Rules *r, const TableInfo *const **list) {
  *list = r->table_list;
  return r->checked ? r->ntable : 0;
}
