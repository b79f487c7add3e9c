/* Rows that cannot be imported: counted by reason, the first few kept to be shown,
 * all of them written to a file when one is wanted.
 *
 * The file appears under its name only with rejects_keep; until then it is FILE.part. What is no regular
 * file (a device, a pipe) is written to at once; a link is followed. */
#ifndef STORE_IMPORT_REJECT_H
#define STORE_IMPORT_REJECT_H
#include "store/csv.h"

typedef struct Reject {
  uint64_t line;
  Str column;   /* title in the file, or field; empty when it is the whole row */
  Str value;    /* the cell, or empty */
  Str reason;   /* "is no date" … a sentence that reads on from the value */
  Str group;    /* rejects with the same group are counted together; never empty */
  Str hint;     /* what to do about the group, or empty */
  Str raw;      /* the record as it stands in the file */
  Str all;      /* first fault of its row: what the file of rejects says of it, all faults of the row */
  unsigned also;/* 0 = first fault of its row; else a further one, counted in its group but not as a row */
} Reject;

typedef struct RejectGroup {
  Str group, hint;
  uint64_t count, line; /* line of the first */
} RejectGroup;

enum { REJECT_SAMPLES = 10, REJECT_ALIKE = 3 /* samples of one group */, REJECT_GROUPS = 200 };
typedef struct Rejects {
  uint64_t total;
  Reject sample[REJECT_SAMPLES];
  size_t nsample;
  Reject spare;       /* the first that is no sample: shown when it is the only one */
  RejectGroup *group;
  size_t ngroup;
  bool more_groups;   /* there were more than are kept */
  Arena arena;
  /* the file */
  const char *path;   /* NULL = none wanted */
  const CsvShape *shape;
  Buf heading;        /* the file's own heading line, or empty */
  void *out;          /* FILE *, once there was a reject */
  const char *target; /* path behind links, once there is `out` */
  bool direct;        /* target is no regular file */
} Rejects;

bool rejects_add(Rejects *r, const Reject *row, Err *e); /* copies; fails when the file cannot be written */
bool rejects_keep(Rejects *r, bool *kept, Err *e);       /* puts the file in place; *kept: there is one */
void rejects_free(Rejects *r);                           /* removes FILE.part */
/* What is wrong with one cell, or row: "account: is empty". */
void reject_text(const Reject *row, Buf *out);
/* The first of them and the groups, as lines for people. */
void rejects_print(const Rejects *r, const char *file, Buf *out);
#endif
