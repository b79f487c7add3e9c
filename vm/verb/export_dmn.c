#include "verb/export_dmn.h"

#include "verb/out.h"
#include "verb/play.h"

#include "feel/dmn_grid.h"

bool export_dmn(Cli *c, Err *e) {
  Str book, table = str_split(str_of(c->arg[0]), '@', &book);
  if (!table.n || !book.n) {
    err_set(e, ERR_USAGE, "export --dmn: '%s' is no decision table of a playbook", c->arg[0]);
    return err_todo(e, "write TABLE@PLAYBOOK: pareto export kind@four-kinds --dmn --output kind.dmn");
  }
  Play play = {0};
  Buf text = {0};
  bool ok = cli_store(c, STORE_READ, e) && play_open(c, book.p, &play, e) &&
            rules_write_dmn(playbook_rules(play.playbook), table, &text, e) &&
            out_text(c, buf_view(&text), e);
  buf_free(&text);
  play_close(&play);
  return ok;
}
