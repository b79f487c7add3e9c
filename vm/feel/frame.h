/* The evaluator's inside. A Frame is a vector of rows (or of the items of
 * lists) on one as-of day; ops are evaluated over whole frames. Frames hang
 * together: the rows found for each row of a frame (contacts of accounts) are
 * a frame `up` of which is that frame, with the index of its row; a selection
 * of a frame has it as `base`.
 *
 * Frames, columns and what they hold live in an arena and go with it. Every
 * function that can fail returns false with ev->e set. */
#ifndef FEEL_FRAME_H
#define FEEL_FRAME_H
#include "feel/plain.h"
#include "feel/space.h"

typedef struct Frame Frame;

/* A column: step 0 when all rows have the same value, more than 1 when it is one of several that lie row by row. */
typedef struct Vec {
  const Val *v;
  uint32_t step;
} Vec;
static inline Val vec_at(Vec v, size_t i) { return v.v[i * v.step]; }

typedef struct Kept { /* something computed for a frame */
  const void *key;
  int tag;
  Vec vec;
  void *thing;
  struct Kept *next;
} Kept;
enum { KEPT_VEC, KEPT_PLAIN /* thing: a PlainVec */, KEPT_ROWS, KEPT_REF, KEPT_ROOT };
enum { NO_ROW = UINT32_MAX };

struct Frame {
  Eval *ev;
  Arena *arena;
  int entity;            /* 0: no rows */
  int level;
  Day asof;
  size_t n;
  const int64_t *id;     /* rows */
  const Val *item;       /* items of lists */
  Frame *up;
  const uint32_t *upidx; /* ascending */
  Frame *base;
  const uint32_t *baseidx; /* NULL: one to one */
  Kept *kept;
  Frame *other_day;      /* the same rows on other days, a ring of one list */
  Frame *constant;       /* one row without anything */
  const uint32_t *ord;
  bool dense;            /* ord is 0, 1, 2 …, once it is known */
  bool blind;            /* rows are not known: whatever needs them is null */
  Frame *rows;           /* a frame of groups: what is grouped, and into which */
  const Groups *groups;
};

/* id -> 0, 1, 2 … in order of first meeting, per entity. */
typedef struct Index {
  int entity;
  size_t n, cap;
  int64_t *id;      /* by ordinal */
  uint32_t *slot;   /* hash table of ordinals + 1 */
  size_t nslot;
  uint32_t *plain;  /* 0, 1, 2 …, for frames whose rows are in this order */
  size_t nplain;
  bool far;         /* some id is no less than nslot */
} Index;

typedef struct Memo { /* a column over all rows met, of one definition on one day */
  const void *key;
  Day asof;
  size_t cap, count;/* count: how many it has */
  Val *v;           /* or NULL while a plain column says it: */
  int64_t *i;
  uint8_t *known;
  Val like, none;
  size_t nknown, nnone;
  uint8_t *have;
  bool field;       /* of a field of the host: no decision changes it */
  bool whole;       /* filled at once: what is not there is null */
} Memo;

typedef struct Decided { /* what a table said of the rows decided so far */
  const Table *table;
  Day asof;
  size_t cap;
  uint8_t *have;
  int32_t *row, *blocked;
  Val *in, *out;    /* by ordinal × nin, nout */
  bool busy;
  bool asked;       /* by eval_decide, not by a rule in passing */
  bool compiled;    /* decider is what it can be, with the args as they are */
  struct Decider *decider; /* or NULL: cell by cell */
} Decided;

struct Eval {
  Rules *r;
  const FeelHost *host;
  Day asof;
  Err *e;
  int depth;
  size_t batch;
  Arena keep;       /* values handed out */
  Arena memos;      /* what memos point to, until eval_touch */
  Arena decisions;
  Arena temp;       /* of the call under way */
  Index *index;
  size_t nindex;
  Memo **memo;
  size_t nmemo, capmemo;
  void **retired;   /* columns of memos that frames may look at until the call is over */
  size_t nretired, capretired;
  Decided **decided;
  size_t ndecided, capdecided;
  struct Listed { int entity; Day asof; const int64_t *id; size_t n; } listed; /* the scope, as long as memos hold */
  int pop_entity;
  bool pop_set;
  int64_t *pop;
  size_t npop;
  EvalCounts counts;
  Str counted;      /* measure in counts */
};

/* Public calls bracket themselves with these. */
void eval_enter(Eval *ev, Err *e);
bool eval_leave(Eval *ev, bool ok);

/* Frames (frame.c). */
Frame *frame_root(Eval *ev, Arena *a, int entity, Day asof, const int64_t *id, size_t n);
Frame *frame_subset(Frame *f, Arena *a, const uint32_t *sel, size_t n);
Frame *frame_rows_of(Frame *up, int entity, const int64_t *id, const uint32_t *upidx, size_t n);
Frame *frame_items_of(Frame *up, const Val *item, const uint32_t *upidx, size_t n);
Frame *frame_moved(Frame *rows, Frame *up, const uint32_t *upidx); /* the same rows under another frame */
Frame *frame_on(Frame *f, Day asof);
Frame *frame_constant(Frame *f);
void frame_climb(Frame *f, int level, Frame **to, const uint32_t **idx /* NULL: one to one */);
const uint32_t *frame_ordinals(Frame *f);
Kept *frame_find(Frame *f, const void *key, int tag);
Kept *frame_keep(Frame *f, const void *key, int tag);

/* Memos (memo.c). */
Index *index_of(Eval *ev, int entity);
uint32_t index_ordinal(Index *x, int64_t id);
void index_room(Index *x, size_t n); /* for so many rows in all */
const uint32_t *index_plain(Eval *ev, Index *x, size_t n); /* 0 .. n, while the call lasts */
Memo *memo_of(Eval *ev, const void *key, Day asof);
void memo_room(Eval *ev, Memo *m, size_t n);
/* v[0 .. n), which `copied` says were made in ev->memos, as the values of ordinals `at`, or of the first n
 * where that is NULL; and the same of a plain column. There is room for them. */
void memo_put(Eval *ev, Memo *m, const uint32_t *at, size_t n, const Val *v, bool copied);
void memo_put_plain(Eval *ev, Memo *m, const uint32_t *at, size_t n, const PlainVec *p);
/* The memo's values for the rows of f; those it does not have are null. */
Vec memo_column(Frame *f, const Memo *m);
Val memo_at(const Memo *m, uint32_t at); /* null where it has none */
PlainVec memo_plain(Frame *f, const Memo *m); /* without a column when it has none that is plain */
void memo_release(Eval *ev); /* the call is over */
void memo_clear(Eval *ev, bool leaning_only);
Decided *decided_of(Eval *ev, const Table *t, Day asof);
void decided_room(Decided *d, size_t n);

/* Evaluation: eval.c, and by subject eval_wide.c, eval_rows.c, eval_series.c, eval_set.c, eval_group.c,
 * decide.c. */
bool frame_eval(Frame *f, const Op *op, Vec *out);
bool frame_value(Frame *f, const Op *op, Val *out);             /* of an op that does not vary */
bool frame_full(Frame *f, const Op *op, const Val **out);       /* a column with one value a row */
bool frame_rows(Frame *f, const Op *op, Frame **out);
bool frame_ref(Frame *f, const Op *op, Frame **to, const uint32_t **idx);
/* The same as a plain column; out->i is NULL where it is none, and frame_eval has to be asked (eval_plain.c). */
bool frame_plain(Frame *f, const Op *op, PlainVec *out);
bool metric_plain(Frame *f, const Op *op, PlainVec *out);
bool series_plain(Frame *f, const Op *op, PlainVec *out);
bool set_plain(Frame *f, const Op *op, PlainVec *out);
bool ago_plain(Frame *f, const Op *op, PlainVec *out);
bool wide_eval(Frame *f, const Op *op, Vec *out);
bool wide_logic(Frame *f, const Op *op, Vec *out);
bool wide_list(Frame *f, const Op *op, Vec *out);
bool wide_series(Frame *f, const Op *op, Vec *out);
bool wide_forecast(Frame *f, const Op *op, Vec *out);
bool wide_set(Frame *f, const Op *op, Vec *out);
bool wide_nearly(Frame *f, const Op *op, Vec *out);
bool wide_grouped(Frame *f, const Op *op, Vec *out);
bool wide_output(Frame *f, const Op *op, Vec *out);
/* The row that is lacking for these inputs: "margin > 15 %, drift >= -1 %". */
void table_gap(Eval *ev, const Table *t, const Val *in, Buf *out);
/* What t says of the rows of f, decided now where it was not yet. */
bool decide_lacking(Frame *f, const Table *t, Decided **out);
/* A cell's test in words, "> good 15 %", and an input's value. */
void cell_words(Eval *ev, const Table *t, const Val *in, size_t row, size_t col, Buf *out);
void input_words(Eval *ev, Val v, Unit unit, Buf *out);
bool decide_rows(Eval *ev, const Table *t, Day asof, const int64_t *id, size_t n);
bool wide_metric(Frame *f, const Op *op, Vec *out);
bool population(Eval *ev, int entity, Day asof, Arena *a, const int64_t **id, size_t *n);
Val *column_new(Frame *f, size_t n);
Vec vec_null(void);

/* Values (value.c): what operators do to two of them. */
Val value_arith(NodeOp op, Val a, Val b, Day asof, Arena *arena);
Val value_neg(Val a, Arena *arena);
Val value_compare(NodeOp op, CmpHow how, const Domain *d, Val a, Val b, Day asof);
Val value_has(Val x, Val list);
Val value_in_range(Val x, Val range, Day asof);
Val value_inside(Val day, Val window, Day asof);
Val value_and(Val a, Val b);
Val value_or(Val a, Val b);
Val value_not(Val a);
/* <0 0 >0; false when they cannot be compared. `never` is longer than anything. */
bool value_order(Val a, Val b, Day asof, int *out);
/* As a person reads it: windows and rows too. */
FmtEnv eval_fmt(Eval *ev, const char *null);
#endif
