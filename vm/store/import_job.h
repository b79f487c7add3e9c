/* Inside the importer only: what one import is made of. */
#ifndef STORE_IMPORT_JOB_H
#define STORE_IMPORT_JOB_H
#include "store/added.h"
#include "store/db.h"
#include "store/import.h"
#include "store/import_keys.h"
#include "store/import_reject.h"
#include "store/import_target.h"

enum { IMPORT_REFS = 8 };

struct Import {
  Store *s;
  ImportSpec spec;
  const CatEntity *ent;
  bool orders;             /* the entity whose ids hold the day */
  FileSource file;
  Judge judge;
  bool by_rows;            /* lines go in by statements: as pages they did not hold */
  bool lost;               /* … which was seen only at the end */
  bool sure;               /* the judge has to see the whole file before anything is written */
  bool guessed;            /* it saw only the beginning; `whole` goes on judging while rows are written */
  Judge whole;
  Join join;
  bool joined;
  FileView view;
  Rules *rules;
  Expr *where;
  bool *used;              /* columns of the view that something takes */
  Target *target;
  size_t ntarget;
  struct QuickColumn *quick; /* import_quick.c: of each target … */
  bool is_quick;           /* … when rows may be made so */
  int day;                 /* target that holds orders.day, or -1 */
  size_t nkey;             /* targets with key set */
  bool own_key;            /* the key is the entity's CAT_KEY column: rows are found by its index */
  bool assigns;            /* some targets have a history */
  Refs refs[IMPORT_REFS];
  size_t nrefs;
  Refs *self;              /* the entity's own keys, when a column refers to it (parent) */
  Keys keys;
  Rejects rejects;
  ImportCounts count;
  struct AddedRange { const char *table; int64_t first, last; AddedSum sum; } *added; /* ids of new rows; no sum: 0 rows */
  bool summed;             /* new rows are known by their values alone, so that they are added up as they go in */
  size_t nadded, capadded;
  Arena arena;
};

/* import_map.c: fields to columns, rules parsed and checked, refs loaded. */
bool import_bind(Import *im, Err *e);
#endif
