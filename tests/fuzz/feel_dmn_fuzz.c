/* DMN models: read, and every decision decided, within limits. First byte: a model for people, one to the letter,
 * a model as a playbook's grid, a cell of a table, an expression. */
#include "fuzz.h"

#include "base/num.h"
#include "feel/dmn.h"
#include "feel/dmn_grid.h"
#include "feel/dmn_xml.h"

#include <string.h>

enum { STEPS = 20000, MEMORY = 32 << 20 };

#define HEAD \
  "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"f\" namespace=\"urn:f\">" \
  "<inputData id=\"a\" name=\"a\"><variable name=\"a\" typeRef=\"number\"/></inputData>" \
  "<inputData id=\"b\" name=\"b c\"><variable name=\"b c\"/></inputData><decision id=\"d\" name=\"d\">" \
  "<variable name=\"d\"/><informationRequirement><requiredInput href=\"#a\"/></informationRequirement>" \
  "<informationRequirement><requiredInput href=\"#b\"/></informationRequirement>"
#define TABLE \
  "<decisionTable><input><inputExpression><text>a</text></inputExpression></input><output/" \
  "><rule><inputEntry><text>"

static void decide(const Dmn *m, const DmnItem *item) {
  Err e = {0};
  Val v = val_null();
  DmnRun *r = dmn_run_new(m, (ValClock){.days = 20000, .offset = 0});
  Standard *s = dmn_run_standard(r);
  s->steps = STEPS;
  s->memory = MEMORY;
  dmn_run_trace(r);
  const DmnItem *const *need;
  size_t n = dmn_needs(m, &item, 1, dmn_run_arena(r), &need);
  for (size_t i = 0; i < n && !e.kind; i++)
    dmn_give(r, need[i], i % 2 ? val_text(STR("x")) : val_int((int64_t)i), &e);
  bool ok = !e.kind;
  if (ok) ok = dmn_kind(item) == DMN_SERVICE ? dmn_serve(r, item, &v, &e) : dmn_decide(r, item, &v, &e);
  claim(ok == (e.kind == ERR_NONE), "a decision or an error");
  Buf text = {0};
  if (ok) standard_print(v, &text);
  if (!ok) err_print(&e, &text);
  claim(text.n || (ok && v.t == V_TEXT), "what is no empty text prints as some");
  buf_free(&text);
  err_free(&e);
  dmn_run_free(r);
}

static void model(Str xml, DmnMode mode) {
  Err e = {0};
  DmnFile file = {"fuzz.dmn", xml};
  Dmn *m = dmn_load(&file, NULL, mode, &e);
  claim((m != NULL) == (e.kind == ERR_NONE), "a model or an error");
  const DmnItem *const *item;
  size_t n = m ? dmn_items(m, &item) : 0;
  for (size_t i = 0; i < n && i < 20; i++)
    if (dmn_kind(item[i]) == DMN_DECISION || dmn_kind(item[i]) == DMN_SERVICE)
      decide(m, item[i]);
  Buf text = {0};
  err_print(&e, &text);
  buf_free(&text);
  err_free(&e);
  dmn_free(m);
}

static void grid(Str xml) {
  Arena a = {0};
  Err e = {0};
  Grid g = {0};
  Src src = {.text = xml, .file = "fuzz.dmn", .line = 1, .col = 1};
  bool ok = grid_parse_dmn(&src, STR("d"), &a, &g, &e);
  claim(ok == (e.kind == ERR_NONE), "a grid or an error");
  for (size_t i = 0; ok && i < g.nrow * (g.nin + g.nout); i++)
    claim(g.cell[i].text.p || !g.cell[i].text.n, "cells have texts");
  err_free(&e);
  arena_free(&a);
}

static void inside(const char *before, Str text, const char *after, DmnMode mode) {
  Buf xml = {0};
  buf_puts(&xml, before);
  xml_put(text, &xml);
  buf_puts(&xml, after);
  model(buf_view(&xml), mode);
  buf_free(&xml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  Str text = {(const char *)data + 1, size - 1};
  DmnMode mode = data[0] & 128 ? DMN_LETTER : DMN_STRICT;
  switch (data[0] % 5) {
    case 0: model(text, mode); break;
    case 1: model(text, DMN_LETTER); break;
    case 2: grid(text); break;
    case 3:
      inside(HEAD TABLE, text,
             "</text></inputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable></"
             "decision></definitions>",
             mode);
      break;
    default:
      inside(HEAD "<literalExpression><text>", text, "</text></literalExpression></decision></definitions>",
             mode);
  }
  return 0;
}
