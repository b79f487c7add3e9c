/* What the parser of regular expressions hands to the matcher. Only regex*.c include this. */
#ifndef FEEL_REGEX_INSIDE_H
#define FEEL_REGEX_INSIDE_H
#include "feel/regex.h"

typedef enum SetItemKind {
  SET_RANGE,
  SET_CATEGORY,
  SET_SPACE,
  SET_WORD,
  SET_NAME_START,
  SET_NAME_PART
} SetItemKind;
typedef struct SetItem {
  SetItemKind kind;
  bool negated;
  uint32_t low, high;  /* SET_RANGE */
  char category[3];    /* SET_CATEGORY: "L" or "Lu" */
} SetItem;

typedef struct Set { /* a class of characters */
  SetItem *item;
  size_t n, cap;
  bool negated;
  const struct Set *less; /* [a-z-[aeiou]] */
} Set;
bool set_has(const Set *set, uint32_t c, bool caseless);
void set_add(Set *set, SetItem item, Arena *a);
/* \p{…}: a category or "IsBlock". False: neither. */
bool set_property(Str name, bool negated, SetItem *out);
uint32_t regex_fold(uint32_t c); /* equal for what differs in case only */

typedef enum PieceKind {
  RX_EMPTY, RX_CHAR, RX_ANY, RX_SET, RX_CAT, RX_ALT, RX_GROUP, RX_REPEAT, RX_BEGIN, RX_END, RX_BACK
} PieceKind;
typedef struct Piece {
  PieceKind kind;
  uint32_t c;                   /* RX_CHAR; number of RX_GROUP (0: only brackets), RX_BACK */
  const Set *set;
  const struct Piece *a, *b;
  int least, most;              /* RX_REPEAT; most -1: any number */
  bool reluctant;
} Piece;

typedef enum StepKind {
  DO_CHAR, DO_ANY, DO_SET, DO_SPLIT, DO_JUMP, DO_SAVE, DO_MARK, DO_MOVED, DO_BEGIN, DO_END, DO_BACK, DO_MATCH
} StepKind;
typedef struct Step {
  StepKind kind;
  uint32_t c;          /* DO_CHAR; slot of DO_SAVE, DO_MARK, DO_MOVED; group of DO_BACK */
  const Set *set;
  size_t to, other;    /* DO_SPLIT: first and second choice; DO_JUMP: to */
} Step;

struct Regex {
  Step *step;
  size_t n, cap, work;
  size_t ngroup, nslot; /* slots: two a group, then marks of loops */
  bool dot_all, lines, caseless;
  const char *why;
};
bool regex_compile(Regex *r, const Piece *p, Arena *a);
#endif
