/* The language of messages: texts for people go through GNU gettext's catalogues (.po, checked and compiled by msgfmt).
 *
 * The compiled catalogue (.mo) is part of the program and looked up here, not by libintl, because that one reads
 * files only and translates nothing unless the machine has a locale of the language installed, which a container
 * seldom has; and because messages are formats of printf, which must not come from a file that anyone can put in
 * the way.
 *
 * Text for people passes one of these doors, which translate it: err_set and all that ends there, buf_say, out_say,
 * and _() by hand; N_() marks a text that is translated where it is printed. Never translated: data, names of the
 * rule language, keys of JSON, what the log and the digests of plans are made of. */
#ifndef BASE_LANG_H
#define BASE_LANG_H
#include <stdbool.h>
#include <stddef.h>

typedef struct LangCatalogue {
  const char *name;         /* "zh"; NULL ends a list */
  const unsigned char *mo;
  size_t n;
} LangCatalogue;
extern const LangCatalogue lang_catalogues[]; /* generated from vm/base/lang; only the program itself links them */

/* Translates from now on, for the whole process. `wanted` (--lang) is "en" or begins with a catalogue's name (zh,
 * zh_CN.UTF-8); false when there is none. NULL asks LC_ALL, LC_MESSAGES, LANG and, unless they say C, LANGUAGE before
 * them, as gettext does; a language that is not there is English then. */
bool lang_use(const LangCatalogue *all, const char *wanted);
/* The language in use: "en", "zh". */
const char *lang_name(void);
/* The text in that language, or msgid itself. Kept forever. */
const char *lang_text(const char *msgid) __attribute__((format_arg(1)));

/* +1, and -1 at the end of it: English whatever was chosen, for texts that a script gets into its hands and could
 * write into the database (what pcall caught, row:why in a playbook) and for tests that compare them. */
int lang_plain(int by); /* how many stand open now */

#define _(text) lang_text(text)
#define N_(text) text
#endif
