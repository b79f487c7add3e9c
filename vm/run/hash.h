/* SHA-256 as 64 hex digits and a NUL. */
#ifndef RUN_HASH_H
#define RUN_HASH_H
#include "base/str.h"

void hash_hex(Str bytes, char out[65]);
/* 32 hex digits nobody can guess. */
void hash_random(char out[33]);
#endif
