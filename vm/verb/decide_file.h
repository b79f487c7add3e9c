/* Files of `pareto decide`: the model, the models it imports, which are sought in its folder, and inputs. */
#ifndef VERB_DECIDE_FILE_H
#define VERB_DECIDE_FILE_H
#include "feel/dmn.h"

/* The whole file, at most 64 MiB, in the arena. */
bool decide_read(const char *path, Arena *a, Str *out, Err *e);
/* NULL and an error. Texts live in the arena, which must outlive the model. */
Dmn *decide_load(const char *path, Arena *a, Err *e);
#endif
