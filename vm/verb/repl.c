/* A session: a line that starts with = is a rule, ?word explains, .word is for the session itself, anything else is
 * Lua. On a terminal an error is shown and the session goes on; lines from a file stop at the first one. */
#include "verb/repl.h"

#include "verb/edit.h"
#include "verb/out.h"
#include "verb/page.h"
#include "verb/verbs.h"

#include "base/num.h"
#include "store/catalog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- opening ------------------------------------------------------------------------- */

bool repl_open(Repl *r, Err *e) {
  Cli *c = r->c;
  if (!reading_open(c, &r->reading, "session", "", e)) return false;
  stop_at(c->seconds > 0 ? c->seconds : 0);
  r->session = session_new(r->reading.run, e);
  if (!r->session) return false;
  if (cli_opt(c, "as-of")) session_dated(r->session);
  if (r->typed) session_typed(r->session);
  if (r->safe) session_safe(r->session);
  if (r->typed && !r->readonly) run_wish(r->reading.run, r->wishes);
  session_commands(r->session, repl_commands, repl_called, r);
  repl_look(r);
  return true;
}

void repl_close(Repl *r) {
  if (r->session) session_free(r->session);
  reading_close(&r->reading);
  r->session = NULL;
}

void repl_look(Repl *r) {
  int rows, cols;
  UiStyle style = {.env = &r->look, .max_rows = r->rows};
  if (r->typed && page_size(&rows, &cols)) style.width = cols;
  session_style(r->session, r->mode, &style);
}

/* --- results ---------------------------------------------------------------------------- */

static bool into_once(Repl *r, Str text, Err *e) {
  const char *was = r->c->output;
  r->c->output = r->once.p;
  bool ok = out_text(r->c, text, e);
  r->c->output = was;
  buf_clear(&r->once);
  return ok;
}

bool repl_show(Repl *r, Str text, Err *e) {
  if (!text.n) return true;
  if (r->once.n) return into_once(r, text, e);
  return r->typed ? page_text(r->c, text, e) : out_text(r->c, text, e);
}

static void keep_writes(Repl *r) {
  for (const char *const *w = wishes_writes(r->wishes); *w; w++) {
    bool known = false;
    for (size_t i = 0; i < r->nwrites; i++) known = known || strcmp(r->writes[i], *w) == 0;
    mem_grow(r->writes, r->capwrites, r->nwrites + 2);
    if (!known) r->writes[r->nwrites++] = arena_strndup(&r->c->arena, *w, strlen(*w));
    r->writes[r->nwrites] = NULL;
  }
}

static void keep_said(Repl *r, Str text) {
  mem_grow(r->said, r->capsaid, r->nsaid + 1);
  Said *s = &r->said[r->nsaid++];
  *s = (Said){.text = mem_strndup(text.p, text.n), .change = wishes_count(r->wishes) > 0};
  s->kind = session_kind(r->session, &s->line);
  keep_writes(r);
}

void repl_forget(Repl *r) {
  for (size_t i = 0; i < r->nsaid; i++) mem_free(r->said[i].text);
  mem_free(r->said);
  mem_free(r->writes);
  r->said = NULL;
  r->writes = NULL;
  r->nsaid = r->capsaid = r->nwrites = r->capwrites = r->nfailed = 0;
}

bool repl_line(Repl *r, const char *text, bool *more, Err *e) {
  Buf out = {0};
  Err unshown = {0};
  r->called = false;
  repl_look(r);
  bool ok = session_again(r->session, e) && session_line(r->session, text, more, &out, e);
  if (!repl_show(r, buf_view(&out), &unshown)) { /* what was shown before a mistake was shown */
    ok = false;
    err_move(e, &unshown);
  }
  buf_free(&out);
  bool wished = ok && wishes_count(r->wishes) > 0, written = false;
  if (wished) ok = repl_change(r, str_trim(str_of(text)), &written, e);
  if (ok && !*more) {
    r->number++;
    if (written || (!wished && !r->called)) keep_said(r, str_trim(str_of(text)));
  }
  if (!ok) r->nfailed++;
  wishes_forget(r->wishes);
  return ok;
}

/* One entry of any kind. */
static bool entry(Repl *r, const char *text, bool *more, Err *e) {
  Str line = str_trim(str_of(text));
  *more = false;
  if (!line.n) return true;
  if (str_is(line, "quit") || str_is(line, "exit")) {
    r->leave = true;
    return true;
  }
  if (str_is(line, "help")) return repl_question(r, STR("?"), e);
  if (line.p[0] == '?') return repl_question(r, line, e);
  if (line.p[0] == '.') return repl_dot(r, line, e);
  return repl_line(r, text, more, e);
}

/* --- at a terminal ------------------------------------------------------------------------ */

static void show_error(Repl *r, Err *e) {
  buf_clear(&r->mistake);
  err_print(e, &r->mistake);
  fwrite(r->mistake.p, 1, r->mistake.n, stderr);
  r->mistaken = e->kind;
  err_free(e);
}

static int64_t count(Store *s, const char *sql, Arena *a, Val *latest) {
  Err ignored = {0};
  Val n = val_null();
  if (!store_value(s, sql, NULL, 0, a, &n, &ignored)) n = val_null();
  err_free(&ignored);
  if (latest) *latest = n;
  return n.t == V_NUM ? n.u.i : 0;
}

/* Which data, as of when, and how to go on. */
static void greet(Cli *c) {
  Arena a = {0};
  Buf b = {0};
  Val day;
  const CatEntity *orders = catalog_entity(STR("orders"));
  const CatColumn *at = orders ? catalog_day(orders) : NULL;
  buf_say(&b, "Pareto · %s · ", c->db);
  num_fixed(val_int(count(c->store, "SELECT count(*) FROM account", &a, NULL)), 0, true, &b);
  buf_say(&b, " accounts");
  if (at) {
    buf_puts(&b, ", ");
    num_fixed(val_int(count(c->store, arena_printf(&a, "SELECT count(*) FROM \"%s\"", orders->table), &a, NULL)), 0, true, &b);
    buf_say(&b, " order lines");
    count(c->store, arena_printf(&a, "SELECT max(\"%s\") FROM \"%s\"", at->name, orders->table), &a, &day);
    int y = (int)(day.u.i / 10000), m = (int)(day.u.i / 100 % 100), d = (int)(day.u.i % 100);
    if (day.t == V_NUM && day_real(y, m, d)) {
      buf_say(&b, " to ");
      day_print(day_of(y, m, d), &b);
    }
  }
  buf_say(&b, " · as of ");
  day_print(c->asof, &b);
  buf_say(&b, "\n= begins a rule, all else is Lua; ?word explains, Tab completes, .help lists more, Ctrl-D leaves\n");
  fwrite(b.p, 1, b.n, stderr);
  buf_free(&b);
  arena_free(&a);
}

static bool is_whole(void *ctx, const char *text) {
  Repl *r = ctx;
  Str line = str_trim(str_of(text));
  return !line.n || line.p[0] == '?' || line.p[0] == '.' || session_whole(r->session, text);
}

static void add_word(EditOffer *o, size_t *cap, Str word, Str typed) {
  if (word.n < typed.n || (typed.n && memcmp(word.p, typed.p, typed.n) != 0)) return;
  mem_grow(o->word, *cap, o->n + 1);
  o->word[o->n++] = mem_strndup(word.p, word.n);
}

/* ".mode cs": the command's own words; ".he": commands. */
static void offer_dot(Str line, EditOffer *out) {
  Str rest, command = str_split(line, ' ', &rest);
  size_t cap = 0;
  if (!rest.p) {
    const char *name;
    out->from = 1;
    out->close = ' ';
    for (size_t i = 0; (name = repl_dot_name(i)); i++) add_word(out, &cap, str_of(name), str_sub(line, 1, line.n));
    return;
  }
  command = str_sub(command, 1, command.n);
  out->from = line.n - str_trim(rest).n;
  out->files = repl_dot_files(command);
  for (const char *const *w = repl_dot_words(command); w && *w; w++) add_word(out, &cap, str_of(*w), str_trim(rest));
}

static void offer(void *ctx, Str before, EditOffer *out) {
  Repl *r = ctx;
  Arena a = {0};
  SessionOffer found;
  if (before.n && before.p[0] == '.') {
    offer_dot(before, out);
    return;
  }
  session_offer(r->session, before, &a, &found);
  *out = (EditOffer){.from = found.from, .files = found.files, .close = found.close};
  size_t cap = 0;
  for (size_t i = 0; i < found.n; i++) add_word(out, &cap, found.word[i], (Str){0});
  arena_free(&a);
}

/* $XDG_STATE_HOME/pareto/history, its folders made. NULL: there is no place for it. */
static const char *history_file(Cli *c) {
  const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  bool given = state && *state == '/';
  if (!given && (!home || *home != '/')) return NULL;
  char *path = arena_printf(&c->arena, "%s%s/pareto/history", given ? state : home, given ? "" : "/.local/state");
  for (char *p = path + 1; (p = strchr(p, '/')) != NULL; *p++ = '/') {
    *p = 0;
    mkdir(path, 0700);
  }
  return path;
}

static void took(double began) {
  if (began > 0) out_say("%.0f ms", (stop_now() - began) * 1000);
}

static bool on_terminal(Repl *r, Err *e) {
  EditHooks hooks = {.ctx = r, .whole = is_whole, .offer = offer};
  if (!edit_open(&hooks, r->safe ? NULL : history_file(r->c), e)) return false;
  greet(r->c);
  char *text = NULL;
  for (; !r->leave; free(text)) {
    char prompt[32];
    snprintf(prompt, sizeof prompt, "%2d> ", r->number);
    char *start = r->start.n ? buf_take(&r->start) : NULL;
    text = edit_read(prompt, start);
    mem_free(start);
    if (!text) break;
    Err fault = {0};
    bool more;
    stop_clear();
    stop_at(r->c->seconds > 0 ? r->c->seconds : 0); /* for each entry, not for the time spent typing */
    edit_keep(text);
    double began = r->timer ? stop_now() : 0;
    if (!entry(r, text, &more, &fault)) show_error(r, &fault);
    took(began);
  }
  if (!r->leave) fputc('\n', stderr);
  return true;
}

/* --- from a file ----------------------------------------------------------------------------- */

static bool at_line(const char *name, int line, Err *e) {
  char place[32];
  snprintf(place, sizeof place, "line %d", line);
  if (name) return err_at(e, name, line, 0);
  if (!e->file) return err_at(e, place, 0, 0);
  return err_todo(e, "line %d of the session; the lines after it have not run", line);
}

bool repl_read(Repl *r, FILE *f, const char *name, Err *e) {
  Buf code = {0};
  char *line = NULL;
  size_t cap = 0;
  ssize_t n;
  bool more = false, ok = true;
  int number = 0, first = 0;
  while (ok && !r->leave && (n = getline(&line, &cap, f)) >= 0) {
    number++;
    if (n > 0 && line[n - 1] == '\n') n--;
    if (more) {
      buf_char(&code, '\n');
    } else {
      buf_clear(&code);
      first = number;
    }
    buf_add(&code, line, (size_t)n);
    if (str_trim(buf_view(&code)).n == 0) continue;
    ok = entry(r, code.p, &more, e) || at_line(name, first, e);
  }
  if (ok && more) {
    err_set(e, ERR_FAIL, "the input ends in the middle of something that begins here");
    ok = at_line(name, first, e);
  }
  free(line);
  buf_free(&code);
  return ok;
}

/* What a person always wants: $XDG_CONFIG_HOME/pareto/init. */
static bool read_init(Repl *r, Err *e) {
  const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
  bool given = config && *config == '/';
  if (cli_flag(r->c, "no-init") || (!given && (!home || !*home))) return true;
  const char *path = arena_printf(&r->c->arena, "%s%s/pareto/init", given ? config : home, given ? "" : "/.config");
  FILE *f = fopen(path, "re");
  if (!f) return true;
  bool ok = repl_read(r, f, path, e);
  fclose(f);
  repl_forget(r);
  return ok;
}

static bool repl(Cli *c, Err *e) {
  Repl r = {.c = c, .number = 1, .rows = REPL_ROWS, .mode = c->format_given ? c->format : UI_TABLE, .typed = cli_may_ask(c)};
  r.wishes = wishes_new();
  r.safe = cli_flag(c, "safe");
  r.readonly = r.safe || cli_flag(c, "readonly");
  bool ok = repl_open(&r, e);
  if (ok && r.typed) {
    Err fault = {0};
    if (!read_init(&r, &fault)) show_error(&r, &fault);
    ok = on_terminal(&r, e);
  } else if (ok) {
    ok = repl_read(&r, stdin, NULL, e);
  }
  repl_close(&r);
  wishes_free(r.wishes);
  buf_free(&r.once);
  buf_free(&r.start);
  buf_free(&r.mistake);
  repl_forget(&r);
  return ok;
}

static const OptDef options[] = {
  {"readonly", NULL, "nothing typed can change the database", false},
  {"safe", NULL, "the same, and no file is written, no other program started", false},
  {"no-init", NULL, "do not read the init file", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_repl = {
  .name = "repl",
  .summary = "a session: rules and Lua, line by line (also without a command)",
  .usage = (const char *const[]){"[--db FILE] [--as-of DAY] [--readonly] [--safe]", "repl < FILE", NULL},
  .about = "A line that starts with = is a rule, ?word explains, .help lists the commands of the session, anything else is\n"
           "Lua. A change is planned and shown, and written when you say yes. Ctrl-D leaves. Lines from a file or a pipe\n"
           "stop at the first error, and change nothing.\n"
           "At a terminal $XDG_CONFIG_HOME/pareto/init is read first, and entries are kept in $XDG_STATE_HOME/pareto/history.",
  .opt = options,
  .run = repl,
};
