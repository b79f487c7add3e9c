/* Pages of help about a subject rather than a command: `pareto help tables`. Their examples are whole playbooks, which
 * the tests cut out of the page and run. */
#ifndef VERB_GUIDE_H
#define VERB_GUIDE_H
#include "base/str.h"

/* The page of this name; NULL: there is none. */
const char *guide_page(Str name);
#endif
