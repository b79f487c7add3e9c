#include "verb/edit.h"

#include "base/lib.h"
#include "base/mem.h"
#include "base/stop.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/keymaps.h>
#include <readline/readline.h>

enum { KEPT_MOST = 10000 };

static struct {
  EditHooks hooks;
  char *history;
  const char *start;
  EditOffer offer;
} edit;

/* Functions and variables of the library; whoever reads no terminal starts without it. */
static struct {
  __typeof__(&readline) readline;
  __typeof__(&rl_initialize) initialize;
  __typeof__(&rl_replace_line) replace_line;
  __typeof__(&rl_crlf) crlf;
  __typeof__(&rl_on_new_line) on_new_line;
  __typeof__(&rl_redisplay) redisplay;
  __typeof__(&rl_insert_text) insert_text;
  __typeof__(&rl_newline) newline;
  __typeof__(&rl_get_previous_history) previous;
  __typeof__(&rl_get_next_history) next;
  __typeof__(&rl_bind_keyseq_in_map) bind;
  __typeof__(&rl_variable_bind) set;
  __typeof__(&rl_signal_event_hook) signal_event_hook;
  __typeof__(&rl_startup_hook) startup_hook;
  __typeof__(&rl_completion_word_break_hook) word_break_hook;
  __typeof__(&rl_attempted_completion_function) attempt;
  __typeof__(&rl_attempted_completion_over) attempt_over;
  __typeof__(&rl_completion_append_character) append;
  __typeof__(&rl_readline_name) name;
  __typeof__(&rl_line_buffer) line;
  __typeof__(&rl_point) point;
  __typeof__(&rl_end) end;
  KEYMAP_ENTRY_ARRAY *emacs, *vi_insert, *vi_move;
  __typeof__(&add_history) add_history;
  __typeof__(&history_get) history_get;
  __typeof__(&read_history) read_history;
  __typeof__(&append_history) append_history;
  __typeof__(&history_truncate_file) truncate_file;
  __typeof__(&using_history) using_history;
  __typeof__(&history_write_timestamps) write_timestamps;
  __typeof__(&history_comment_char) comment_char;
  __typeof__(&history_length) history_length;
  __typeof__(&history_base) history_base;
} rl;

static bool load(Err *e) {
  static const LibName name[] = {
    {"readline", &rl.readline},
    {"rl_initialize", &rl.initialize},
    {"rl_replace_line", &rl.replace_line},
    {"rl_crlf", &rl.crlf},
    {"rl_on_new_line", &rl.on_new_line},
    {"rl_redisplay", &rl.redisplay},
    {"rl_insert_text", &rl.insert_text},
    {"rl_newline", &rl.newline},
    {"rl_get_previous_history", &rl.previous},
    {"rl_get_next_history", &rl.next},
    {"rl_bind_keyseq_in_map", &rl.bind},
    {"rl_variable_bind", &rl.set},
    {"rl_signal_event_hook", &rl.signal_event_hook},
    {"rl_startup_hook", &rl.startup_hook},
    {"rl_completion_word_break_hook", &rl.word_break_hook},
    {"rl_attempted_completion_function", &rl.attempt},
    {"rl_attempted_completion_over", &rl.attempt_over},
    {"rl_completion_append_character", &rl.append},
    {"rl_readline_name", &rl.name},
    {"rl_line_buffer", &rl.line},
    {"rl_point", &rl.point},
    {"rl_end", &rl.end},
    {"emacs_standard_keymap", &rl.emacs},
    {"vi_insertion_keymap", &rl.vi_insert},
    {"vi_movement_keymap", &rl.vi_move},
    {"add_history", &rl.add_history},
    {"history_get", &rl.history_get},
    {"read_history", &rl.read_history},
    {"append_history", &rl.append_history},
    {"history_truncate_file", &rl.truncate_file},
    {"using_history", &rl.using_history},
    {"history_write_timestamps", &rl.write_timestamps},
    {"history_comment_char", &rl.comment_char},
    {"history_length", &rl.history_length},
    {"history_base", &rl.history_base},
  };
#define TEXT(x) #x
#define MAJOR(x) TEXT(x)
  return lib_load("libreadline.so." MAJOR(RL_VERSION_MAJOR), "libreadline" MAJOR(RL_VERSION_MAJOR), name,
                  sizeof name / sizeof *name, e);
#undef MAJOR
#undef TEXT
}

/* Ctrl-C while typing drops the entry; what readline has read of it must go too. */
static int drop_entry(void) {
  if (!stop_asked()) return 0;
  stop_clear();
  rl.replace_line("", 0);
  rl.crlf();
  rl.on_new_line();
  rl.redisplay();
  return 0;
}

/* --- several lines ------------------------------------------------------------------ */

static int new_line(int count, int key) {
  (void)count, (void)key;
  rl.insert_text("\n");
  return 0;
}

static int enter(int count, int key) {
  const EditHooks *h = &edit.hooks;
  if (h->whole(h->ctx, *rl.line)) {
    *rl.point = *rl.end; /* the answer comes below the whole entry */
    return rl.newline(count, key);
  }
  return new_line(count, key);
}

static int line_start(int at) {
  while (at > 0 && (*rl.line)[at - 1] != '\n') at--;
  return at;
}

static int line_end(int at) {
  while (at < *rl.end && (*rl.line)[at] != '\n') at++;
  return at;
}

/* As far into the line from `start` as the cursor is into its own, never into the middle of a character. */
static void move_to(int start, int column) {
  int end = line_end(start), at = start + column < end ? start + column : end;
  while (at > start && at < *rl.end && ((*rl.line)[at] & 0xC0) == 0x80) at--;
  *rl.point = at;
}

static int up(int count, int key) {
  int start = line_start(*rl.point);
  if (start == 0) return rl.previous(count, key);
  move_to(line_start(start - 1), *rl.point - start);
  return 0;
}

static int down(int count, int key) {
  int start = line_start(*rl.point), end = line_end(*rl.point);
  if (end == *rl.end) return rl.next(count, key);
  move_to(end + 1, *rl.point - start);
  return 0;
}

static int home(int count, int key) {
  (void)count, (void)key;
  *rl.point = line_start(*rl.point);
  return 0;
}

static int end(int count, int key) {
  (void)count, (void)key;
  *rl.point = line_end(*rl.point);
  return 0;
}

static void bind_keys(void) {
  static const struct {
    const char *key;
    rl_command_func_t *does;
  } bound[] = {
    {"\\C-m", enter}, {"\\C-j", enter}, {"\\e\\C-m", new_line}, {"\\e\\C-j", new_line}, {"\\e[A", up}, {"\\eOA", up},
    {"\\e[B", down},  {"\\eOB", down},  {"\\C-p", up},          {"\\C-n", down},         {"\\C-a", home},   {"\\C-e", end},
    {"\\e[H", home},  {"\\eOH", home},  {"\\e[1~", home},       {"\\e[F", end},          {"\\eOF", end},    {"\\e[4~", end},
  };
  for (size_t i = 0; i < sizeof bound / sizeof *bound; i++) {
    rl.bind(bound[i].key, bound[i].does, *rl.emacs);
    rl.bind(bound[i].key, bound[i].does, *rl.vi_insert);
  }
  rl.bind("\\C-m", enter, *rl.vi_move);
  rl.bind("\\C-j", enter, *rl.vi_move);
}

/* --- completion ---------------------------------------------------------------------- */

static void forget_offer(void) {
  for (size_t i = 0; i < edit.offer.n; i++) mem_free(edit.offer.word[i]);
  mem_free(edit.offer.word);
  edit.offer = (EditOffer){0};
}

/* readline asks for the characters that part words; where the word begins is ours to say, so it is the one before it. */
static char *word_break(void) {
  static char before[2];
  forget_offer();
  Str text = {*rl.line, (size_t)*rl.point};
  edit.hooks.offer(edit.hooks.ctx, text, &edit.offer);
  before[0] = edit.offer.from > 0 && edit.offer.from <= text.n ? text.p[edit.offer.from - 1] : 0;
  return before;
}

/* What all words begin with, whole characters of it. */
static size_t shared(char **word, size_t n) {
  size_t same = strlen(word[0]);
  for (size_t i = 1; i < n; i++) {
    size_t k = 0;
    while (k < same && word[i][k] == word[0][k]) k++;
    same = k;
  }
  while (same > 0 && (word[0][same] & 0xC0) == 0x80) same--;
  return same;
}

static char **attempt(const char *text, int start, int end) {
  (void)text, (void)start, (void)end;
  EditOffer *o = &edit.offer;
  *rl.attempt_over = !o->files;
  *rl.append = o->close;
  if (o->files || o->n == 0) return NULL;
  char **match = calloc(o->n + 2, sizeof *match); /* readline frees it */
  if (!match) return NULL;
  match[0] = strndup(o->word[0], shared(o->word, o->n));
  for (size_t i = 0; o->n > 1 && i < o->n; i++) match[i + 1] = strdup(o->word[i]);
  return match;
}

/* --- history --------------------------------------------------------------------------- */

static void open_history(const char *path) {
  *rl.write_timestamps = 1; /* what lets an entry have several lines */
  *rl.comment_char = '#';
  rl.using_history();
  if (!path) return;
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  fchmod(fd, 0600);
  close(fd);
  edit.history = mem_strdup(path);
  rl.truncate_file(path, KEPT_MOST * 2); /* lines: an entry has its time, too */
  rl.read_history(path);
}

void edit_keep(const char *entry) {
  if (!*entry || *entry == ' ') return;
  const HIST_ENTRY *last = *rl.history_length ? rl.history_get(*rl.history_base + *rl.history_length - 1) : NULL;
  if (last && strcmp(last->line, entry) == 0) return;
  rl.add_history(entry);
  if (edit.history) rl.append_history(1, edit.history);
}

/* --- entries ----------------------------------------------------------------------------- */

static int begin_with(void) {
  if (edit.start) rl.insert_text(edit.start);
  edit.start = NULL;
  return 0;
}

bool edit_open(const EditHooks *hooks, const char *history, Err *e) {
  if (!load(e)) return false;
  edit.hooks = *hooks;
  *rl.name = "pareto";
  rl.initialize();
  bind_keys();
  rl.set("enable-bracketed-paste", "on");
  *rl.signal_event_hook = drop_entry;
  *rl.startup_hook = begin_with;
  *rl.word_break_hook = word_break;
  *rl.attempt = attempt;
  open_history(history);
  return true;
}

char *edit_read(const char *prompt, const char *start) {
  edit.start = start;
  char *entry = rl.readline(prompt);
  forget_offer();
  return entry;
}
