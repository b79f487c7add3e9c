#include "feel/check.h"

#include <string.h>

static const char *const over_groups[] = {"count", "sum",  "mean", "median", "min", "max",
                                          "first", "last", "mode", "stddev", "any", "all"};

static Op *share_of_groups(Check *c, const Node *n) {
  Op *x = check_node(c, n->kid[0]);
  if (!x) return NULL;
  if (x->type.kind != T_NUM)
    return check_fail(c, n, "share(count), share(sum(x)): of a figure of each group");
  Op *o = op1(c, K_GROUP_SHARE, n, type_num(UNIT_PERCENT), x);
  o->varies = true;
  return o;
}

Op *check_grouped_call(Check *c, const Node *n, const Func *f) {
  if (n->kind == N_CALL && strcmp(f->name, "share") == 0 && n->nkid == 1) return share_of_groups(c, n);
  bool known = false;
  for (size_t i = 0; i < sizeof over_groups / sizeof *over_groups; i++)
    known |= strcmp(over_groups[i], f->name) == 0;
  bool bare = n->kind == N_NAME || n->nkid == 0;
  if (!known || (bare && strcmp(f->name, "count") != 0) || (!bare && n->nkid != 1)) return NULL;
  Op *o;
  if (bare) {
    o = op_new(c, K_GROUPED, n, type_num(UNIT_NONE));
  } else {
    bool distinct =
        n->kid[0]->kind == N_CALL && str_starts(n->kid[0]->name, "distinct") && n->kid[0]->nkid == 1;
    const Node *inner = distinct ? n->kid[0]->kid[0] : n->kid[0];
    c->grouped = false;
    Op *x = check_node(c, inner);
    c->grouped = true;
    if (!x) return NULL;
    if (op_is_rows(x)) x = op_list_of_rows(c, x);
    Op *list = op_new(c, K_VAR, n, type_list(c, x->type)); /* stands for the group's values */
    Op *call = call_func(c, n, f, (Op *[]){list}, (const Node *[]){n->kid[0]}, 1);
    if (!call) return NULL;
    o = op1(c, K_GROUPED, n, call->type, x);
    o->code = distinct;
  }
  o->ref = f;
  o->varies = true;
  return o;
}
