/* pareto export TABLE@PLAYBOOK: a playbook's decision table as CSV, to be edited in a spreadsheet. */
#ifndef VERB_EXPORT_TABLE_H
#define VERB_EXPORT_TABLE_H
#include "verb/verb.h"

bool export_table(Cli *c, Err *e);
#endif
