/* Lines for the session itself: .mode csv, .timer on, .save FILE; and ?word. */
#include "verb/repl.h"

#include "base/lang.h"

#include "verb/out.h"
#include "verb/verbs.h"
#include "verb/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Dot {
  const char *name, *usage, *about;
  const char *const *word; /* what may follow */
  bool file;
  bool (*run)(Repl *r, Str rest, Buf *out, Err *e);
} Dot;

static const char *const MODE[] = {"table", "csv", "tsv", "json", "jsonl", "md", "line", "html", NULL};
static const char *const SWITCH[] = {"on", "off", NULL};
static const char *const MONEY[] = {"万", "亿", "full", NULL};

static bool one_of(const char *what, Str given, const char *const *word, Err *e) {
  Buf list = {0};
  for (const char *const *w = word; *w; w++)
    if (str_is(given, *w)) return true;
  for (const char *const *w = word; *w; w++) buf_printf(&list, "%s%s", list.n ? ", " : "", *w);
  err_set(e, ERR_USAGE, "%s: '%.*s' is none of %s", what, STR_ARG(given), list.p);
  buf_free(&list);
  return false;
}

static bool dot_mode(Repl *r, Str rest, Buf *out, Err *e) {
  if (!rest.n) {
    buf_printf(out, "%s\n", MODE[r->mode]);
    return true;
  }
  return one_of(".mode", rest, MODE, e) && ui_format_parse(rest, &r->mode);
}

static bool dot_timer(Repl *r, Str rest, Buf *out, Err *e) {
  (void)out;
  if (!one_of(".timer", rest, SWITCH, e)) return false;
  r->timer = str_is(rest, "on");
  return true;
}

static bool dot_money(Repl *r, Str rest, Buf *out, Err *e) {
  (void)out;
  if (!one_of(".money", rest, MONEY, e)) return false;
  r->look.money = str_is(rest, "万") ? FMT_WAN : str_is(rest, "亿") ? FMT_YI : FMT_AUTO;
  return true;
}

static bool dot_rows(Repl *r, Str rest, Buf *out, Err *e) {
  (void)out;
  char *end = NULL;
  long n = rest.n ? strtol(rest.p, &end, 10) : 0;
  if (str_is(rest, "all")) r->rows = 0;
  else if (!rest.n || end != rest.p + rest.n || n < 1) return err_set(e, ERR_USAGE, ".rows takes a number, or all");
  else r->rows = (size_t)n;
  return true;
}

static bool dot_wide(Repl *r, Str rest, Buf *out, Err *e) {
  (void)r, (void)out;
  if (!one_of(".wide", rest, SWITCH, e)) return false;
  utf8_ambiguous_wide(str_is(rest, "on"));
  return true;
}

static bool may_write(const Repl *r, Err *e) {
  return !r->safe || err_set(e, ERR_FAIL, "the session is --safe: no file is written, no other program started");
}

/* "~/x" as the shell reads it. */
static const char *path_of(Repl *r, Str rest) {
  const char *home = getenv("HOME");
  if (rest.n > 1 && rest.p[0] == '~' && rest.p[1] == '/' && home)
    return arena_printf(&r->c->arena, "%s%.*s", home, (int)rest.n - 1, rest.p + 1);
  return arena_strndup(&r->c->arena, rest.p, rest.n);
}

static bool dot_once(Repl *r, Str rest, Buf *out, Err *e) {
  (void)out;
  if (!rest.n) return err_set(e, ERR_USAGE, ".once takes the name of a file");
  if (!may_write(r, e)) return false;
  buf_clear(&r->once);
  buf_puts(&r->once, path_of(r, rest));
  return true;
}

/* Where the editor is started by a shell that gets the file as its first argument. */
static bool edited(const char *editor, const char *path, Err *e) {
  pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", "exec $0 \"$1\"", editor, path, (char *)NULL);
    _exit(127);
  }
  int status = -1;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
         err_set(e, ERR_FAIL, "%s did not end well; the entry stays as it was", editor);
}

/* The last entry in an editor; what is saved there stands at the next prompt, to be sent or changed. */
static bool dot_edit(Repl *r, Str rest, Buf *out, Err *e) {
  (void)out, (void)rest;
  const char *editor = getenv("VISUAL"), *temp = getenv("TMPDIR");
  if (!editor || !*editor) editor = getenv("EDITOR");
  if (!editor || !*editor) editor = "vi";
  if (!r->typed) return err_set(e, ERR_USAGE, ".edit is for a terminal");
  if (!may_write(r, e)) return false;
  char *path = arena_printf(&r->c->arena, "%s/pareto-XXXXXX.lua", temp && *temp ? temp : "/tmp");
  int fd = mkstemps(path, 4);
  FILE *f = fd < 0 ? NULL : fdopen(fd, "w+");
  if (!f) {
    if (fd >= 0) close(fd);
    return err_set(e, ERR_FAIL, "%s cannot be written: %s", path, strerror(errno));
  }
  if (r->nsaid) fputs(r->said[r->nsaid - 1].text, f);
  fclose(f);
  Buf text = {0};
  bool ok = edited(editor, path, e);
  f = ok ? fopen(path, "re") : NULL;
  char part[4096];
  for (size_t n; f && (n = fread(part, 1, sizeof part, f)) > 0;) buf_add(&text, part, n);
  if (f) fclose(f);
  unlink(path);
  buf_clear(&r->start);
  if (ok) buf_str(&r->start, str_trim(buf_view(&text)));
  buf_free(&text);
  return ok;
}

static bool dot_open(Repl *r, Str rest, Buf *out, Err *e) {
  Cli *c = r->c;
  Cli old = *c;
  Repl was = *r;
  (void)out;
  if (!rest.n) return err_set(e, ERR_USAGE, ".open takes the name of a database");
  c->db = path_of(r, rest);
  c->store = NULL;
  r->session = NULL;
  r->reading = (Reading){0};
  if (!repl_open(r, e)) {
    repl_close(r);
    store_close(c->store);
    c->db = old.db;
    c->store = old.store;
    r->session = was.session;
    r->reading = was.reading;
    return false;
  }
  session_free(was.session);
  reading_close(&was.reading);
  store_close(old.store);
  return true;
}

static bool dot_save(Repl *r, Str rest, Buf *out, Err *e) {
  if (!rest.n) return err_set(e, ERR_USAGE, ".save takes the name of a file: .save watch.lua");
  if (!may_write(r, e)) return false;
  const char *path = path_of(r, rest), *slash = strrchr(path, '/');
  Str name = str_of(slash ? slash + 1 : path);
  if (name.n > 4 && str_is(str_sub(name, name.n - 4, name.n), ".lua")) name.n -= 4;
  Buf draft = {0};
  repl_draft(r, name, &draft);
  FILE *f = fopen(path, "wxe");
  bool ok = f && fwrite(draft.p, 1, draft.n, f) == draft.n;
  int why = errno;
  if (f && fclose(f) != 0 && ok) ok = false, why = errno;
  buf_free(&draft);
  if (!ok) return err_set(e, ERR_FAIL, "%s cannot be written: %s", path, strerror(why));
  buf_say(out, "%zu line%s saved as a playbook draft", r->nsaid, r->nsaid == 1 ? "" : "s");
  if (r->nfailed) buf_say(out, ", the %zu that failed left out", r->nfailed);
  buf_say(out, "; `pareto check %s` next\n", path);
  return true;
}

static bool dot_tables(Repl *r, Str rest, Buf *out, Err *e) {
  static const UiColumn col[] = {UI_WORD("table"), UI_WORD("rows"), UI_WORD("about")};
  Arena a = {0};
  Report rep = {0};
  Val *cell;
  size_t n = 0;
  (void)rest, (void)e;
  while (catalog_at(n)) n++;
  ReportItem *item = report_table(&rep, (Str){0}, col, 3, n, &cell);
  item->table.words = true;
  size_t shown = 0;
  for (size_t i = 0; i < n; i++) {
    const CatEntity *ent = catalog_at(i);
    Val rows = val_null();
    Err ignored = {0};
    bool ok = store_value(r->c->store, arena_printf(&a, "SELECT count(*) FROM \"%s\"", ent->table), NULL, 0, &a, &rows, &ignored);
    err_free(&ignored);
    if (!ok || rows.t != V_NUM || rows.u.i == 0) continue;
    cell[shown * 3] = val_text(str_of(ent->plural));
    cell[shown * 3 + 1] = rows;
    cell[shown++ * 3 + 2] = val_text(str_of(ent->about ? _(ent->about) : ""));
  }
  item->table.nrow = shown;
  FmtEnv env = out_env(r->c);
  UiStyle style = {.env = &env};
  report_print(&rep, r->mode, &style, out);
  if (shown < n) buf_say(out, "%zu others are empty; .schema NAME shows any\n", n - shown);
  report_free(&rep);
  arena_free(&a);
  return true;
}

static bool dot_schema(Repl *r, Str rest, Buf *out, Err *e) {
  const CatEntity *ent = catalog_entity(rest.n ? rest : STR("account"));
  if (!ent) {
    err_set(e, ERR_USAGE, "there is no table %.*s", STR_ARG(rest));
    return err_todo(e, ".tables lists them");
  }
  words_entity(r->c->store, ent, out);
  return true;
}

static bool dot_quit(Repl *r, Str rest, Buf *out, Err *e) {
  (void)rest, (void)out, (void)e;
  r->leave = true;
  return true;
}

static bool dot_help(Repl *r, Str rest, Buf *out, Err *e);

static const Dot DOT[] = {
  {"help", ".help", N_("this list"), NULL, false, dot_help},
  {"tables", ".tables", N_("tables with rows"), NULL, false, dot_tables},
  {"schema", ".schema [TABLE]", N_("fields, related rows and measures of a table"), NULL, false, dot_schema},
  {"mode", ".mode [FORMAT]", N_("how results look: table, csv, tsv, json, jsonl, md, line, html"), MODE, false, dot_mode},
  {"rows", ".rows N|all", N_("rows shown of a table (10)"), NULL, false, dot_rows},
  {"money", ".money 万|亿|full", N_("amounts in 10,000s, in 100,000,000s, or in full"), MONEY, false, dot_money},
  {"wide", ".wide on|off", N_("characters of ambiguous width take two columns"), SWITCH, false, dot_wide},
  {"timer", ".timer on|off", N_("how long each entry took"), SWITCH, false, dot_timer},
  {"once", ".once FILE", N_("the next result goes to a file"), NULL, true, dot_once},
  {"edit", ".edit", N_("the last entry in $VISUAL or $EDITOR; it comes back to the prompt"), NULL, false, dot_edit},
  {"open", ".open FILE", N_("another database"), NULL, true, dot_open},
  {"save", ".save FILE.lua", N_("what was typed as a playbook draft"), NULL, true, dot_save},
  {"quit", ".quit", N_("leave; so do quit, exit, Ctrl-D"), NULL, false, dot_quit},
};
enum { NDOT = sizeof DOT / sizeof *DOT };

static const Dot *dot_named(Str name) {
  for (size_t i = 0; i < NDOT; i++)
    if (str_is(name, DOT[i].name)) return &DOT[i];
  return NULL;
}

const char *repl_dot_name(size_t i) {
  if (i < NDOT) return DOT[i].name;
  const Verb *const *v = verb_all();
  for (size_t k = 0; v[k]; k++)
    if (k == i - NDOT) return v[k]->name;
  return NULL;
}

const char *const *repl_dot_words(Str command) {
  const Dot *d = dot_named(command);
  return d ? d->word : NULL;
}

bool repl_dot_files(Str command) {
  const Dot *d = dot_named(command);
  return d && d->file;
}

static bool dot_help(Repl *r, Str rest, Buf *out, Err *e) {
  (void)r, (void)rest, (void)e;
  buf_say(out, "= tier = 'A' and revenue_12m > 50万   a rule: who it holds for\n"
             "= revenue_12m                         a figure of every account\n"
             "accounts \"tier = 'A'\":sum \"revenue_12m\"   anything else is Lua; _ is the last result, _7 that of line 7\n"
             "?rank  ?account  ?revenue  ?rules     what a function, a table, a field means; what a rule can say\n\n");
  for (size_t i = 0; i < NDOT; i++) {
    int wide = utf8_width(str_of(DOT[i].usage));
    buf_printf(out, "%s%*s%s\n", DOT[i].usage, wide < 20 ? 20 - wide : 1, "", _(DOT[i].about));
  }
  buf_say(out, "\nAny command of the command line with a dot before it: .history, .plan rfm --set window=24m, .why C0042 tier\n");
  return true;
}

/* Words as a shell parts them: blanks between, quotes around. */
static bool words_of(Str line, Arena *a, const char ***out, size_t *n, Err *e) {
  const char **word = arena_zalloc(a, line.n + 2, sizeof *word);
  Buf b = {0};
  char quote = 0;
  bool open = false;
  *n = 0;
  for (size_t i = 0; i < line.n; i++) {
    char c = line.p[i];
    if (quote ? c == quote : c == '"' || c == '\'') {
      quote = quote ? 0 : c;
      open = true;
    } else if (!quote && (c == ' ' || c == '\t' || c == '\n')) {
      if (open) word[(*n)++] = arena_strndup(a, b.p ? b.p : "", b.n);
      buf_clear(&b);
      open = false;
    } else {
      buf_char(&b, c);
      open = true;
    }
  }
  if (open) word[(*n)++] = arena_strndup(a, b.p ? b.p : "", b.n);
  buf_free(&b);
  *out = word;
  return !quote || err_set(e, ERR_USAGE, "a quote is not closed");
}

static bool by_command(Repl *r, Str line, Err *e) {
  Arena a = {0};
  const char **word;
  size_t n;
  bool ok = words_of(line, &a, &word, &n, e) && repl_command(r, word, n, NULL, e);
  arena_free(&a);
  return ok;
}

bool repl_dot(Repl *r, Str line, Err *e) {
  Str rest, name = str_split(str_sub(line, 1, line.n), ' ', &rest);
  const Dot *d = dot_named(name);
  if (!d && verb_find(name)) return by_command(r, str_sub(line, 1, line.n), e);
  if (!d) {
    err_set(e, ERR_USAGE, "there is no .%.*s", STR_ARG(name));
    return err_todo(e, ".help lists what there is");
  }
  Buf out = {0};
  bool ok = d->run(r, str_trim(rest.p ? rest : (Str){0}), &out, e) && repl_show(r, buf_view(&out), e);
  buf_free(&out);
  return ok;
}

/* The sentence again, and what it would have meant for a command or a job. */
static bool last_mistake(const Repl *r, Buf *out, Err *e) {
  static const struct { ErrKind kind; const char *means; } KIND[] = {
    {ERR_FAIL, N_("a playbook, a rule, the data or a test is at fault")},
    {ERR_USAGE, N_("what was typed is no command, or not as it takes its arguments")},
    {ERR_PENDING, N_("changes are pending")},
    {ERR_STALE, N_("the data changed since the plan was made, or an undo meets later changes")},
    {ERR_BUSY, N_("another process is writing to the database")},
    {ERR_REJECTED, N_("rows of the file were rejected")},
    {ERR_TIMEOUT, N_("it took longer than it may")},
    {ERR_INTERRUPT, N_("it was stopped")},
  };
  if (!r->mistake.n) return err_set(e, ERR_USAGE, "there was no mistake yet");
  buf_str(out, buf_view(&r->mistake));
  for (size_t i = 0; i < sizeof KIND / sizeof *KIND; i++)
    if (KIND[i].kind == r->mistaken) buf_say(out, "exit code %d on the command line: %s\n", (int)r->mistaken, _(KIND[i].means));
  return true;
}

bool repl_question(Repl *r, Str line, Err *e) {
  Str word = str_trim(str_sub(line, 1, line.n));
  Buf out = {0};
  bool ok = true;
  if (!word.n) {
    ok = dot_help(r, (Str){0}, &out, e);
  } else if (str_is(word, "rules")) {
    words_rules(&out);
  } else if (str_is(word, "error")) {
    ok = last_mistake(r, &out, e);
  } else if (!words_one(r->c->store, word, &out) && !session_meaning(r->session, word, &out)) {
    const char *help[] = {"help", arena_strndup(&r->c->arena, word.p, word.n)};
    Err none = {0};
    if (!repl_command(r, help, 2, NULL, &none)) {
      err_set(e, ERR_USAGE, "there is nothing called %.*s", STR_ARG(word));
      ok = err_todo(e, "?rules lists the functions, .tables the tables, .list the playbooks");
    }
    err_free(&none);
  }
  ok = ok && repl_show(r, buf_view(&out), e);
  buf_free(&out);
  return ok;
}
