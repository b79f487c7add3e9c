#include "verb/out.h"
#include "verb/verbs.h"

#include "lua/playbook.h"

static const char *kind_word(PlaybookKind k) {
  static const char *const word[] = {"", "rulebook", "chain", "tests"};
  return word[k];
}

static bool list_one(const char *path, Val *row, Arena *a, Err *e) {
  Playbook *p = NULL;
  if (!playbook_load(path, &p, e)) return false;
  Buf tags = {0};
  if (playbook_kind(p) != PLAYBOOK) buf_puts(&tags, kind_word(playbook_kind(p)));
  for (const char *const *t = playbook_tags(p); *t; t++) buf_printf(&tags, "%s%s", tags.n ? ", " : "", *t);
  row[0] = val_copy(val_text(str_of(playbook_name(p))), a);
  row[1] = val_copy(val_text(str_of(playbook_title(p))), a);
  row[2] = val_copy(val_text(buf_view(&tags)), a);
  buf_free(&tags);
  playbook_free(p);
  return true;
}

/* One file that cannot be read must not hide the others: it is named on stderr. */
static bool list(Cli *c, Err *e) {
  char **path;
  size_t n;
  if (!playbook_paths(&c->arena, &path, &n, e)) return false;
  static const UiColumn col[] = {UI_WORD("name"), UI_WORD("title"), UI_WORD("tags")};
  Report rep = {0};
  Val *cell;
  ReportItem *item = report_table(&rep, (Str){0}, col, 3, n, &cell);
  item->table.words = true;
  size_t shown = 0;
  for (size_t i = 0; i < n; i++) {
    Err one = {0};
    if (list_one(path[i], cell + shown * 3, &rep.arena, &one)) {
      shown++;
      continue;
    }
    Buf text = {0};
    err_print(&one, &text);
    out_say("%.*s", STR_ARG(str_trim(buf_view(&text))));
    buf_free(&text);
    err_free(&one);
    c->exit_code = ERR_FAIL;
  }
  item->table.nrow = shown;
  bool ok = out_report(c, &rep, UI_TABLE, e);
  report_free(&rep);
  return ok;
}

const Verb verb_list = {
  .name = "list",
  .summary = "the playbooks in reach",
  .usage = (const char *const[]){"list", NULL},
  .about = "Sought in the current folder, $PARETO_PATH, the user's data folder and the installed scripts.",
  .run = list,
};
