/* The checker: a parsed expression becomes typed ops, every name resolved. What
 * is wrong is said here, with place, caret and suggestion; the evaluator meets
 * no type errors. Functions return NULL after setting c->e. */
#ifndef FEEL_CHECK_H
#define FEEL_CHECK_H
#include "feel/func.h"
#include "feel/space.h"

/* Where a name stands: a row of an entity, or a variable over a list. */
typedef struct Scope {
  int level;
  bool row;            /* bare names are this row's */
  int entity;
  Str var;             /* "" or the name of a variable; a row scope inside [ ] is "item" too */
  Type type;           /* of the variable */
  const struct Scope *up;
} Scope;

typedef struct Alias { /* a heading of a table stands for its tested value in the table's templates */
  Str text;
  Op *op;
} Alias;

typedef struct Check {
  Rules *r;
  Err *e;
  const Scope *scope;  /* NULL: no row (defaults of args) */
  const Param *param;
  size_t nparam;
  bool grouped;        /* names aggregate over groups */
  Sym *metric;         /* being defined, or NULL */
  Table *table;        /* being checked, or NULL */
  const Alias *alias;
  size_t nalias;
  Str *name;           /* names met, in order */
  size_t nname, capname;
} Check;

Op *check_node(Check *c, const Node *n);          /* a value; a bare measure is an error */
Op *check_any(Check *c, const Node *n);           /* a value, rows or a measure (T_SERIES) */
Op *check_condition(Check *c, const Node *n);     /* true or false */
Op *check_fail(Check *c, const Node *n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Building. */
Op *op_new(Check *c, OpKind kind, const Node *n, Type t);
Op *op_make(Check *c, OpKind kind, const Node *n, Type t, size_t nkid, Op *const *kid);
Op *op1(Check *c, OpKind kind, const Node *n, Type t, Op *a);
Op *op2(Check *c, OpKind kind, const Node *n, Type t, Op *a, Op *b);
Op *op_lit(Check *c, const Node *n, Val v, Type t);
Op *op_bool(Check *c, OpKind kind, const Node *n, Op *a, Op *b);
Op *op_list_of_rows(Check *c, Op *rows);          /* rows as a list of values */

/* Types. */
static inline Type type_of(TypeKind k) { return (Type){.kind = k}; }
static inline Type type_num(Unit u) { return (Type){.kind = T_NUM, .unit = u}; }
Type type_list(Check *c, Type of);
Type type_element(Type list);
bool type_fits(Type want, Type have);
Type type_of_val(Rules *r, Val v, Unit unit);
Type type_join(Check *c, Type a, Type b);         /* what both are: if, default, lists */
void type_say(const FeelHost *h, Type t, Buf *out); /* "number", "text", "rows of contact" */
bool type_is_span(Type t);                        /* a duration, or a number that may be days */

/* Units (check_unit.c). False and an error when they do not go together. */
bool unit_class_same(Unit a, Unit b);
bool units_compare(Check *c, const Node *n, Unit a, Unit b);
bool units_add(Check *c, const Node *n, NodeOp op, Unit a, Unit b, Unit *out);
bool units_mul(Check *c, const Node *n, NodeOp op, Unit a, Unit b, Unit *out);
bool unit_declare(Check *c, const Sym *s, Type have);

/* Formats (check_format.c): is `f`, written at [at, at + len) of src behind `what`, one for a value of type t? */
bool format_fits(Check *c, const Src *src, size_t at, size_t len, Str what, Type t, Fmt f);

/* Operators (check_op.c). */
Op *check_binary(Check *c, const Node *n);
/* What is compared, when it is more than a name (yoy(revenue_12m), a / b), is a figure worth a column. */
void compared_met(Check *c, const Node *n, const Op *o);
Op *check_compare(Check *c, const Node *n, NodeOp op, Op *a, Op *b, const Node *na, const Node *nb);
Op *check_test(Check *c, Op *value, const Node *vn,
               const Node *n); /* vn: of the value; a unary test as a condition */
Op *check_in(Check *c, const Node *n);
Op *check_between(Check *c, const Node *n);
Op *check_within(Check *c, const Node *n);
Op *check_range(Check *c, Op *value, const Node *vn, const Node *range);
Op *lift2(Check *c, const Node *n, Op *a, Op *b, Op *(*make)(Check *, const Node *, Op *, Op *));
/* Text that never occurs in the domain of what it is compared with. */
bool domain_holds(Check *c, const Node *n, Str what, const Domain *d, Str value);
void domain_list(const Domain *d, const char *sep, Buf *out);
ptrdiff_t domain_rank(const Domain *d, Str value);

/* Names (check_name.c). */
Op *check_name(Check *c, const Node *n);
Op *check_path(Check *c, const Node *n);
Op *name_of_row(Check *c, const Node *n, int entity,
                Str name); /* field, relation, metric …; NULL without error: none */
void name_unknown(Check *c, const Node *n, int entity, Str name);
void name_met(Check *c, Str name);
Op *at_scope(Check *c, const Scope *s, Op *op, const Node *n);  /* something of that scope's row, from here */
const Scope *scope_row(const Check *c);

/* Measures (check_series.c). */
Op *check_series_call(Check *c, const Node *n, const Func *f, Op *measure);
Op *shorthand(Check *c, const Node *n, int entity, Str name);   /* revenue_12m; NULL without error: none */
/* Does name end like a window or like one whose letter was left out: revenue_12m, revenue_12? */
bool window_suffix(Str name, Str *measure, Str *suffix);
Op *count_bare(Check *c, const Node *n); /* count(orders), where orders are rows and a measure too */
Op *measure_bare(Check *c, const Node *n, const Node *around);
Op *check_window(Check *c, const Node *n);
const HostField *measure_of(const HostField *f);

/* Calls (check_call.c, check_set.c, check_rows.c, check_group.c). */
Op *check_call(Check *c, const Node *n);
Op *call_func(Check *c, const Node *n, const Func *f, Op **arg, const Node *const *an,
              size_t narg); /* an: nodes of the args */
Op *check_set_call(Check *c, const Node *n, SetFn fn);
Op *check_filter(Check *c, const Node *n);
Op *check_quantified(Check *c, const Node *n);
Op *check_ago(Check *c, const Node *n, Str how);
/* nearly('table', 'value') and what .missed, .value, .test of it are (nearly.c); NULL without an error: none of them. */
Op *check_nearly(Check *c, const Node *n);
Op *nearly_path(Check *c, const Node *n, Op *o);
Op *check_latest(Check *c, const Node *n, Op *each); /* latest(wallet.category_spend) */
Op *check_domain(Check *c, const Node *n, const Func *f); /* functions that are rules themselves */
Op *check_template(Check *c, const Node *n);
Op *check_grouped_call(Check *c, const Node *n, const Func *f);
#endif
