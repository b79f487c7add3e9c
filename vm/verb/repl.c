/* A plain session: a line that starts with = is a rule, anything else is Lua. On a terminal an
 * error is shown and the session goes on; lines from a file stop at the first one. */
#include "verb/out.h"
#include "verb/read.h"
#include "verb/verbs.h"
#include "verb/words.h"

#include "base/lib.h"
#include "base/num.h"
#include "lua/playbook.h"
#include "store/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

/* What edits the lines of a terminal; whoever reads none starts without it. */
static struct {
  __typeof__(&readline) readline;
  __typeof__(&add_history) add_history;
  __typeof__(&rl_replace_line) replace_line;
  __typeof__(&rl_crlf) crlf;
  __typeof__(&rl_on_new_line) on_new_line;
  __typeof__(&rl_redisplay) redisplay;
  __typeof__(&rl_signal_event_hook) signal_event_hook;
} edit;

static bool load_editor(Err *e) {
  static const LibName name[] = {
    {"readline", &edit.readline},
    {"add_history", &edit.add_history},
    {"rl_replace_line", &edit.replace_line},
    {"rl_crlf", &edit.crlf},
    {"rl_on_new_line", &edit.on_new_line},
    {"rl_redisplay", &edit.redisplay},
    {"rl_signal_event_hook", &edit.signal_event_hook},
  };
#define TEXT(x) #x
#define MAJOR(x) TEXT(x)
  return lib_load("libreadline.so." MAJOR(RL_VERSION_MAJOR), "libreadline" MAJOR(RL_VERSION_MAJOR), name,
                  sizeof name / sizeof *name, e);
#undef MAJOR
#undef TEXT
}

static char *typed(bool more, int number) {
  char prompt[32];
  if (more)
    snprintf(prompt, sizeof prompt, "  | ");
  else
    snprintf(prompt, sizeof prompt, "%2d> ", number);
  return edit.readline(prompt);
}

/* Ctrl-C while typing drops the line; what readline has read of it must go too. */
static int drop_line(void) {
  if (!stop_asked()) return 0;
  stop_clear();
  edit.replace_line("", 0);
  edit.crlf();
  edit.on_new_line();
  edit.redisplay();
  return 0;
}

static void show_error(Err *e) {
  Buf text = {0};
  err_print(e, &text);
  fwrite(text.p, 1, text.n, stderr);
  buf_free(&text);
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
  buf_printf(&b, "Pareto · %s · ", c->db);
  num_fixed(val_int(count(c->store, "SELECT count(*) FROM account", &a, NULL)), 0, true, &b);
  buf_puts(&b, " accounts");
  if (at) {
    buf_puts(&b, ", ");
    num_fixed(val_int(count(c->store, arena_printf(&a, "SELECT count(*) FROM \"%s\"", orders->table), &a, NULL)), 0, true, &b);
    buf_puts(&b, " order lines");
    count(c->store, arena_printf(&a, "SELECT max(\"%s\") FROM \"%s\"", at->name, orders->table), &a, &day);
    if (day.t != V_NULL) {
      buf_puts(&b, " to ");
      fmt_data(day, &b);
    }
  }
  buf_puts(&b, " · as of ");
  day_print(c->asof, &b);
  buf_puts(&b, "\nA line that starts with = is a rule; anything else is Lua. ?word explains, help says more, Ctrl-D leaves.\n");
  fwrite(b.p, 1, b.n, stderr);
  buf_free(&b);
  arena_free(&a);
}

/* What people type at any prompt; true when the line was one of these. */
static bool plain_word(Cli *c, Str line, Buf *out, bool *leave) {
  line = str_trim(line);
  *leave = str_is(line, "quit") || str_is(line, "exit");
  if (*leave) return true;
  if (str_is(line, "help") || str_is(line, "?")) {
    buf_puts(out, "= tier = 'A' and revenue_12m > 50万   a rule: who it holds for\n"
                  "= revenue_12m                         a figure of every account\n"
                  "_                                     the last result; anything else is Lua\n"
                  "?rules  ?account  ?revenue  ?rank     what a rule can say; fields; a measure; a function\n"
                  "quit, exit, Ctrl-D                    leave\n");
    return true;
  }
  if (!line.n || line.p[0] != '?') return false;
  Str word = str_trim(str_sub(line, 1, line.n));
  if (str_is(word, "rules"))
    words_rules(out);
  else if (!words_one(c->store, word, out))
    buf_printf(out, "%.*s is no function, field or measure; ?rules and ?account list them\n", STR_ARG(word));
  return true;
}

static bool on_terminal(Cli *c, Session *s, Err *e) {
  Buf code = {0}, out = {0};
  bool more = false, ok = true, leave = false;
  char *line;
  if (!load_editor(e)) return false;
  greet(c);
  session_typed(s);
  *edit.signal_event_hook = drop_line;
  for (int number = 1; ok && !leave && (line = typed(more, number)) != NULL; free(line)) {
    stop_clear();
    if (!more) buf_clear(&code);
    if (more) buf_char(&code, '\n');
    buf_puts(&code, line);
    if (!more && code.n == 0) continue;
    if (*line) edit.add_history(line);
    Err fault = {0};
    buf_clear(&out);
    stop_at(c->seconds > 0 ? c->seconds : 0); /* for each line, not for the time spent typing */
    if (!more && plain_word(c, str_of(line), &out, &leave)) {
      if (out.n) ok = out_text(c, buf_view(&out), e);
      continue;
    }
    if (!session_line(s, code.p, &more, &out, &fault)) {
      more = false;
      show_error(&fault);
    }
    ok = out_text(c, buf_view(&out), e);
    if (!more) number++;
  }
  if (ok && !leave) fputc('\n', stderr);
  buf_free(&code);
  buf_free(&out);
  return ok;
}

static bool at_line(int line, Err *e) {
  char place[32];
  snprintf(place, sizeof place, "line %d", line);
  if (!e->file) return err_at(e, place, 0, 0);
  return err_todo(e, "line %d of the session; the lines after it have not run", line);
}

static bool from_file(Cli *c, Session *s, Err *e) {
  Buf code = {0}, out = {0};
  char *line = NULL;
  size_t cap = 0;
  ssize_t n;
  bool more = false, ok = true;
  int number = 0, first = 0;
  while (ok && (n = getline(&line, &cap, stdin)) >= 0) {
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
    if (!c->output) buf_clear(&out);
    ok = session_line(s, code.p, &more, &out, e) || at_line(first, e);
    Err unwritten = {0};
    if (!out_text(c, buf_view(&out), &unwritten)) {
      ok = false;
      err_move(e, &unwritten);
    }
  }
  if (ok && more) {
    err_set(e, ERR_FAIL, "the input ends in the middle of something that begins here");
    ok = at_line(first, e);
  }
  free(line);
  buf_free(&code);
  buf_free(&out);
  return ok;
}

static bool repl(Cli *c, Err *e) {
  Reading r = {0};
  bool ok = reading_open(c, &r, "session", "", e);
  stop_at(c->seconds > 0 ? c->seconds : 0);
  Session *s = ok ? session_new(r.run, e) : NULL;
  if (s && cli_opt(c, "as-of")) session_dated(s);
  if (s) ok = cli_may_ask(c) ? on_terminal(c, s, e) : from_file(c, s, e);
  ok = ok && s;
  if (s) session_free(s);
  reading_close(&r);
  return ok;
}

const Verb verb_repl = {
  .name = "repl",
  .summary = "a session: rules and Lua, line by line (also without a command)",
  .usage = (const char *const[]){"[--db FILE] [--as-of DAY]", "repl < FILE", NULL},
  .about = "A line that starts with = is a rule, anything else is Lua. Reads only. Ctrl-D leaves.\n"
           "Lines from a file or a pipe stop at the first error.",
  .run = repl,
};
