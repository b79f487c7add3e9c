/* The inside of a namespace: symbols and tables as Rules keeps them. For the
 * files of the checker and the evaluator only; rules.h is what others see. */
#ifndef FEEL_SPACE_H
#define FEEL_SPACE_H
#include "feel/block.h"
#include "feel/op.h"
#include "feel/rules.h"

typedef enum SymKind { SYM_ARG = 1, SYM_METRIC, SYM_FIELD, SYM_OUTPUT } SymKind;
typedef enum SymState { SYM_NEW, SYM_CHECKING, SYM_DONE } SymState;
typedef enum ArgKind {
  ARG_NUMBER,
  ARG_COUNT,
  ARG_PERCENT,
  ARG_MONEY,
  ARG_DURATION,
  ARG_WINDOW,
  ARG_DATE,
  ARG_TEXT,
  ARG_ACCOUNT,
  ARG_FILTER,
  ARG_FILE,
  ARG_FOLDER,
  ARG_ONE_OF,
  ARG_BOOL,
  ARG_LIST,
  ARG_DAYS
} ArgKind;

enum { HEIGHT_MOST = 200 }; /* metrics may lean on one another so deep: evaluation recurses */

typedef struct Table Table;
typedef struct Score Score;
typedef struct Sym {
  SymKind kind;
  SymState state;
  Rules *home;
  Str name, about;
  int entity;        /* 0: an arg */
  Src src;           /* the name, where it was defined */
  Src rule;
  Type type;
  Unit unit;         /* as declared */
  bool declared;     /* has a declared unit */
  bool published;
  bool leans;        /* a metric that reads outputs of tables */
  bool sets;         /* … that looks at the whole population */
  Op *op;            /* metric; an arg whose default depends on as-of */
  ArgKind arg;
  bool inferred;     /* arg: its kind was read off the default */
  bool as_window, as_span; /* arg: where a window is wanted; anywhere else that counts with it */
  Str type_text;
  Val val;           /* arg: the value in force */
  const Domain *domain; /* arg one of */
  const Op *limit;   /* arg: a condition over it, or NULL */
  Src limit_src;
  Val low, high;     /* field number lo..hi */
  Table *table;      /* output */
  uint32_t col;
  struct Sym *up;    /* while checking: who asked, for the ring of a cycle */
  Table *via;        /* … and through which table */
  int serial;        /* order of definition */
  int height;        /* of the metrics and tables below it */
} Sym;

typedef struct Cell {
  Src src;
  Node *node;
  Op *op;            /* input: the test as a condition; output: the value; NULL = any, or null */
  bool any;
} Cell;

typedef struct TableInput {
  Src src;           /* without the trailing "?" */
  bool lenient;      /* "?": null misses */
  Op *op;            /* K_MEMO over the heading's expression */
  Type type;
} TableInput;

typedef struct TableOutput {
  Src src;
  Sym *sym;          /* its name as a symbol */
  const Sym *field;  /* declared field it fills, or NULL */
  const HostField *host_field;
  Type type;
  bool note;
} TableOutput;

struct Table {
  TableInfo info;
  Rules *home;
  Src text;
  Grid grid;
  bool csv;
  SymState state;
  bool typed;
  TableInput *in;
  TableOutput *out;
  Cell *cell;        /* grid.nrow × (nin + nout) */
  int32_t *number;   /* grid.nrow: 1-based among plain rows; ROW_ELSE, ROW_UNKNOWN */
  int else_row, unknown_row; /* index into grid rows, -1 = none */
  Table **lean;      /* tables whose outputs its inputs read */
  size_t nlean, caplean;
  int height;        /* … likewise */
  Score *score;      /* a score: kept as a table without rows, see score.h; NULL: a table */
  ScoreSpec *spec;   /* … as it was written */
};

struct Expr {
  Rules *rules;
  Op *op;
  Src src;
  Str title;
  Fmt fmt;
  ExprWant want;
  bool grouped;
  int entity;
  const Str *name;
  size_t nname;
};

struct Rules {
  const FeelHost *host;
  Dialect dialect;
  const char *name;
  int entity;
  const char *entity_text;
  Arena arena;
  Sym **sym;
  size_t nsym, capsym;
  Table **table;
  size_t ntable, captable;
  Table **score;
  size_t nscore, capscore;
  Rules **use;
  size_t nuse, capuse;
  Str *publish;
  size_t npublish, cappublish;
  Src scope;
  Op *scope_op;
  const Op **sets;    /* every share, rank, classes … call: the same is worked out once, and tied(x) asks for classes */
  size_t nsets, capsets;
  bool checked;
  ArgInfo *arg_list;
  size_t narg;
  FieldInfo *field_list;
  size_t nfield;
  MetricInfo *metric_list;
  size_t nmetric;
  const TableInfo **table_list, **score_list;
};

/* The host, with callbacks that may be missing. */
int host_entity(const FeelHost *h, Str name);
const HostEntity *host_info(const FeelHost *h, int entity);
const HostField *host_field(const FeelHost *h, int entity, Str name);
size_t host_fields(const FeelHost *h, int entity, const HostField *const **list);
Str entity_name(const FeelHost *h, int entity);
Str entity_plural(const FeelHost *h, int entity);

Src rules_copy_src(Rules *r, Src src);
Str rules_copy(Rules *r, Str s);
Sym *sym_add(Rules *r, SymKind kind, Str name, Src src);
/* A symbol of this namespace or of one it uses. `entity`: 0 looks for args. */
Sym *sym_find(const Rules *r, int entity, Str name);
Table *table_find(const Rules *r, Str name);
/* "arg, 15 %" · "metric" · "metric of rulebook kam" … for messages. */
void sym_describe(const Rules *r, const Sym *s, Buf *out);
/* No name may be defined twice, nor hide what the host knows. */
bool names_check(Rules *r, Err *e);

/* Each subject's part of rules_check. */
bool args_check(Rules *r, Err *e);
bool metric_check(Rules *r, Sym *s, Sym *asker, Err *e);
/* How deep what op leans on is. */
int op_height(const Op *op);
bool table_check(Rules *r, Table *t, Sym *asker, Err *e);
bool table_types(Rules *r, Table *t, Err *e);
bool fields_add(Rules *r, Src block, Err *e);
bool args_add(Rules *r, Src block, Err *e);

/* A constant's value. */
bool op_constant(Rules *r, const Op *op, Val *out, Err *e);
#endif
