/* Lexer and parser, both dialects: a text is a tree or an error that points into it; a tree written as text
 * reads back as itself. First byte: what the text is. */
#include "fuzz.h"

#include "feel/ast.h"

#include <string.h>

static Node *parse(int form, const Src *src, Arena *a, Err *e) {
  switch (form) {
    case 0: return feel_parse(src, DIALECT_RULES, a, e);
    case 1: return feel_parse(src, DIALECT_STANDARD, a, e);
    case 2: return feel_parse_tests(src, DIALECT_RULES, true, a, e);
    case 3: return feel_parse_tests(src, DIALECT_RULES, false, a, e);
    case 4: return feel_parse_tests(src, DIALECT_STANDARD, false, a, e);
    default: return feel_parse_template(src, DIALECT_RULES, a, e);
  }
}

static void reads_back(const Node *node) {
  Arena a = {0};
  Err e = {0};
  Buf was = {0}, text = {0}, now = {0};
  feel_dump(node, &was);
  feel_unparse(node, &text);
  Node *again = feel_parse(&(Src){.text = buf_view(&text)}, DIALECT_RULES, &a, &e);
  if (again) feel_dump(again, &now);
  if (!again || !str_eq(buf_view(&was), buf_view(&now)))
    fprintf(stderr, "%.*s\n  written: %.*s\n  read: %.*s\n", STR_ARG(buf_view(&was)), STR_ARG(buf_view(&text)),
            STR_ARG(buf_view(&now)));
  /* Parentheses are written where a tree needs none, so that text of the deepest trees may be refused. */
  claim(again || node->depth > FEEL_DEPTH / 4, "what is written can be read");
  claim(!again || str_eq(buf_view(&was), buf_view(&now)), "a tree written as text reads back as itself");
  buf_free(&was);
  buf_free(&text);
  buf_free(&now);
  err_free(&e);
  arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  int form = data[0] % 7;
  char *copy = malloc(size); /* no NUL behind it: a reader that runs on is seen */
  if (!copy) return 0;
  memcpy(copy, data + 1, size - 1);
  Src src = {.text = {copy, size - 1}, .file = "fuzz", .line = 1, .col = 1};
  Arena a = {0};
  Err e = {0};
  if (form == 6) {
    Column *column;
    size_t n;
    bool ok = feel_parse_columns(&src, DIALECT_RULES, &a, &column, &n, &e);
    claim(ok == (e.kind == ERR_NONE), "columns or an error");
  } else {
    Node *node = parse(form, &src, &a, &e);
    claim(!node == (e.kind != ERR_NONE), "a tree or an error");
    if (node && form == 0 && utf8_valid(src.text, NULL)) reads_back(node);
  }
  Buf text = {0};
  if (e.kind) err_print(&e, &text);
  claim(!e.kind || utf8_valid(buf_view(&text), NULL), "errors are valid text");
  buf_free(&text);
  err_free(&e);
  arena_free(&a);
  free(copy);
  return 0;
}
