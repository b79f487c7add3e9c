#include "verb/words.h"

#include "base/lang.h"

#include "feel/dialect.h"
#include "feel/func.h"
#include "lua/api.h"

#include <string.h>

static void row(Buf *out, Str head, int width, const char *about) {
  buf_puts(out, "  ");
  buf_str(out, head);
  int w = utf8_width(head);
  if (about && *about) {
    buf_fill(out, ' ', w < width ? (size_t)(width - w) : 2);
    buf_puts(out, _(about));
  }
  buf_char(out, '\n');
}

static const struct {
  const char *word, *about;
} basics[] = {
  {"12m, 90d, 4w, 2y", N_("a window: the time before as-of; revenue_12m is sum(revenue, 12m)")},
  {"last_month, last_quarter, ytd, all", N_("calendar windows")},
  {"2025, 2026Q1", N_("a year, a quarter as a window")},
  {"ago(X, 12m)", N_("X as it stood then")},
  {"'A', \"A\"", N_("text")},
  {"15%, 50万, 2026-11-01, 30d", N_("a percent, a number in 10,000s, a date, a duration")},
  {"= != < <= > >=, and or not(…)", N_("comparing and joining")},
  {"in ('A', 'B'), in [5..10)", N_("one of these; in a range, the round end left out")},
  {"orders[day >= 2026-01-01]", N_("related rows for which a rule holds")},
  {"null", N_("unknown: it matches nothing, and is never 0; X = null asks for it")},
};

/* What a line may not be broken in: the letters up to a blank or a Chinese character, or one of these, and the Chinese
 * punctuation behind it, which begins no line. */
static Str unbroken(Str s, size_t from) {
  size_t at = from;
  bool wide = false;
  while (at < s.n && s.p[at] != ' ') {
    size_t next = at;
    uint32_t c = utf8_next(s, &next);
    bool opens = c == 0x3008 || c == 0x300A || c == 0x300C || c == 0xFF08;
    bool mark = !opens && ((c >= 0x3001 && c <= 0x3011) || (c >= 0xFF01 && c <= 0xFF1F) || c == 0x201D);
    bool cjk = !mark && utf8_width(str_sub(s, at, next)) == 2;
    if (at > from && (cjk || (wide && !mark))) break;
    wide = cjk || mark;
    at = next;
  }
  return str_sub(s, from, at);
}

/* As much to a line as a terminal has room for, all lines indented. */
static void wrapped(Str text, int indent, Buf *out) {
  enum { WIDE = 92 };
  int at = 0;
  for (size_t i = 0; i < text.n;) {
    bool blank = text.p[i] == ' ';
    if (blank && ++i == text.n) break;
    Str word = unbroken(text, i);
    int w = utf8_width(word);
    if (at + blank + w > WIDE || !at) {
      if (at) buf_char(out, '\n');
      buf_fill(out, ' ', (size_t)indent);
      at = indent;
    } else if (blank) {
      buf_char(out, ' ');
      at++;
    }
    buf_str(out, word);
    at += w;
    i += word.n;
  }
  buf_char(out, '\n');
}

bool words_function(Str word, Buf *out) {
  const Func *f = func_find(word);
  if (!f) return false;
  buf_printf(out, "%s\n", f->usage ? f->usage : f->name);
  if (f->about) wrapped(str_of(_(f->about)), 2, out);
  const char *example = func_example(word);
  if (example) buf_printf(out, "  = %s\n", example);
  return true;
}

bool words_call(Str word, Buf *out) {
  size_t n, found = 0;
  const Api *a = api_list(&n);
  for (size_t i = 0; i < n; i++) {
    if (!str_is(word, a[i].name)) continue;
    buf_printf(out, "%s\n", a[i].usage);
    wrapped(str_of(_(a[i].about)), 2, out);
    if (a[i].example) buf_printf(out, "  %s\n", a[i].example);
    found++;
  }
  return found > 0;
}

/* What a list has room for: up to the first full stop or semicolon, also a Chinese one. */
static void summary(const char *about, Buf *out) {
  size_t n = about ? strlen(about) : 0;
  for (size_t i = 0; i < n; i++) {
    bool ends = (about[i] == '.' || about[i] == ';') && (!about[i + 1] || about[i + 1] == ' ');
    if (ends || strncmp(about + i, "。", 3) == 0 || strncmp(about + i, "；", 3) == 0) n = i;
  }
  if (n) buf_add(out, about, n);
}

void words_rules(Buf *out) {
  buf_say(out, "A rule is true or false of an account (tier = 'A' and revenue_12m > 50万), or a figure (revenue_12m / 12).\n\n");
  for (size_t i = 0; i < sizeof basics / sizeof *basics; i++) row(out, str_of(basics[i].word), 38, basics[i].about);
  buf_say(out, "\nFunctions\n");
  size_t n;
  const Func *f = func_list(&n);
  Buf about = {0};
  for (size_t i = 0; i < n; i++) {
    buf_clear(&about);
    summary(_(f[i].about), &about);
    row(out, str_of(f[i].usage ? f[i].usage : f[i].name), 58, about.p);
  }
  buf_free(&about);
  buf_say(out, "  pareto help FUNCTION says what each means exactly\n");
  buf_say(out, "\nFields and measures: pareto help account, or any other entity:");
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) buf_printf(out, "%s%s %s", i ? "," : "", i % 9 ? "" : "\n ", ent->name);
  buf_char(out, '\n');
}

void words_feel(Buf *out) {
  size_t n;
  const DialectDifference *d = dialect_differences(&n);
  buf_say(out, "FEEL, the expression language of OMG's DMN standard, is read in two dialects: rules in playbooks,\n"
             "filters and the session (pareto help rules), standard in .dmn models.\n\nThey differ in\n");
  for (size_t i = 0; i < n; i++) {
    row(out, str_of(_(d[i].what)), 20, d[i].rules);
    buf_fill(out, ' ', 22);
    buf_say(out, "standard: %s\n", _(d[i].standard));
  }
  buf_say(out, "\nFunctions of the standard dialect\n");
  Buf usage = {0};
  const char *about;
  for (size_t i = 0; (about = dialect_function(i, &usage)); i++) {
    row(out, buf_view(&usage), 58, about);
    buf_clear(&usage);
  }
  buf_free(&usage);
}

static void about_field(const FeelHost *h, const CatEntity *ent, const HostField *f, Buf *out) {
  Buf head = {0};
  buf_str(&head, f->name);
  if (f->kind == HOST_ONE || f->kind == HOST_MANY) {
    const HostEntity *to = h->entity_info(h->ctx, f->target);
    Str name = f->kind == HOST_ONE ? to->name : to->plural;
    buf_printf(&head, " → %.*s", STR_ARG(name));
  } else {
    const Domain *d = f->type.domain;
    buf_printf(&head, " : %s", f->type.unit ? unit_name(f->type.unit) : d ? "one of" : type_name(f->type.kind));
    for (size_t i = 0; d && i < d->n; i++) buf_printf(&head, "%s %.*s", i ? "," : "", STR_ARG(d->value[i]));
  }
  if (f->personal) buf_say(&head, " (personal)");
  const CatColumn *c = catalog_column(ent, f->name);
  row(out, buf_view(&head), 34, f->about ? f->about : c ? c->about : NULL);
  buf_free(&head);
}

void words_entity(Store *s, const CatEntity *ent, Buf *out) {
  static const struct {
    HostKind from, to;
    const char *title;
  } part[] = {{HOST_FIELD, HOST_FIELD, N_("Fields")},
              {HOST_ONE, HOST_MANY, N_("Related rows")},
              {HOST_MEASURE, HOST_MEASURE, N_("Measures, over a window: sum(NAME, 12m), NAME_12m")}};
  const FeelHost *h = store_host(s);
  const HostField *const *list;
  size_t n = h->fields(h->ctx, ent->number, &list);
  buf_printf(out, "%s: %s\n", ent->name, ent->about ? _(ent->about) : "");
  for (size_t p = 0; p < sizeof part / sizeof *part; p++) {
    bool titled = false;
    for (size_t i = 0; i < n; i++) {
      if (list[i]->kind < part[p].from || list[i]->kind > part[p].to) continue;
      if (!titled) buf_printf(out, "\n%s\n", _(part[p].title));
      titled = true;
      about_field(h, ent, list[i], out);
    }
  }
}

bool words_one(Store *s, Str word, Buf *out) {
  const FeelHost *h = store_host(s);
  bool f = words_function(word, out);
  if (words_call(word, out)) f = true;
  const CatEntity *account = catalog_entity(STR("account")), *ent = catalog_entity(word);
  const HostField *field = h->field(h->ctx, account->number, word);
  if (field) about_field(h, account, field, out);
  if (ent) words_entity(s, ent, out);
  return f || field || ent;
}
