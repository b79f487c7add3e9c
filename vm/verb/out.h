/* Where results go: stdout or --output for data, stderr for people. A result that cannot be
 * written in full is an error (disk full, a closed pipe). */
#ifndef VERB_OUT_H
#define VERB_OUT_H
#include "verb/verb.h"

/* Text as it is. */
bool out_text(Cli *c, Str text, Err *e);
/* A report in the format asked for (`usual` when none was); a spreadsheet gets its tables. */
bool out_report(Cli *c, const Report *r, UiFormat usual, Err *e);
/* For verbs that answer in sentences: --format is absent or table (words), or json. */
bool out_words_or_json(const Cli *c, bool *json, Err *e);
/* A line for people on stderr. */
void out_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* How tables look on this terminal. `env` must outlive the style. */
UiStyle out_style(const Cli *c, const FmtEnv *env);
FmtEnv out_env(const Cli *c);
#endif
