/* Tests beside a playbook: internal to vm/lua. Each item gets a database of its own, made in a temporary
 * folder and removed again, and its playbook, checked against it. */
#ifndef LUA_TEST_H
#define LUA_TEST_H
#include "lua/namespace.h"

typedef struct TestRun {
  const Header *tests;
  const Test *item;
  Playbook *book;
  Store *store;
  char *folder;
  Day asof;
  Arena arena;
  Buf *out;             /* one line a test, what went wrong below it */
  int *passed, *failed;
  Buf faults;           /* of the test at hand, a line each */
} TestRun;

/* A fault of the test at hand. */
void test_fault(TestRun *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Several lines of them. */
void test_faults(TestRun *t, Str lines);
/* Ends the test at hand: its line, and its faults. */
void test_done(TestRun *t, Str name, int line);

bool test_open(TestRun *t, Err *e);  /* store and playbook */
void test_close(TestRun *t);
/* Plans and applies the playbook. The plan is the caller's. */
bool test_play(TestRun *t, Plan **plan, Err *e);

/* Rows of text: cells between |, a heading first; `||` counts the columns before it. */
typedef struct TestGrid {
  size_t ncol, nrow, nin; /* nin = ncol when there is no || */
  Src *head, *cell;
} TestGrid;
bool test_grid(const Src *text, Arena *a, TestGrid *out, Err *e);
static inline Src *test_cell(const TestGrid *g, size_t row, size_t col) { return &g->cell[row * g->ncol + col]; }

/* A cell as a value of this type; bare words are text. Blank and null are null. */
bool test_value(const Src *cell, Type type, Arena *a, Val *out, Err *e);
/* Is the value what the cell says, rounded to the digits it gives? "-" is any. */
bool test_matches(const Src *cell, Type type, Val v, Arena *a);
void test_show(TestRun *t, Val v, Type type, Buf *out);
/* The field's type in the store, else of the rule's value. */
Type test_field_type(TestRun *t, int entity, Str name);
int64_t test_row(TestRun *t, Str code);   /* account by code; a fault and 0 when there is none */
/* A rule over rows, against the store as it is now. */
bool test_eval(TestRun *t, const Src *rule, const int64_t *id, size_t n, Val *out, Type *type, Err *e);

bool test_decide(TestRun *t, Err *e);
bool test_case(TestRun *t, Err *e);
bool test_property(TestRun *t, Err *e);

/* Parts of a case. */
bool test_given(TestRun *t, Err *e);
bool test_monthly(TestRun *t, Err *e);
typedef struct Expected Expected;
Expected *expect_before(TestRun *t, Err *e);            /* what stands there before the run */
bool expect_after(TestRun *t, Expected *x, Plan *p, Err *e);
#endif
