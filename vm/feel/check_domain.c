/* Functions of the domain that are rules themselves: written in the rule language over what every host of accounts
 * has, and checked where they are called, in a namespace without the caller's args. */
#include "feel/check.h"

#include "base/num.h"

#include <string.h>

static const struct {
  const char *name;
  const char *needs;  /* a relation of the row, without which the function has nothing to look at */
  int low, high;      /* its one number, whole */
  const char *rule;   /* %lld: the number */
} DOMAIN[] = {
    {"need_match", "needs", 2, 100,
     "round(1 + (%lld - 1) * share(needs[scope = 'organisation' and (closed = null or closed > as_of) and"
     " (expires = null or expires > as_of)], state in ('pain', 'sweet') and product_line in products[active].line), 0)"},
};

static Op *call_rule(Check *c, const Src *src) {
  Rules own = {.host = c->r->host, .dialect = c->r->dialect, .name = "", .entity = c->r->entity, .arena = c->r->arena};
  Check inner = {.r = &own, .e = c->e, .scope = c->scope};
  Node *n = feel_parse(src, own.dialect, &own.arena, c->e);
  Op *o = n ? check_node(&inner, n) : NULL;
  c->r->arena = own.arena;
  mem_free(inner.name);
  return o;
}

Op *check_domain(Check *c, const Node *n, const Func *f) {
  size_t k = 0;
  while (strcmp(DOMAIN[k].name, f->name) != 0) k++;
  const Scope *row = scope_row(c);
  const HostField *there = row ? host_field(c->r->host, row->entity, str_of(DOMAIN[k].needs)) : NULL;
  if (!there || there->kind != HOST_MANY)
    return check_fail(c, n, "%s looks at %s, and there are none here", f->name, DOMAIN[k].needs);
  const Node *arg = n->nkid == 1 ? n->kid[0] : NULL;
  int64_t number;
  if (!arg || arg->kind != N_LIT || !val_is_num(arg->lit) || !num_int(arg->lit, &number) || number < DOMAIN[k].low ||
      number > DOMAIN[k].high)
    return check_fail(c, n, "%s takes one whole number, %d to %d: %s", f->name, DOMAIN[k].low, DOMAIN[k].high, f->usage);
  Buf b = {0};
  buf_printf(&b, DOMAIN[k].rule, (long long)number);
  Src *src = arena_zalloc(&c->r->arena, 1, sizeof *src);
  *src = (Src){.text = {arena_strndup(&c->r->arena, b.p, b.n), b.n}, .file = f->name, .line = 1, .col = 1};
  buf_free(&b);
  Op *o = call_rule(c, src);
  if (o) o->type = type_num(f->unit);
  return o;
}
