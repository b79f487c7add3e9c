/* Inside of the DMN reader and evaluator: the model as structs. Only dmn*.c include this.
 * Everything lives in the arena of its Dmn. */
#ifndef FEEL_DMN_INSIDE_H
#define FEEL_DMN_INSIDE_H
#include "feel/dmn.h"
#include "feel/dmn_xml.h"

typedef struct DmnModel DmnModel;

/* A piece of FEEL. `node` NULL: blank, or (letter of the standard) not to be parsed, and `fault` says why. */
typedef struct DmnText {
  Src src;
  const XmlNode *xml;    /* the element it is the text of */
  const Node *node;
  const char *fault;
} DmnText;

typedef enum DmnPolicy {
  POLICY_UNIQUE,
  POLICY_ANY,
  POLICY_PRIORITY,
  POLICY_FIRST,
  POLICY_RULE_ORDER,
  POLICY_OUTPUT_ORDER,
  POLICY_COLLECT
} DmnPolicy;
typedef enum DmnAggregate {
  AGGREGATE_NONE,
  AGGREGATE_SUM,
  AGGREGATE_COUNT,
  AGGREGATE_MIN,
  AGGREGATE_MAX
} DmnAggregate;

typedef struct DmnColumn {
  Str name, typeref;     /* outputs: name may be empty when there is one */
  const StdType *type;   /* NULL = not declared */
  int line;
  DmnText expr;          /* inputs */
  DmnText values;        /* allowed: inputValues, outputValues; node NULL = none */
  DmnText fallback;      /* outputs: defaultOutputEntry */
} DmnColumn;

typedef struct DmnRule {
  int line;
  DmnText *in, *out;     /* nin, nout; a blank input is any */
  Str *note;             /* nnote */
} DmnRule;

typedef struct DmnTable {
  Str name;              /* of what it stands in */
  const XmlNode *xml;
  DmnPolicy policy;
  DmnAggregate aggregate;
  size_t nin, nout, nrule, nnote;
  DmnColumn *in, *out;
  DmnRule *rule;
  Str *note;             /* annotation names */
} DmnTable;

typedef enum DmnBoxKind {
  BOX_LITERAL, BOX_TABLE, BOX_CONTEXT, BOX_LIST, BOX_RELATION, BOX_FUNCTION, BOX_INVOCATION, BOX_IF, BOX_FOR,
  BOX_SOME, BOX_EVERY, BOX_FILTER
} DmnBoxKind;

typedef struct DmnParam {
  Str name, typeref;
  const StdType *type;   /* NULL = Any */
  int line;
} DmnParam;

/* A boxed expression. What kid and param hold:
 *   CONTEXT     kid[i] under param[i]; the last may have no name: it is the result
 *   LIST        kid… · RELATION: kid[r] is a LIST, one kid a column, columns in param
 *   FUNCTION    kid[0] the body (NULL: none), its parameters in param
 *   INVOCATION  kid[0] the function, kid[1 + i] bound to param[i]
 *   IF          condition, then, else · FOR SOME EVERY: in, body; param[0] the variable · FILTER: in, match */
typedef struct DmnBox {
  DmnBoxKind kind;
  const XmlNode *xml;
  Str typeref;
  const StdType *type;   /* NULL = not declared */
  DmnText text;          /* LITERAL */
  DmnTable *table;
  size_t nkid, nparam;
  struct DmnBox **kid;
  DmnParam *param;
  bool external;         /* FUNCTION of another kind than FEEL: calling it gives null */
  Str owner;             /* the decision or knowledge model it stands in */
} DmnBox;

struct DmnItem {
  DmnKind kind;
  DmnModel *model;
  const XmlNode *xml;
  Str id, name, typeref;
  const StdType *type;
  unsigned index;        /* among all items of the Dmn */
  const DmnItem **need;  /* information requirements; a service's outputs */
  size_t nneed;
  const DmnItem **know;  /* knowledge requirements */
  size_t nknow;
  DmnBox *logic;         /* decision; BKM: a BOX_FUNCTION. NULL: none given */
  const DmnItem **input; /* service: its parameters, input data first, then input decisions */
  size_t ninput;
};

typedef struct DmnImport {
  Str name, namespace;
  DmnModel *model;
} DmnImport;

typedef struct DmnTypeDef {
  Str name;
  const XmlNode *xml;
  StdType type;
  char state;            /* 0 new, 1 being resolved, 2 done */
} DmnTypeDef;

struct DmnModel {
  Dmn *all;
  const char *path;
  Str namespace, name;
  const XmlNode *root;
  DmnItem **item;
  size_t nitem;
  DmnImport *import;
  size_t nimport;
  DmnTypeDef *type;
  size_t ntype;
};

struct Dmn {
  Arena arena;
  DmnMode mode;
  DmnModel **model;      /* the first is the one asked for */
  size_t nmodel, capmodel;
  DmnItem **item;        /* of all models, by index */
  size_t nitem, capitem;
  Str *member;           /* names of components, entries and outputs: what may stand behind a dot */
  size_t nmember, capmember;
  unsigned depth;        /* of type definitions in one another while they are resolved */
};

/* An error at an element: "file:line:col: <decision> Discount: …". False always. */
bool dmn_fault(const DmnModel *m, const XmlNode *x, Err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* A name with its blanks made single. */
Str dmn_clean(Arena *a, Str s);
/* The text of x's child `name` ("text" of an expression); text.n = 0 when there is none. */
Src dmn_text(const DmnModel *m, const XmlNode *x, const char *what);

/* dmn_read.c: elements and their names, no references resolved. dmn_box.c: what decides. */
bool dmn_read_items(DmnModel *m, Err *e);
bool dmn_read_box(DmnModel *m, const XmlNode *x, Str owner, DmnBox **out, Err *e);
bool dmn_read_logic(DmnModel *m, const XmlNode *x, Str owner, DmnBox **out,
                    Err *e); /* x's boxed child, NULL: none */
bool dmn_read_function(DmnModel *m, const XmlNode *x, Str owner, DmnBox **out, Err *e);
bool dmn_read_table(DmnModel *m, const XmlNode *x, Str owner, DmnTable **out, Err *e);
bool dmn_is_box(const XmlNode *x);
void dmn_member(Dmn *d, Str name); /* what may stand behind a dot; plain names are not kept */

/* dmn_link.c: imports, references, rings. */
bool dmn_link(Dmn *d, Err *e);
const DmnImport *dmn_import(const DmnModel *m,
                            const DmnModel *of); /* how m calls the other, or NULL; an import
 * without a name brings its own imports along */

/* dmn_type.c: item definitions, types of everything. */
bool dmn_types(Dmn *d, Err *e);
bool dmn_type(DmnModel *m, Str ref, const XmlNode *x, const StdType **out,
              Err *e); /* *out NULL when ref is empty */
StdTypes dmn_types_of(const DmnModel *m);

/* dmn_bind.c: parses every text with the names it may use, and in a strict model checks the names. */
typedef struct DmnNames { /* a stack of names in scope */
  const Str *name;
  size_t n;
  const struct DmnNames *up;
  const StdType *const *type; /* of the names, or NULL; each may be NULL */
} DmnNames;
bool dmn_bind(Dmn *d, Err *e);
/* dmn_names.c: is every name of the tree in scope? */
bool dmn_check_names(const Src *src, const Node *x, const DmnNames *scope, Err *e);
/* dmn_check.c: what can be seen wrong in a table without deciding: literals of another type than their column,
 * or outside its values. */
bool dmn_check_table(const DmnModel *m, const DmnTable *t, Err *e);

/* --- deciding */

struct DmnRun {
  const Dmn *m;
  DmnRun *top;           /* the outermost run, which owns what follows value and state */
  Val *value;            /* by item */
  char *state;           /* by item: 0 not yet, 1 being decided, 2 done */
  Arena arena;
  Standard std;
  Err stopped;           /* the evaluator gave up */
  Err fault;             /* strict: the first fault met while deciding */
  unsigned depth, items, services; /* of expressions, items, services in one another */
  bool traced;
  const char **note;
  size_t nnote, capnote;
  DmnTableTrace *trace;
  size_t ntrace, captrace;
};
/* dmn_eval.c: expressions. dmn_item.c: elements of the graph, functions made of them. dmn_table.c: tables. */
Val dmn_eval(DmnRun *r, const DmnBox *b, const Scope *scope);
Val dmn_eval_text(DmnRun *r, const DmnText *t, const Scope *scope);
Val dmn_eval_table(DmnRun *r, const DmnTable *t, const Scope *scope);
Val dmn_value(DmnRun *r, const DmnItem *item);
/* May the work go on? False after a fault or when the evaluator gave up. */
bool dmn_going(DmnRun *r);
/* Strict: remembers the first fault, with its place when src is given; else a note. Always null. */
Val dmn_broken(DmnRun *r, const Src *src, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
Str dmn_type_say(const StdType *t); /* its name: "tTier", "number" */
/* v as the type wants it; what does not fit is broken. `who` names the value: "decision Discount". */
Val dmn_conform(DmnRun *r, Val v, const StdType *t, const Src *src, const char *who, Str name);

struct Grid;
/* A table as a grid of the rules dialect (dmn_grid.h), its columns, inputs before outputs, under these names. */
bool grid_of_dmn(const Dmn *m, const DmnTable *t, const Str *name, Arena *a, struct Grid *out, Err *e);
#endif
