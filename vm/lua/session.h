/* A session: lines typed by a person, or read from a file, one after the other; and a query, which is one of them. */
#ifndef LUA_SESSION_H
#define LUA_SESSION_H
#include "run/run.h"

/* `= rule` is a rule, anything else Lua. The value of an expression is shown without print. */
typedef struct Session Session;
Session *session_new(Run *r, Err *e);            /* a Run without `writes`: reads only */
void session_free(Session *s);
/* The as-of day was asked for: why and whynot explain what held on it, not the latest. */
void session_dated(Session *s);
/* A person types the lines, so what can be typed next is worth saying. */
void session_typed(Session *s);
/* Looks at the database as it is now, where the lines before saw it as it was. What they made stays. */
bool session_again(Session *s, Err *e);
/* What the line before was: a rule that holds or not, one that is a figure, a Lua expression whose value was shown, or
 * other Lua; and its number. */
typedef enum SessionKind { SAID_LUA, SAID_VALUE, SAID_CONDITION, SAID_FIGURE } SessionKind;
SessionKind session_kind(const Session *s, int *line);
/* Commands that lines may call as functions: names NULL-terminated. `fn` gets texts and numbers as text, and the entries
 * of a table as key and value. It shows what it has to show, or answers with a value: *out, the session's from then on. */
struct Found; /* lua/found.h */
typedef bool (*SessionCommand)(void *ctx, const char *name, const Str *arg, size_t narg, const Str *key, const Str *value,
                               size_t nset, struct Found **out, Err *e);
void session_commands(Session *s, const char *const *name, SessionCommand fn, void *ctx);
void session_safe(Session *s); /* lines write no file */
/* How results look; until then as tables of ten rows. `style` is copied, its env is the database's. */
void session_style(Session *s, UiFormat format, const UiStyle *style);
/* Can the text run, or does it end in the middle of something (for … do)? Nothing runs. */
bool session_whole(Session *s, const char *text);
/* More input wanted (an unfinished `for … do`): *more = true and nothing has run. */
bool session_line(Session *s, const char *text, bool *more, Buf *out, Err *e);
/* What a name of the company's rules means, as its rulebooks have it, or a figure; false: there is none called so. */
bool session_meaning(Session *s, Str word, Buf *out);
/* query RULE --columns: rows of `entity` where the rule holds, as a table. */
bool session_query(Session *s, const char *entity, const char *rule, const char *columns, const char *sort,
                   Report *out, Err *e);

/* What could stand at the end of `text`, by what is around it: fields within a rule, codes within account "…", verbs
 * behind a colon. Runs nothing of the user's. */
typedef struct SessionOffer {
  size_t from;   /* where in the text the word begins */
  const Str *word; /* n of them, in order; in the arena */
  size_t n;
  bool files;    /* names of files are wanted */
  char close;    /* what ends the only match, or 0 */
} SessionOffer;
void session_offer(Session *s, Str text, Arena *a, SessionOffer *out);
#endif
