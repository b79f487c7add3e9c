/* The compiled form of an expression: a tree of typed operations, in which no
 * name is left. The checker makes it (check.h), the evaluator runs it over
 * columns (frame.h). Ops live in the arena of the Rules they were checked in.
 *
 * Some ops are `wide`: they reach beyond their row (to the host, to other
 * rows, to another day) and are computed for a whole frame at once and kept
 * there. The rest is arithmetic on columns, done in batches in between. */
#ifndef FEEL_OP_H
#define FEEL_OP_H
#include "feel/ast.h"
#include "feel/host.h"

typedef enum OpKind {
  /* columns of constants */
  K_LIT,
  K_ARG /* ref: Sym */,
  K_ASOF,
  /* arithmetic on columns, row by row */
  K_ARITH /* code: OP_ADD… */,
  K_NEG,
  K_CMP /* code: OP_EQ…, how: CmpHow */,
  K_ISNULL /* code 1: is not */,
  K_NOT,
  K_AND,
  K_OR,
  K_IF,
  K_BETWEEN /* kid1 <= kid0 <= kid2, code: VAL_RANGE_* */,
  K_HAS /* kid0 in list kid1 */,
  K_INSIDE /* date kid0 in window kid1 */,
  K_INRANGE /* kid0 in range-valued kid1 */,
  K_DAYS /* duration -> days */,
  K_LIST,
  K_RANGE,
  K_CALL /* ref: Func */,
  K_TEMPLATE,
  K_MISSING /* names, in text, of the kids that are null */,
  /* wide */
  K_WIDE = 64,
  K_LOGIC = K_WIDE /* AND, OR, IF whose later kids are dear: code = kind */,
  K_FIELD /* ref: HostField */,
  K_UNSET /* a declared field that the host does not have yet */,
  K_GIVEN /* ref: ParamColumn */,
  K_ONE /* ref: HostField */,
  K_SELF /* the row itself */,
  K_METRIC /* ref: Sym */,
  K_OUTPUT /* ref: Sym */,
  K_OUTER /* num: level; the row of that level */,
  K_VAR /* num: level */,
  K_AT /* kid0 a row, kid1 something of that row's */,
  K_COUNT /* rows of kid0; code 1: is there any */,
  K_SINCE /* days since the last day of kid0's rows */,
  K_SERIES /* code: SeriesFn, ref: HostField, kid0 window, num: step */,
  K_SET /* code: SetFn, ref: SetCall */,
  K_AGO /* kid0, kid1 how long */,
  K_POP,
  K_FORECAST,
  K_NEARLY /* code: which part of the answer, ref: NearCall */,
  K_SCORE /* code: ScoreAspect, ref: Table, num: how many drivers */,
  K_SEGMENT,
  K_CHANGED /* num: entity, kid0 a run */,
  K_QUANTIFY /* code: N_SOME, N_EVERY; kid0 list or rows, kid1 condition in it; num 1: null when empty */,
  K_FOR,
  K_PICK /* kid0[kid1], by number */,
  K_SIFT /* kid0[kid1], a list of values, by condition */,
  K_MEMO /* kid0, kept: the input of a table */,
  K_EACH /* kid0 rows, kid1 a value in each: a list */,
  K_LATEST /* kid0 rows, kid1 a value in each, kid2 its day: the last known one */,
  K_COLLECT /* rows as a list of row values */,
  K_GROUPED /* an aggregate over each group, ref: Func */,
  K_GROUP_SHARE,
  /* rows: evaluated by rows_eval, never as a column */
  K_ROWS = 128,
  K_ALL = K_ROWS /* num: entity */,
  K_MANY /* ref: HostField */,
  K_AT_ROWS /* kid0 a row, kid1 rows of it */,
  K_FLAT /* kid0 rows, kid1 rows of each */,
  K_FILTER /* kid0 rows, kid1 condition */,
  K_METRIC_ROWS /* ref: Sym */
} OpKind;

/* How two values are compared. */
typedef enum CmpHow { CMP_PLAIN, CMP_RANK /* ref: Domain */, CMP_DAYS /* either may be a duration */ } CmpHow;

typedef enum SeriesFn {
  SER_SUM,
  SER_COUNT,
  SER_MIN,
  SER_MAX,
  SER_FIRST,
  SER_LAST,
  SER_MEAN,
  SER_SLOPE,
  SER_TREND,
  SER_STDDEV,
  SER_GAP,
  SER_SINCE
} SeriesFn;
typedef enum StepUnit { STEP_NONE, STEP_DAY, STEP_WEEK, STEP_MONTH, STEP_QUARTER, STEP_YEAR } StepUnit;
typedef enum SetFn {
  SET_RANK,
  SET_SHARE,
  SET_RUNNING,
  SET_AHEAD,
  SET_QUANTILE,
  SET_CLASSES,
  SET_ZSCORE,
  SET_TIED,
  /* one figure for the crowd: */ SET_GINI,
  SET_HHI,
  SET_TOP_SHARE,
  SET_CARRIERS
} SetFn;

typedef struct Op Op;
struct Op {
  uint8_t kind;    /* OpKind */
  uint8_t code;
  uint8_t how;     /* CmpHow */
  bool varies;     /* differs from row to row */
  bool dear;       /* asks the host for more than a column, or the whole set: not computed needlessly */
  bool dated;      /* depends on as-of */
  int32_t num;
  uint32_t nkid;
  Op **kid;
  Type type;
  const Node *node;
  const void *ref;
  Val lit;
  Fmt *fmt;        /* K_TEMPLATE: of each kid */
  Str *text;       /* K_TEMPLATE: nkid + 1 texts around the kids; names of the kids follow */
};

typedef struct SetCall { /* what K_SET looks at */
  const Op *x, *within, *among, *k, *how;
  int entity;
} SetCall;

static inline bool op_wide(const Op *o) { return o->kind >= K_WIDE; }
static inline bool op_is_rows(const Op *o) { return o->kind >= K_ROWS; }
bool op_depends(const Op *op); /* on an arg, or the day */
bool op_same(const Op *a, const Op *b); /* the same computation, whoever wrote it */
#endif
