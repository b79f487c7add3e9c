/* Scores: drivers with points, each counted whole, in part or, when it is not known, not at all. A score is
 * kept as a table without rows (Table.score): its inputs are the drivers' parts, then the conditions of its
 * caps, then the drivers' sentences; its one output is the score. So it is decided, logged and leant on
 * like a table. For the checker and the evaluator only; rules.h is what others see. */
#ifndef FEEL_SCORE_H
#define FEEL_SCORE_H
#include "feel/check.h"
#include "feel/frame.h"

typedef struct Driver {
  Str name;
  Src points_src, when, say; /* say.text.n = 0: it has no sentence */
  Val points;
} Driver;

typedef struct Cap {
  Src cond;
  Val most;
} Cap;

struct Score {
  Driver *driver;
  size_t ndriver;
  Cap *cap;
  size_t ncap;
  Val out_of, total, least; /* total points; the share of them that has to be known, null = any */
  bool share;               /* out of 100 %, not of so many points */
  const Domain *names;      /* of the drivers */
};

typedef enum ScoreAspect { /* code of K_SCORE; num: how many, 0 = all */
  SCORE_KNOWN,
  SCORE_PARTS,
  SCORE_TOP,   /* names, the most points first */
  SCORE_SHOWN, /* "silence 25, slide 18" */
  SCORE_TOLD   /* "silence 25: 45 d without an order; slide 18: …" */
} ScoreAspect;

/* Places of a score's inputs. */
static inline size_t score_tested(const Score *s) { return s->ndriver + s->ncap; }
static inline size_t score_said(const Score *s, size_t driver) { return score_tested(s) + driver; }

/* Checking (score.c): types, then the rules of the drivers; both are part of table_types and table_check. */
bool score_types(Rules *r, Table *t, Err *e);
bool score_check(Check *c, Table *t);

/* Names of a score's parts (check_score.c): churn_risk.known, churn_risk.top(3). NULL without an error when o
 * is no score. */
Op *score_path(Check *c, const Node *n, Op *o);
Op *score_call(Check *c, const Node *n);
/* A list of drivers as people read it: with points, all drivers with their sentences. Other ops as they are. */
Op *score_shown(Check *c, Op *o);

/* Evaluation (eval_score.c). */
bool wide_score(Frame *f, const Op *op, Vec *out);
bool score_frame(Frame *f, const Table *t, int32_t *row, Val *out);
/* The score of one case if it had no such driver (ndriver: with all of them). */
Val score_without(const Score *s, size_t driver, const Val *in, Arena *a);
/* The sentences of the drivers that count, into the inputs of n cases (n × nin). */
bool score_sentences(Frame *f, const Table *t, Val *in);
void score_why(Eval *ev, const Table *t, const Val *in, Buf *out);
#endif
