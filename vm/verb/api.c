/* What can be called, for editors, shells and manuals: made from the tables that help is made from. */
#include "verb/out.h"
#include "verb/verbs.h"
#include "verb/words.h"

#include "base/lang.h"

#include "feel/func.h"
#include "lua/api.h"
#include "lua/playbook.h"
#include "store/catalog.h"
#include "ui/data.h"

#include <stdio.h>
#include <string.h>

/* --- json, markdown ------------------------------------------------------------------- */

static void pair(const char *key, const char *text, bool last, Buf *out) {
  buf_printf(out, "\"%s\": ", key);
  if (text) data_json_text(str_of(text), out);
  else buf_puts(out, "null");
  buf_puts(out, last ? "" : ", ");
}

static void entry_json(const char *of, const char *name, const char *usage, const char *about, const char *example, bool *first,
                       Buf *out) {
  buf_puts(out, *first ? "\n  {" : ",\n  {");
  *first = false;
  pair("of", of, false, out);
  pair("name", name, false, out);
  pair("usage", usage, false, out);
  pair("about", about ? _(about) : NULL, false, out);
  pair("example", example, true, out);
  buf_char(out, '}');
}

static void as_json(Buf *out) {
  size_t n;
  bool first = true;
  buf_char(out, '[');
  const Api *a = api_list(&n);
  for (size_t i = 0; i < n; i++) entry_json(a[i].of, a[i].name, a[i].usage, a[i].about, a[i].example, &first, out);
  const Func *f = func_list(&n);
  for (size_t i = 0; i < n; i++)
    entry_json("rule", f[i].name, f[i].usage, f[i].about, func_example(str_of(f[i].name)), &first, out);
  buf_puts(out, "\n]\n");
}

static void as_md(Buf *out) {
  static const char *const PART[][2] = {{"", N_("Globals")},          {"set", N_("Sets of rows")},   {"row", N_("Rows")},
                                        {"segment", N_("Segments")},  {"table", N_("Tables")},       {"book", N_("The book of a playbook")},
                                        {"session", N_("Sessions")}, {"answer", N_("Answers of whatif and backtest")}};
  size_t n;
  const Api *a = api_list(&n);
  for (size_t p = 0; p < sizeof PART / sizeof *PART; p++) {
    buf_printf(out, "%s## %s\n\n", p ? "\n" : "", _(PART[p][1]));
    for (size_t i = 0; i < n; i++) {
      if (strcmp(a[i].of, PART[p][0]) != 0) continue;
      buf_printf(out, "* `%s`: %s", a[i].usage, _(a[i].about));
      if (a[i].example) buf_printf(out, " `%s`", a[i].example);
      buf_char(out, '\n');
    }
  }
  buf_say(out, "\n## Functions of rules\n\n");
  const Func *f = func_list(&n);
  for (size_t i = 0; i < n; i++) {
    const char *example = func_example(str_of(f[i].name));
    buf_printf(out, "* `%s`: %s", f[i].usage ? f[i].usage : f[i].name, f[i].about ? _(f[i].about) : "");
    if (example) buf_printf(out, " `= %s`", example);
    buf_char(out, '\n');
  }
}

/* Lines of a session: all examples, each after the last. */
static void as_examples(Buf *out) {
  size_t n;
  const Api *a = api_list(&n);
  for (size_t i = 0; i < n; i++)
    if (a[i].example) buf_printf(out, "%s\n", a[i].example);
  const Func *f = func_list(&n);
  for (size_t i = 0; i < n; i++) {
    const char *example = func_example(str_of(f[i].name));
    if (example) buf_printf(out, "= %s\n", example);
  }
}

/* --- Lua language server, luacheck -------------------------------------------------------- */

static const char *lua_type_of(const HostField *f) {
  switch (f->type.kind) {
  case T_TEXT: return "string";
  case T_BOOL: return "boolean";
  case T_DATE: return "date";
  case T_NUM: return f->type.unit == UNIT_MONEY ? "money" : "number";
  default: return "any";
  }
}

static bool plain_name(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!((unsigned char)s.p[i] >= 0x80 || s.p[i] == '_' || (s.p[i] >= '0' && s.p[i] <= '9') || ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z')))
      return false;
  return s.n > 0;
}

/* Without a database: the fields that every one has. */
static void luals_fields(const FeelHost *h, const CatEntity *ent, Buf *out) {
  for (size_t i = 0; !h && i < ent->ncol; i++)
    if (!(ent->col[i].flags & CAT_HIDDEN))
      buf_printf(out, "---@field %s any %s\n", ent->col[i].name, ent->col[i].about ? _(ent->col[i].about) : "");
  if (!h) return;
  const HostField *const *list;
  size_t n = h->fields(h->ctx, ent->number, &list);
  for (size_t i = 0; i < n; i++) {
    if (list[i]->kind == HOST_MEASURE || !plain_name(list[i]->name)) continue;
    buf_printf(out, "---@field %.*s ", STR_ARG(list[i]->name));
    if (list[i]->kind == HOST_ONE) buf_printf(out, "%.*s", STR_ARG(h->entity_info(h->ctx, list[i]->target)->name));
    else if (list[i]->kind == HOST_MANY) buf_puts(out, "set");
    else buf_puts(out, lua_type_of(list[i]));
    const CatColumn *c = catalog_column(ent, list[i]->name);
    const char *about = list[i]->about ? list[i]->about : c ? c->about : NULL;
    buf_printf(out, "%s%s\n", about ? " " : "", about ? _(about) : "");
  }
}

static void luals_class(const char *of, const char *class, Buf *out) {
  size_t n;
  const Api *a = api_list(&n);
  buf_printf(out, "---@class %s\n", class);
  for (size_t i = 0; i < n; i++)
    if (strcmp(a[i].of, of) == 0 && plain_name(str_of(a[i].name)) && strcmp(a[i].name, "field") != 0)
      buf_printf(out, "---@field %s fun(self: %s, ...): any %s: %s\n", a[i].name, class, a[i].usage, _(a[i].about));
  buf_char(out, '\n');
}

static void as_luals(Cli *c, Buf *out) {
  const FeelHost *h = c->store ? store_host(c->store) : NULL;
  buf_puts(out, "---@meta\n-- What playbooks can call, for the Lua language server; written by: pareto api --luals\n\n");
  buf_puts(out, "---@class money\n---@class date\n---@class duration\n\n");
  luals_class("set", "set", out);
  luals_class("row", "row", out);
  luals_class("segment", "segment", out);
  luals_class("table", "frame", out);
  luals_class("book", "book", out);
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) {
    buf_printf(out, "---%s\n---@class %s: row\n", ent->about ? _(ent->about) : ent->name, ent->name);
    luals_fields(h, ent, out);
    buf_printf(out, "\n---@param code string\n---@return %s\nfunction %s(code) end\n\n---@type set\n%s = nil\n\n", ent->name, ent->name,
               ent->plural);
  }
  buf_puts(out, "---@param name string\n---@return segment\nfunction segment(name) end\n\n---@param x number|string\n---@return money\n"
                "function money(x) end\n\n---@param text string\n---@return date\nfunction date(text) end\n\n---@param text string\n"
                "---@return duration\nfunction duration(text) end\n\n---@param header table\nfunction playbook(header) end\n\n"
                "---@param header table\nfunction rulebook(header) end\n\n---@param header table\nfunction chain(header) end\n\n"
                "---@type date\nas_of = nil\nnull = nil\n");
}

static void as_luacheck(Buf *out) {
  static const char *const WORD[] = {"playbook", "rulebook", "chain", "tests", "decide", "case", "property", "frame"};
  size_t n;
  const Api *a = api_list(&n);
  buf_puts(out, "-- Written by: pareto api --luacheck\nstd = \"lua54\"\nmax_line_length = false\nread_globals = {\n");
  for (size_t i = 0; i < sizeof WORD / sizeof *WORD; i++) buf_printf(out, "  \"%s\",\n", WORD[i]);
  for (size_t i = 0; i < n; i++)
    if (!*a[i].of && !catalog_entity(str_of(a[i].name)) && strcmp(a[i].name, "print") != 0) buf_printf(out, "  \"%s\",\n", a[i].name);
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) {
    buf_printf(out, "  \"%s\",", ent->name);
    if (strcmp(ent->name, ent->plural) != 0) buf_printf(out, " \"%s\",", ent->plural);
    buf_char(out, '\n');
  }
  buf_puts(out, "}\n");
}

/* --- the manual page, the shell's completion --------------------------------------------------- */

static void roff(const char *text, Buf *out) {
  bool start = true;
  for (const char *p = text; *p; p++) {
    if (start && (*p == '.' || *p == '\'')) buf_puts(out, "\\&");
    if (*p == '\\') buf_puts(out, "\\e");
    else if (*p == '-') buf_puts(out, "\\-");
    else buf_char(out, *p);
    start = *p == '\n';
  }
}

static void roff_options(const OptDef *o, Buf *out) {
  for (; o && o->name; o++) {
    buf_puts(out, ".TP\n.B \\-\\-");
    roff(o->name, out);
    if (o->arg) {
      buf_char(out, ' ');
      roff(o->arg, out);
    }
    buf_char(out, '\n');
    roff(_(o->about), out);
    buf_char(out, '\n');
  }
}

static void as_man(Buf *out) {
  buf_puts(out, ".TH PARETO 1 \"\" \"Pareto " PARETO_VERSION "\"\n.SH NAME\npareto \\- run key\\-account playbooks against an account database\n"
                ".SH SYNOPSIS\n.B pareto\n[\\-\\-db FILE] [COMMAND] [ARGUMENT]...\n.SH DESCRIPTION\nWithout a command: a session.\n.SH COMMANDS\n");
  for (const Verb *const *v = verb_all(); *v; v++) {
    buf_puts(out, ".SS ");
    roff((*v)->name, out);
    buf_char(out, '\n');
    roff(_((*v)->summary), out);
    buf_puts(out, ".\n.nf\n");
    for (const char *const *u = (*v)->usage; *u; u++) {
      buf_puts(out, "pareto ");
      roff(*u, out);
      buf_char(out, '\n');
    }
    buf_puts(out, ".fi\n");
    if ((*v)->about) {
      buf_puts(out, ".nf\n");
      roff(_((*v)->about), out);
      buf_puts(out, "\n.fi\n");
    }
    roff_options((*v)->opt, out);
  }
  buf_puts(out, ".SH OPTIONS OF EVERY COMMAND\n");
  roff_options(verb_common, out);
  buf_puts(out, ".SH EXIT STATUS\n0 ok, 1 failed, 2 usage, 3 changes pending, 4 stale plan or undo conflict, 5 database busy, 6 rows rejected, "
                "124 timed out, 130 interrupted.\n"
                ".SH ENVIRONMENT\nPARETO_DB, PARETO_PATH, PARETO_STDLIB, NO_COLOR, PAGER, VISUAL, EDITOR, XDG_CONFIG_HOME, XDG_STATE_HOME, "
                "XDG_DATA_HOME.\n");
}

static void as_bash(Buf *out) {
  buf_puts(out, "# Written by: pareto api --bash\n_pareto() {\n  local IFS=$'\\n'\n"
                "  COMPREPLY=($(\"${COMP_WORDS[0]}\" api --complete -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null))\n"
                "  case \"${COMPREPLY[0]}\" in *=) compopt -o nospace ;; esac\n}\ncomplete -o bashdefault -o default -F _pareto pareto\n");
}

static void offer(const char *text, const char *typed, Buf *out) {
  if (strncmp(text, typed, strlen(typed)) == 0) buf_printf(out, "%s\n", text);
}

static void offer_playbooks(Cli *c, const char *typed, Buf *out) {
  char **path;
  size_t n;
  Err ignored = {0};
  if (playbook_paths(&c->arena, &path, &n, &ignored))
    for (size_t i = 0; i < n; i++) {
      const char *slash = strrchr(path[i], '/'), *base = slash ? slash + 1 : path[i];
      size_t len = strlen(base);
      if (len > 4) offer(arena_strndup(&c->arena, base, len - 4), typed, out);
    }
  err_free(&ignored);
}

static void offer_args(Cli *c, const char *name, const char *typed, Buf *out) {
  Buf path = {0};
  Playbook *p = NULL;
  Err ignored = {0};
  const ArgInfo *arg;
  bool ok = playbook_find(name, &path, &ignored) && playbook_load(path.p, &p, &ignored) && cli_store(c, STORE_READ, &ignored) &&
            playbook_check(p, c->store, &ignored);
  size_t n = ok ? rules_arg_list(playbook_rules(p), &arg) : 0;
  for (size_t i = 0; i < n; i++) offer(arena_printf(&c->arena, "%.*s=", STR_ARG(arg[i].name)), typed, out);
  playbook_free(p);
  buf_free(&path);
  err_free(&ignored);
}

/* The words typed so far, the last one being typed. */
static void complete(Cli *c, Buf *out) {
  const char *typed = c->narg ? c->arg[c->narg - 1] : "", *before = c->narg > 1 ? c->arg[c->narg - 2] : "", *name = NULL;
  const Verb *v = NULL;
  for (int i = 0; i + 1 < c->narg; i++) {
    if (c->arg[i][0] == '-') continue;
    if (!v) v = verb_find(str_of(c->arg[i]));
    else if (!name) name = c->arg[i];
  }
  if (strcmp(before, "--set") == 0 && name) {
    offer_args(c, name, typed, out);
    return;
  }
  if (typed[0] == '-') {
    for (int k = 0; k < 2; k++)
      for (const OptDef *o = k ? verb_common : v ? v->opt : verb_repl.opt; o && o->name; o++)
        offer(arena_printf(&c->arena, "--%s", o->name), typed, out);
    return;
  }
  if (!v || strcmp(v->name, "help") == 0)
    for (const Verb *const *all = verb_all(); *all; all++) offer((*all)->name, typed, out);
  static const char *const TAKES[] = {"plan", "run", "help", "check", "test", "whatif", "backtest", "schedule"};
  for (size_t i = 0; v && i < sizeof TAKES / sizeof *TAKES; i++)
    if (strcmp(v->name, TAKES[i]) == 0) offer_playbooks(c, typed, out);
}

static bool api(Cli *c, Err *e) {
  Buf out = {0};
  Err none = {0};
  if (cli_flag(c, "complete")) complete(c, &out);
  else if (c->narg) return err_set(e, ERR_USAGE, "api: '%s' is one argument too many", c->arg[0]);
  else if (cli_flag(c, "luals")) {
    if (!cli_store(c, STORE_READ, &none)) c->store = NULL;
    err_free(&none);
    as_luals(c, &out);
  } else if (cli_flag(c, "luacheck")) as_luacheck(&out);
  else if (cli_flag(c, "json")) as_json(&out);
  else if (cli_flag(c, "man")) as_man(&out);
  else if (cli_flag(c, "bash")) as_bash(&out);
  else if (cli_flag(c, "examples")) as_examples(&out);
  else as_md(&out);
  bool ok = out_text(c, buf_view(&out), e);
  buf_free(&out);
  return ok;
}

static const OptDef options[] = {
  {"md", NULL, "as Markdown (the default)", false},
  {"json", NULL, "as JSON: of, name, usage, about, example", false},
  {"luals", NULL, "for the Lua language server, with the fields of the database at hand", false},
  {"luacheck", NULL, "as a .luacheckrc", false},
  {"man", NULL, "the manual page pareto(1)", false},
  {"bash", NULL, "completion for bash: . <(pareto api --bash)", false},
  {"examples", NULL, "every example as a line of a session", false},
  {"complete", NULL, "what could stand in place of the last of the words after --", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_api = {
  .name = "api",
  .summary = "what playbooks and rules can call, for editors, shells and manuals",
  .usage = (const char *const[]){"api [--md|--json|--luals|--luacheck|--man|--bash|--examples]", NULL},
  .about = "All of it is made from the tables that `pareto help NAME` and ?name show. pareto new writes the editors' files.",
  .opt = options,
  .most = -1,
  .run = api,
};
