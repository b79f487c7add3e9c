/* DMN models: decisions with their requirements, read from XML (DMN 1.1 to 1.5) and decided in the standard
 * dialect (OMG DMN 1.5).
 *
 * Ownership: a Dmn owns all it read; texts of the files given to dmn_load are not copied and must outlive it.
 * A DmnRun owns its values; they live until dmn_run_free. A Dmn is only read by its runs.
 *
 * DMN_STRICT, for people: a fault anywhere in the model is an error at load, an input that is missing, misspelt,
 * of another type or outside its allowed values is an error, and so is a decision table that breaks its
 * hit policy. All name the file, line, table, row and column. DMN_LETTER, for conformance: each of these is
 * the null the standard says, and dmn_notes tells why. */
#ifndef FEEL_DMN_H
#define FEEL_DMN_H
#include "base/err.h"
#include "feel/standard.h"

typedef enum DmnMode { DMN_STRICT, DMN_LETTER } DmnMode;

typedef struct DmnFile {
  const char *path;
  Str bytes;
} DmnFile;
/* Finds a file that a model imports, or NULL. `location` is the import's locationURI, may be empty. */
typedef struct DmnFinder {
  const DmnFile *(*find)(void *ctx, Str namespace, Str location);
  void *ctx;
} DmnFinder;
/* The namespace of the model in these bytes; false when they are no DMN model. In the arena. */
bool dmn_namespace(Str xml, Arena *a, Str *out);

typedef struct Dmn Dmn;
/* Reads a model and what it imports, resolves every reference and parses every expression. NULL and an error. */
Dmn *dmn_load(const DmnFile *file, const DmnFinder *finder, DmnMode mode, Err *e);
void dmn_free(Dmn *d);
Str dmn_name(const Dmn *m);

typedef enum DmnKind { DMN_INPUT, DMN_DECISION, DMN_BKM, DMN_SERVICE } DmnKind;
typedef struct DmnItem DmnItem; /* an element of the requirements graph */
/* Of the model itself, in order of the file; imported ones are reached by dmn_find. */
size_t dmn_items(const Dmn *m, const DmnItem *const **list);
DmnKind dmn_kind(const DmnItem *item);
Str dmn_item_name(const DmnItem *item);
const StdType *dmn_item_type(const DmnItem *item); /* never NULL */
Str dmn_item_type_name(const DmnItem *item);       /* as written, may be empty */
/* By name, or by "import.name"; `kinds` is a set of bits (1U << DMN_DECISION). NULL: none. */
const DmnItem *dmn_find(const Dmn *m, Str name, unsigned kinds);
const DmnItem *dmn_find_in(const Dmn *m, Str namespace, Str name, unsigned kinds); /* of that model */
/* The input data that deciding these items reaches, each once. A service stops at its own inputs, which
 * may be decisions. The list lives in the arena. */
size_t dmn_needs(const Dmn *m, const DmnItem *const *item, size_t n, Arena *a, const DmnItem *const **inputs);
bool dmn_is_needed(const Dmn *m, const DmnItem *item); /* by another decision */
/* The decisions a service puts out. */
size_t dmn_outputs(const DmnItem *service, const DmnItem *const **list);

typedef struct DmnRun DmnRun;
DmnRun *dmn_run_new(const Dmn *m, ValClock now);
void dmn_run_free(DmnRun *r);
void dmn_run_trace(DmnRun *r);      /* keep what dmn_traces gives */
Arena *dmn_run_arena(DmnRun *r);    /* for values given as inputs */
Standard *dmn_run_standard(DmnRun *r);
/* The value of an input data, or of an input decision of a service. A value of the wrong type is an error in
 * DMN_STRICT, else null. */
bool dmn_give(DmnRun *r, const DmnItem *input, Val v, Err *e);
/* Decides. Strict: a missing input that it needs is an error. A service: one output is the value, several
 * are a context. */
bool dmn_decide(DmnRun *r, const DmnItem *decision, Val *out, Err *e);
bool dmn_serve(DmnRun *r, const DmnItem *service, Val *out, Err *e);
/* Calls a business knowledge model; `name` (parameters) NULL: by position. */
bool dmn_invoke(DmnRun *r, const DmnItem *bkm, const Val *arg, const Str *name, size_t n, Val *out, Err *e);

/* Why values became null: sentences, in order. */
size_t dmn_notes(const DmnRun *r, const char *const **list);

/* One decision table as it was decided, for `why`. */
typedef struct DmnTableTrace {
  Str name;                 /* of the decision or knowledge model it stands in */
  size_t nin, nrow;
  const Str *in;            /* input expressions as written */
  const Val *value;         /* nin */
  const uint32_t
    *failed; /* nrow: 1-based column that the row failed on; 0 = it hit, UINT32_MAX = not asked */
  const Str *cell;          /* nrow × nin, as written */
  const int *line;          /* nrow: where the row stands in its file */
  Val out;
} DmnTableTrace;
size_t dmn_traces(const DmnRun *r, const DmnTableTrace **list);
#endif
