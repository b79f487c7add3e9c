/* The plain text form of every kind of value, without units: what format.c falls
 * back to and what lists are made of. */
#ifndef BASE_PLAIN_H
#define BASE_PLAIN_H
#include "base/format.h"

/* Durations as the language writes them, dates ISO 8601, "2026-11-01 09:30:00", [1..5), {a: 1}. null is
 * env->null. Numbers as fmt_val shows them without a unit. */
void plain_val(Val v, const FmtEnv *env, Buf *out);
/* ISO 8601: "P12M", "PT8H45M", "2026-11-01T09:30:00+08:00"; only durations, times and dates. */
void plain_iso(Val v, Buf *out);
#endif
