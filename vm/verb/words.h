/* The words of the rule language for people: from the tables of functions and the host's fields, nothing else. */
#ifndef VERB_WORDS_H
#define VERB_WORDS_H
#include "store/catalog.h"

void words_rules(Buf *out);                                     /* windows, literals, null, functions */
void words_feel(Buf *out);                                      /* the standard dialect and its differences */
void words_entity(Store *s, const CatEntity *ent, Buf *out);    /* fields, relations, measures */
bool words_function(Str word, Buf *out);                        /* what it means exactly; false: none is called so */
/* What scripts and sessions can call by this name: signature, meaning, an example. False: none is called so. */
bool words_call(Str word, Buf *out);
/* A function, an entity, a field or a measure of accounts; false: none is called so. */
bool words_one(Store *s, Str word, Buf *out);
#endif
