#include "verb/out.h"

#include "base/lang.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(FILE *f, Str text, const char *name, Err *e) {
  bool ok = fwrite(text.p, 1, text.n, f) == text.n;
  if (fflush(f) != 0) ok = false;
  return ok || err_set(e, ERR_FAIL, "cannot write %s: %s", name, strerror(errno));
}

static bool cannot_write(const char *name, Err *e) {
  return err_set(e, ERR_FAIL, "cannot write %s: %s", name, strerror(errno));
}

static bool write_file(const char *path, const char *mode, const char *name, Str text, Err *e) {
  FILE *f = fopen(path, mode);
  if (!f) return cannot_write(name, e);
  bool ok = write_all(f, text, name, e);
  if (fclose(f) != 0 && ok) ok = cannot_write(name, e);
  return ok;
}

/* Beside the target and renamed, so that nobody ever reads half of it. */
static bool replace_file(const char *path, const char *name, const struct stat *old, Str text, Err *e) {
  Buf part = {0};
  buf_printf(&part, "%s.%ld.part", path, (long)getpid());
  bool ok = (!old || access(path, W_OK) == 0) || cannot_write(name, e);
  ok = ok && write_file(part.p, "wx", name, text, e);
  if (ok && old && chmod(part.p, old->st_mode & 07777) != 0) ok = cannot_write(name, e);
  if (ok && rename(part.p, path) != 0) ok = cannot_write(name, e);
  if (!ok) unlink(part.p);
  buf_free(&part);
  return ok;
}

/* A device or a pipe is written into, and a file in a folder that takes no other. */
static bool replaceable(const char *path, const char *name, const struct stat *st) {
  const char *slash = strrchr(path, '/');
  char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
  bool ok = S_ISREG(st->st_mode) && strncmp(name, "/dev/", 5) != 0 && folder && access(folder, W_OK) == 0;
  free(folder);
  return ok;
}

bool out_text(Cli *c, Str text, Err *e) {
  if (!c->output) return write_all(stdout, text, _("to stdout"), e);
  struct stat st;
  char *real = realpath(c->output, NULL); /* through a link: what it points to is meant */
  const char *path = real ? real : c->output;
  bool exists = stat(path, &st) == 0;
  bool ok = exists && !replaceable(path, c->output, &st) ? write_file(path, "w", c->output, text, e)
                                           : replace_file(path, c->output, exists ? &st : NULL, text, e);
  free(real);
  return ok;
}

FmtEnv out_env(const Cli *c) {
  if (c->store) return store_host(c->store)->fmt;
  return (FmtEnv){.currency_sign = "¤", .minor = 2, .null = "–"};
}

UiStyle out_style(const Cli *c, const FmtEnv *env) {
  UiStyle style = {.env = env};
  struct winsize size;
  if (!c->output && isatty(STDOUT_FILENO)) {
    const char *no_color = getenv("NO_COLOR");
    style.color = !no_color || !*no_color;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) style.width = size.ws_col;
  }
  return style;
}

static bool out_xlsx(Cli *c, const Report *r, const FmtEnv *env, Err *e) {
  UiTable *table = arena_zalloc(&c->arena, r->n + 1, sizeof *table);
  size_t n = 0;
  for (size_t i = 0; i < r->n; i++)
    if (r->item[i].kind == ITEM_TABLE) table[n++] = r->item[i].table;
  if (n == 0) return err_set(e, ERR_FAIL, "there is no table to write to %s", c->output);
  return ui_xlsx(table, n, c->output, env, e);
}

bool out_report(Cli *c, const Report *r, UiFormat usual, Err *e) {
  UiFormat format = c->format_given ? c->format : usual;
  FmtEnv env = out_env(c);
  if (format == UI_XLSX) return out_xlsx(c, r, &env, e);
  UiStyle style = out_style(c, &env);
  Buf text = {0};
  report_print(r, format, &style, &text);
  bool ok = out_text(c, buf_view(&text), e);
  buf_free(&text);
  return ok;
}

bool out_words_or_json(const Cli *c, bool *json, Err *e) {
  *json = c->format_given && (c->format == UI_JSON || c->format == UI_JSONL);
  if (!c->format_given || *json || c->format == UI_TABLE) return true;
  return err_set(e, ERR_USAGE, "%s answers in words, or with --format json", c->verb->name);
}

void out_say(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  vfprintf(stderr, lang_text(fmt), ap);
  va_end(ap);
  fputc('\n', stderr);
}
