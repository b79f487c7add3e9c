/* The standard dialect at run time: a text that can be read has a value, the same each time, within its steps and
 * memory. First byte: an expression, unary tests, a pattern (its text behind a line's end), a type, a typed text. */
#include "fuzz.h"

#include "feel/regex.h"
#include "feel/standard.h"

#include <string.h>

enum { STEPS = 200000, MEMORY = 32 << 20 };

static Val host_function(Standard *s, const StdFunc *f, const Val *arg, size_t n) {
  claim(n == f->nparam, "a function gets its parameters");
  return standard_equal(s, arg[0], arg[1]);
}

/* Names of all kinds, in the arena. */
static const Scope *scope_of(Arena *a) {
  static const Str param[] = {{"a", 1}, {"b b", 3}};
  static const StdFunc function = {.name = {"same as", 7}, .nparam = 2, .param = param, .call = host_function};
  static Val item[3];
  static ValEntry inner[2], entry[5];
  static Scope scope;
  for (int i = 0; i < 3; i++) item[i] = val_int(i);
  inner[0] = (ValEntry){STR("x"), val_list(item, 3)};
  inner[1] = (ValEntry){STR("y - z"), val_text(STR("text"))};
  entry[0] = (ValEntry){STR("n"), val_dec(15, -1)};
  entry[1] = (ValEntry){STR("a b"), val_list(item, 3)};
  entry[2] = (ValEntry){STR("c"), standard_context(inner, 2, a)};
  entry[3] = (ValEntry){STR("same as"), standard_func(&function)};
  entry[4] = (ValEntry){STR("d"), val_date(20000)};
  scope = (Scope){.entry = entry, .n = 5, .kept = true};
  return &scope;
}

static void note(void *ctx, const Src *src, size_t at, size_t len, const char *text) {
  (void)ctx;
  claim(!src || at + len <= src->text.n, "a note points into the text");
  claim(*text, "a note says something");
}

static void value_of(const Src *src, bool tests, Buf *out) {
  Arena a = {0};
  Err e = {0};
  const Scope *scope = scope_of(&a);
  const Str *known;
  size_t n;
  standard_names(scope, &a, &known, &n);
  Node *x = (tests ? standard_parse_tests : standard_parse)(src, known, n, &a, &e);
  claim(!x == (e.kind != ERR_NONE), "a tree or an error");
  if (x) {
    Standard s;
    standard_init(&s, &a, &e);
    s.steps = STEPS;
    s.memory = MEMORY;
    s.note = note;
    Val v = tests ? standard_test(&s, x, val_int(1), scope) : standard_eval(&s, x, scope);
    claim(!e.kind || v.t == V_NULL, "after an error the value is null");
    claim(!tests || v.t == V_BOOL || v.t == V_NULL, "a test is true, false or null");
    claim(s.depth == 0, "all levels are left again");
    standard_print(v, out);
  }
  if (e.kind) err_print(&e, out);
  err_free(&e);
  arena_free(&a);
}

static void pattern(Str text) {
  Arena a = {0};
  const char *why = NULL;
  Str in, flags, rest = text;
  Str p = str_split(rest, '\n', &rest);
  flags = str_split(rest, '\n', &in);
  Regex *r = regex_parse(p, flags, &a, &why);
  claim(r || why, "a pattern or a reason");
  RegexSpan group[REGEX_GROUPS];
  uint64_t steps = STEPS;
  if (r && regex_find(r, in, 0, group, &steps) == REGEX_FOUND)
    for (size_t i = 0; i <= regex_groups(r); i++)
      claim(group[i].from == SIZE_MAX || (group[i].from <= group[i].to && group[i].to <= in.n),
            "a group lies within the text");
  arena_free(&a);
}

static void typed(Str text) {
  Arena a = {0};
  Str rest = text;
  Str type = str_split(rest, '\n', &rest);
  Val v;
  if (standard_read(type, rest, &a, &v)) claim(standard_same(v, v), "a value that was read is itself");
  standard_type(text, NULL, &a);
  arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  char *copy = malloc(size);
  if (!copy) return 0;
  memcpy(copy, data + 1, size - 1);
  Src src = {.text = {copy, size - 1}, .file = "fuzz", .line = 1, .col = 1};
  Buf once = {0}, twice = {0};
  switch (data[0] % 4) {
  case 2: pattern(src.text); break;
  case 3: typed(src.text); break;
  default:
    value_of(&src, data[0] % 4 == 1, &once);
    value_of(&src, data[0] % 4 == 1, &twice);
    claim(str_eq(buf_view(&once), buf_view(&twice)), "a text has the same value each time");
  }
  buf_free(&once);
  buf_free(&twice);
  free(copy);
  return 0;
}
