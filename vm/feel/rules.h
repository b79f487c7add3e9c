/* A namespace of definitions: args, metrics, decision tables, scores, fields,
 * a scope. It is what the header of one playbook (or one rulebook, or the REPL)
 * defines, checked as a whole before anything runs.
 *
 *   rules_new -> rules_use… -> rules_args -> rules_metrics -> rules_table… -> rules_check
 *   -> eval_new -> eval_expr / eval_decide …
 *
 * Ownership: Rules copies every text it is given and owns all it parsed; Expr
 * and TableInfo pointers live as long as their Rules. A Rules that uses another
 * must not outlive it. Order of calls does not matter before rules_check, but
 * names are resolved only there. All errors carry file, line, column and caret. */
#ifndef FEEL_RULES_H
#define FEEL_RULES_H
#include "feel/ast.h"
#include "feel/host.h"

typedef struct Rules Rules;
typedef struct Expr Expr; /* one checked expression */

Rules *rules_new(const FeelHost *host, Dialect d, const char *name, const char *entity);
void rules_free(Rules *r);
const char *rules_name(const Rules *r);
int rules_entity(const Rules *r);

/* Blocks of definitions, one a line, a deeper indent continues, // comments. */
bool rules_args(Rules *r, Src block,
                Err *e); /* name = default | name : type = default [in [..]] [// about] */
bool rules_metrics(Rules *r, Src block, Err *e);  /* name [: unit] = rule [// about] */
bool rules_fields(
    Rules *r, Src block,
    Err *e); /* [entity.]name : one of A, B | ranked A, B | number [lo..hi] | date | text | money | percent */
bool rules_scope(Rules *r, Src rule, Err *e);
/* A decision table in grid form for rows of entity `of` (NULL = the namespace's own). */
bool rules_table(Rules *r, const char *name, const char *of, Src grid, Err *e);
bool rules_table_csv(Rules *r, const char *name, const char *of, Src csv, Err *e);
/* From a .dmn file: its table of that name, or its only one (feel/dmn_grid.h). */
bool rules_table_dmn(Rules *r, const char *name, const char *of, Src xml, Err *e);
struct Grid;
/* One that was read already; what it points to outlives the namespace. */
bool rules_table_grid(Rules *r, const char *name, const struct Grid *g, Err *e);
/* A score: a grid `driver | points | when | say`, and how it is counted; empty texts: not given. */
typedef struct ScoreSpec {
  Src name, grid;
  Src out_of;    /* 100 (points), "100%" (a share); 100 */
  Src min_known; /* "60%": under it the score is null */
  Src weights;   /* "sum to 100" */
  Src caps;      /* `condition : most`, a line each */
} ScoreSpec;
bool rules_score(Rules *r, const ScoreSpec *spec, const char *of, Err *e);
/* Makes all names of `other` visible; a clash with an existing name is an error. */
bool rules_use(Rules *r, Rules *other, Err *e);
/* A metric that the playbook publishes: the host may know earlier values as a field of its name. */
bool rules_publish(Rules *r, Str name);
bool rules_check(Rules *r, Err *e);
/* The playbook writes this field: does every table that fills it give one value, as a field takes it? After rules_check. */
bool rules_fills(Rules *r, Str entity, Str field, Err *e);

/* Args (after rules_check). Text is read by the arg's type ("60%", "12m", "2026-11-01"); a wrong value is an
 * error. */
bool rules_set_arg(Rules *r, Str name, Str text, Err *e);
bool rules_set_arg_val(Rules *r, Str name, Val v, Err *e);

typedef struct ArgInfo {
  Str name, type, about;  /* type: "percent", "money", "window", "one of …" … */
  Str text;               /* default as written */
  Val val;                /* value in force */
  Unit unit;
} ArgInfo;
size_t rules_arg_list(const Rules *r, const ArgInfo **list);

typedef struct FieldInfo { /* a column the playbook adds */
  Str entity, name, about;
  Type type;              /* with domain for one of / ranked */
  Val low, high;          /* number lo..hi, null = open */
} FieldInfo;
size_t rules_field_list(const Rules *r, const FieldInfo **list);

typedef struct MetricInfo {
  Str name, about, text;
  Unit unit;
} MetricInfo;
size_t rules_metric_list(const Rules *r, const MetricInfo **list);

/* Ad-hoc expressions, checked against the namespace (after rules_check). `params` are extra
 * names with values, {i = "电信"}: they never travel through text. */
typedef struct ParamColumn { /* a value for each of some rows, null for all others */
  Type type;
  size_t n;
  const int64_t *id;  /* ascending */
  const Val *val;     /* both outlive the evaluations that look at them */
} ParamColumn;
typedef struct Param {
  Str name;         /* of one that stands for an expression it may be a path: missed.value */
  Val val;
  Unit unit;
  const Expr *expr;           /* it stands for this, */
  const ParamColumn *column;  /* or for the row's value here; both NULL: it is the value */
} Param;
typedef enum ExprWant { WANT_ANY, WANT_CONDITION, WANT_TEMPLATE } ExprWant;
Expr *rules_expr(Rules *r, const char *entity /* NULL = own */, Src text, ExprWant want,
                 const Param *params, size_t nparam, Err *e);
/* "a, b:万 as x, count" for rows; with `grouped` names aggregate over each group. */
bool rules_columns(Rules *r, const char *entity, Src text, bool grouped, const Param *params, size_t nparam,
                   Expr ***out, size_t *n, Err *e);
Type expr_type(const Expr *x);
bool expr_varies(const Expr *x); /* from row to row; else it is one figure, 1 - 0.85 <= 0.15 */
bool expr_alone(const Expr *x, Err *e); /* false and an error when it names what only a row has */
Str expr_title(const Expr *x);   /* "as …" or the text */
Fmt expr_fmt(const Expr *x);
Str expr_text(const Expr *x);
/* The fields, measures with their windows (sum(revenue, 12m)) and metrics that x names, in order of
 * appearance: the REPL's columns. A figure that varies from row to row names itself at least. */
size_t expr_names(const Expr *x, const Str **list);

/* --- tables ------------------------------------------------------------- */
typedef enum HitPolicy { HIT_UNIQUE, HIT_ANY, HIT_PRIORITY, HIT_FIRST, HIT_RULE_ORDER, HIT_OUTPUT_ORDER,
                         HIT_COLLECT, HIT_SUM, HIT_MIN, HIT_MAX, HIT_COUNT } HitPolicy;
typedef struct TableInfo {
  Str name;
  int entity;
  HitPolicy policy;
  size_t nin, nout, nrow;      /* nrow without else and unknown */
  const Str *in, *out;         /* headings as written */
  bool has_else, has_unknown;
  int line;                    /* of the heading in its file */
  size_t nlean;                /* tables it leans on, decided before it */
  const Str *lean;
  bool score;                  /* a score: inputs are its drivers' parts, caps and sentences, the output is it */
} TableInfo;
const TableInfo *rules_table_info(const Rules *r, Str name); /* a table or a score; NULL = neither */
size_t rules_table_list(const Rules *r, const TableInfo *const **list); /* without scores */
size_t rules_score_list(const Rules *r, const TableInfo *const **list);
/* "silence 25, slide 20 → 100 %; null when under 60 % of the points are known" */
void score_about(const TableInfo *info, Buf *out);

/* --- evaluation --------------------------------------------------------- */
/* One as-of day, one namespace; caches every column it computed. Not shared between threads. */
typedef struct Eval Eval;
Eval *eval_new(Rules *r, Day asof);
void eval_free(Eval *ev);
Day eval_asof(const Eval *ev);
/* Data or args changed: forget what was computed. Outputs of decided tables stay. */
void eval_touch(Eval *ev);
/* The same, and all values handed out so far are given back, decisions too: between the batches of a
 * stream (an import) that is never looked at again. */
void eval_release(Eval *ev);
/* Row sets. The population that rank, share and classes look at is the scope (or, when the namespace
 * has none, all rows); eval_population sets another one (REPL: the set at hand). */
bool eval_scope(Eval *ev, const int64_t **id, size_t *n, Err *e);
void eval_population(Eval *ev, const int64_t *id, size_t n); /* id NULL: the scope again */
void eval_population_of(Eval *ev, int entity, const int64_t *id, size_t n); /* … of another entity's rows */

/* out[0..n): the value of x for each row. Values live until eval_free. */
bool eval_expr(Eval *ev, const Expr *x, const int64_t *id, size_t n, Val *out, Err *e);
/* The same into every `step`-th place, and what the values point to into `a`. */
bool eval_into(Eval *ev, const Expr *x, const int64_t *id, size_t n, Val *out, size_t step, Arena *a, Err *e);
/* Given to `use` once, as it is: p->i, or where that is NULL v[row * step]. Both are gone when use returns. */
typedef void (*EvalColumn)(void *ctx, const PlainVec *p, const Val *v, uint32_t step);
bool eval_column(Eval *ev, const Expr *x, const int64_t *id, size_t n, EvalColumn use, void *ctx, Err *e);
/* One row per group: first call gives the groups of the key expressions in order of first
 * appearance… sorted by key (null last); then each aggregate column over them. */
typedef struct Groups {
  size_t n, nkey;
  const Val *key;          /* n × nkey */
  const uint32_t *group;   /* of each input row */
} Groups;
bool eval_group(Eval *ev, Expr *const *key, size_t nkey, const int64_t *id, size_t n, Groups *out, Err *e);
bool eval_grouped(Eval *ev, const Expr *x, const Groups *g, const int64_t *id, size_t n, Val *out, Err *e);

enum {
  ROW_NONE = 0,
  ROW_ELSE = -1,
  ROW_UNKNOWN = -2,
  ROW_NULL = -3 /* undecided, no unknown row: outputs null */
};
typedef struct Decision {     /* the result for n rows; arrays live until the next eval_decide, id as long as it was given */
  const TableInfo *table;
  size_t n;
  const int64_t *id;
  const int32_t *row;         /* 1-based row that gave the outputs, or ROW_*; for collect the first */
  const Val *out;             /* n × nout, templates filled in */
  const Val *in;              /* n × nin, the inputs as tested (null = unknown) */
  const int32_t *blocked;     /* the row that could not be tested (undecided), 0 = none */
} Decision;
/* Decides the tables it leans on first. A case that hits no row and has no else is an error that
 * names the case and the count, per LANGUAGE 3. Its outputs become fields of the rows for all
 * later expressions of this Eval (profit_type, why). */
bool eval_decide(Eval *ev, Str table, const int64_t *id, size_t n, const Decision **out, Err *e);

/* In words: which row hit, what each earlier row failed on. From the table's text and the logged inputs. */
void decision_why(Eval *ev, const TableInfo *t, int32_t row, int32_t blocked, const Val *in, Buf *out);
/* Under it, by case: of one that could not be tested what its unknown figures lack, down to the field of the line that
 * nobody recorded, a line of text each; empty where it cannot be followed. NULL: nothing to say of any. */
const Str *decision_roots(Eval *ev, const Decision *d, Arena *a);
/* What keeps this case from `value` in output column `col`. */
void decision_whynot(Eval *ev, const TableInfo *t, size_t col, Val value, int32_t row, const Val *in,
                     Buf *out);
/* Decides on given inputs alone (tests, DMN): in[0..nin) as values; {…} templates that need other
 * names give the text as written. */
bool table_decide(Eval *ev, const TableInfo *t, const Val *in, int32_t *row, int32_t *blocked, Val *out,
                  Err *e);

/* The same for n cases: in[k][0..n) are the values of input k; row and blocked by case, out n × nout.
 * A case that hits no row is an error, as in eval_decide. */
bool table_decide_many(Eval *ev, const TableInfo *t, const Val *const *in, size_t n, int32_t *row, int32_t *blocked,
                       Val *out, Err *e);

/* Counted while evaluating, for the REPL and the run's report. */
typedef struct EvalCounts {
  size_t unknown;           /* rows left out of the last condition for null */
  size_t before_first_day;  /* values null because the window starts before the measure's first day */
  Str measure;              /* … of this measure (the first such) */
} EvalCounts;
EvalCounts eval_counts(const Eval *ev);
#endif
