/* Text: views (pointer and length, not owned) and a growing buffer.
 * All text is UTF-8 unless said otherwise. */
#ifndef BASE_STR_H
#define BASE_STR_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Str {
  const char *p;
  size_t n;
} Str;

#define STR(literal) ((Str){(literal), sizeof(literal) - 1})
#define STR_ARG(s) (int)(s).n, (s).p /* for "%.*s" */

Str str_of(const char *z);                 /* NULL gives the empty view */
bool str_eq(Str a, Str b);
bool str_is(Str a, const char *z);
int str_cmp(Str a, Str b);                 /* by bytes */
bool str_starts(Str a, const char *z);
Str str_trim(Str s);                       /* ASCII blanks at both ends */
Str str_sub(Str s, size_t from, size_t to);/* [from, to), clipped */
/* The part before the first `sep`; *rest becomes what follows (p = NULL when none). */
Str str_split(Str s, char sep, Str *rest);
uint64_t str_hash(Str s);
bool str_name_byte(char c);                /* stands within a name: a letter, a digit, _, anything beyond ASCII */

/* A buffer; zeroed is ready. `p` is NUL-terminated once anything was added. */
typedef struct Buf {
  char *p;
  size_t n, cap;
} Buf;

void buf_add(Buf *b, const char *p, size_t n);
void buf_str(Buf *b, Str s);
void buf_puts(Buf *b, const char *z);
void buf_reserve(Buf *b, size_t more); /* room for so many bytes more, in one piece */
void buf_char(Buf *b, char c);
void buf_fill(Buf *b, char c, size_t n);
void buf_printf(Buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(Buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* A format for people: translated (lang.h). What programs read goes through buf_printf. */
void buf_say(Buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(Buf *b);                    /* keeps the room */
void buf_free(Buf *b);
char *buf_take(Buf *b);                    /* the caller's from now (mem_free); never NULL */
Str buf_view(const Buf *b);

/* UTF-8. A broken byte decodes as U+FFFD of length 1. */
uint32_t utf8_next(Str s, size_t *at);     /* decodes at *at and moves it on */
void utf8_put(Buf *b, uint32_t c);
bool utf8_valid(Str s, size_t *bad_at);    /* bad_at may be NULL */
size_t utf8_count(Str s);                  /* code points */
int utf8_width(Str s);                     /* terminal columns (utf8proc); a control counts 1 */
/* Terminals for East Asian text may give Greek, Cyrillic, ± · … ▁ two columns; for the whole process, off at first. */
void utf8_ambiguous_wide(bool wide);
/* Text of unknown origin for a terminal: control characters as \n \t \x1b, broken bytes as \xff, marks that
 * turn the direction of writing as \u202e. It can neither move the cursor nor pose as other text. */
void str_visible(Str s, bool keep_newlines, Buf *out);

/* Edit distance in code points (insert, delete, replace, swap of neighbours), at most `max`+1. */
int str_distance(Str a, Str b, int max);
#endif
