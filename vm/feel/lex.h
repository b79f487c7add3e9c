/* Tokens of the rule language. The lexer holds no state between tokens: ask for
 * the one at or after a byte and go on where it ends, so the parser can look
 * ahead and turn back freely.
 *
 * Rules dialect: 15% 50万 90d 1h30min 2026-11-01 2025Q3 are literals, full-width
 * signs and digits read as plain ones. Standard dialect: names may hold spaces
 * and signs; those in `known` are taken whole, the longest first.
 * Texts and names point into the source, or into the arena where escapes or
 * blanks had to be resolved. Fails on a stray character, an open text or
 * comment, a number that is none: an error that points at it. */
#ifndef FEEL_LEX_H
#define FEEL_LEX_H
#include "feel/ast.h"

typedef enum TokKind { TOK_END, TOK_LIT, TOK_NAME, TOK_SIGN } TokKind;

typedef enum Word { /* WORD_FREE and what follows may be names too */
  WORD_NONE, WORD_AND, WORD_OR, WORD_NOT, WORD_IN, WORD_BETWEEN, WORD_IF, WORD_THEN, WORD_ELSE, WORD_FOR,
  WORD_SOME, WORD_EVERY, WORD_RETURN, WORD_SATISFIES, WORD_INSTANCE, WORD_FUNCTION, WORD_TRUE, WORD_FALSE,
  WORD_NULL, WORD_FREE, WORD_OF = WORD_FREE, WORD_EXTERNAL, WORD_AS, WORD_WITHIN, WORD_AMONG, WORD_IS
} Word;

/* Signs of one character are that character. */
enum { SIGN_LE = 128, SIGN_GE, SIGN_NE, SIGN_POW, SIGN_DOTS, SIGN_ARROW };

typedef struct Tok {
  uint8_t kind; /* TokKind */
  uint8_t word; /* Word, of a TOK_NAME */
  uint8_t sign; /* of a TOK_SIGN */
  uint32_t at, len;
  Str name;     /* TOK_NAME */
  Val lit;      /* TOK_LIT */
  Unit unit;
} Tok;

typedef struct Lexer {
  const Src *src;
  size_t end;      /* the text ends here for the lexer; at most src->text.n */
  Dialect dialect;
  Arena *arena;
  Err *e;
  const Str *known;
  size_t nknown;
} Lexer;

/* The token at or after byte `at`. */
bool lex_at(const Lexer *lx, size_t at, Tok *out);
/* The character at `at` with full-width signs read as plain ones (rules dialect); *next is the byte
 * behind it. 0 at the end. */
uint32_t lex_char(const Lexer *lx, size_t at, size_t *next);
bool lex_name_start(Dialect d, uint32_t c);
bool lex_name_part(Dialect d, uint32_t c);
/* How many bytes at `at` spell the phrase (blanks in it stand for any blanks), 0 = they do not. */
size_t lex_phrase(const Lexer *lx, size_t at, Str phrase);
/* A number, date, duration or window that begins at `at` (lex_number.c). */
bool lex_number(const Lexer *lx, size_t at, Tok *out);
/* The text in quotes that begins at `at` (lex_text.c). */
bool lex_text(const Lexer *lx, size_t at, Tok *out);
bool lex_quote(const Lexer *lx, size_t at); /* does one begin here? */
#endif
