/* pareto import FILE --as table [--fill down]: a decision table as a spreadsheet left it, looked at for damage; blank tests
 * of merged cells filled from above; written back, or as --output says. Needs no database. */
#ifndef VERB_IMPORT_TABLE_H
#define VERB_IMPORT_TABLE_H
#include "verb/verb.h"

bool import_table(Cli *c, Err *e);
#endif
