/* Regular expressions as XPath has them (XML Schema, part 2, appendix F; XPath functions 3.1, 5.6): anchors,
 * reluctant quantifiers, back references, classes with subtraction, \p{…}; flags s m i x q. Code points
 * count, not bytes. Matching backtracks on a stack of its own, so that no pattern overflows C's; every step
 * is counted, so that none runs for ever. */
#ifndef FEEL_REGEX_H
#define FEEL_REGEX_H
#include "base/mem.h"
#include "base/str.h"

enum { REGEX_GROUPS = 100 };

typedef struct Regex Regex;
typedef struct RegexSpan { size_t from, to; } RegexSpan; /* bytes; from == SIZE_MAX: the group took no part */
typedef enum RegexFound { REGEX_NONE, REGEX_FOUND, REGEX_GAVE_UP } RegexFound;

/* NULL and a reason when the pattern or a flag is none. Lives in the arena. */
Regex *regex_parse(Str pattern, Str flags, Arena *a, const char **why);
size_t regex_groups(const Regex *r); /* without the whole match */
/* The first match from byte `at` on. group[0] is the whole, then the groups: room for REGEX_GROUPS.
 * *steps is counted down; at 0 it gives up. */
RegexFound regex_find(const Regex *r, Str text, size_t at, RegexSpan *group, uint64_t *steps);
#endif
