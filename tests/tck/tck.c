/* tck DIR…: runs the test cases of the DMN conformance kit (files *test*.xml) found below the folders, each against
 * the model beside it. Prints every case that fails with what was expected and what came, and ends with
 * `N passed, N failed`; the exit code is 1 when one failed, 2 when nothing was found. */
#include "base/num.h"
#include "feel/dmn.h"
#include "feel/dmn_xml.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define XSI "http://www.w3.org/2001/XMLSchema-instance"

static int passed, failed;

typedef struct Paths {
  char **path;
  size_t n, cap;
} Paths;

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static bool ends_with(const char *s, const char *end) {
  size_t n = strlen(s), k = strlen(end);
  return n >= k && strcmp(s + n - k, end) == 0;
}

static void find_files(const char *dir, Paths *out) {
  DIR *d = opendir(dir);
  if (!d) return;
  for (struct dirent *f; (f = readdir(d));) {
    if (f->d_name[0] == '.') continue;
    Buf path = {0};
    struct stat st;
    buf_printf(&path, "%s/%s", dir, f->d_name);
    bool there = stat(path.p, &st) == 0;
    if (there && S_ISDIR(st.st_mode)) find_files(path.p, out);
    if (there && S_ISREG(st.st_mode) && strstr(f->d_name, "test") && ends_with(f->d_name, ".xml")) {
      mem_grow(out->path, out->cap, out->n + 1);
      out->path[out->n++] = mem_strdup(path.p);
    }
    buf_free(&path);
  }
  closedir(d);
}

static bool read_file(const char *path, Arena *a, Str *out) {
  FILE *f = fopen(path, "rb");
  if (!f) return false;
  Buf b = {0};
  char piece[8192];
  size_t n;
  while ((n = fread(piece, 1, sizeof piece, f))) buf_add(&b, piece, n);
  fclose(f);
  *out = (Str){arena_strndup(a, b.p ? b.p : "", b.n), b.n};
  buf_free(&b);
  return true;
}

/* --- one file of cases */

typedef struct Suite {
  Arena a;
  const char *path;   /* of the test file */
  char *folder;
  Dmn *model;
  Buf told;           /* why the case at hand fails */
} Suite;

static const DmnFile *import(void *ctx, Str namespace, Str location) {
  Suite *s = ctx;
  (void)location;
  DIR *d = opendir(s->folder);
  DmnFile *found = NULL;
  for (struct dirent *f; d && !found && (f = readdir(d));) {
    Str own = {0}, bytes;
    const char *path = arena_printf(&s->a, "%s/%s", s->folder, f->d_name);
    if (!ends_with(path, ".dmn") || !read_file(path, &s->a, &bytes)) continue;
    if (!dmn_namespace(bytes, &s->a, &own) || !str_eq(own, namespace)) continue;
    found = arena_zalloc(&s->a, 1, sizeof *found);
    *found = (DmnFile){path, bytes};
  }
  if (d) closedir(d);
  return found;
}

static bool nil(const XmlNode *x) { return str_is(xml_attr_ns(x, XSI, "nil"), "true"); }

/* The value in a <value>, <list> or <component>s of x. False: one that cannot be read. */
static bool read_value(Suite *s, const XmlNode *x, Val *out) {
  const XmlNode *value = xml_kid(x, "value"), *list = xml_kid(x, "list"), *part = xml_kid(x, "component");
  *out = val_null();
  if (nil(x)) return true;
  if (value) {
    Str type = xml_attr_ns(value, XSI, "type");
    if (nil(value)) return true;
    if (type.n) return standard_read(type, value->text, &s->a, out);
    *out = val_text(value->text);
    return true;
  }
  if (list) {
    size_t n = 0;
    if (nil(list)) return true;
    for (const XmlNode *k = xml_kid(list, "item"); k; k = xml_again(k)) n++;
    Val *v = arena_zalloc(&s->a, n + 1, sizeof *v);
    n = 0;
    for (const XmlNode *k = xml_kid(list, "item"); k; k = xml_again(k))
      if (!read_value(s, k, &v[n++])) return false;
    *out = val_list(v, n);
    return true;
  }
  if (!part) return true;
  size_t n = 0;
  for (const XmlNode *k = part; k; k = xml_again(k)) n++;
  ValEntry *entry = arena_zalloc(&s->a, n + 1, sizeof *entry);
  n = 0;
  for (const XmlNode *k = part; k; k = xml_again(k), n++) {
    entry[n].key = xml_attr(k, "name");
    if (!read_value(s, k, &entry[n].val)) return false;
  }
  *out = standard_context(entry, n, &s->a);
  return true;
}

/* Equal as the kit's own runners compare: numbers to eight digits. */
static bool same(Val a, Val b) {
  if (val_is_num(a) && val_is_num(b)) {
    double x = num_double(a), y = num_double(b);
    return standard_same(a, b) || fabs(x - y) <= 1e-8 * fmax(fabs(x), fabs(y));
  }
  if (a.t != b.t) return false;
  if (a.t == V_LIST) {
    bool ok = a.n == b.n;
    for (uint32_t i = 0; i < a.n && ok; i++) ok = same(a.u.v[i], b.u.v[i]);
    return ok;
  }
  if (a.t != V_CONTEXT) return standard_same(a, b);
  const ValContext *x = a.u.p, *y = b.u.p;
  bool ok = x->n == y->n;
  for (size_t i = 0; i < x->n && ok; i++) {
    size_t k = 0;
    while (k < y->n && !str_eq(x->entry[i].key, y->entry[k].key)) k++;
    ok = k < y->n && same(x->entry[i].val, y->entry[k].val);
  }
  return ok;
}

/* --- one case */

static void tell(Suite *s, DmnRun *r, Str node, const Val *want, const Val *got, const char *what) {
  buf_printf(&s->told, "    %.*s: ", STR_ARG(node));
  if (want) {
    buf_puts(&s->told, "expected ");
    standard_print(*want, &s->told);
    buf_puts(&s->told, ", got ");
    standard_print(*got, &s->told);
  } else {
    buf_puts(&s->told, what);
  }
  const char *const *note;
  if (r && dmn_notes(r, &note)) buf_printf(&s->told, " (%s)", note[0]);
  buf_char(&s->told, '\n');
}

static bool give_inputs(Suite *s, DmnRun *r, const XmlNode *test, Err *e) {
  for (const XmlNode *k = xml_kid(test, "inputNode"); k; k = xml_again(k)) {
    Str name = xml_attr(k, "name"), space = xml_attr(k, "namespace");
    unsigned kinds = 1U << DMN_INPUT;
    const DmnItem *in = space.n ? dmn_find_in(s->model, space, name, kinds) : dmn_find(s->model, name, kinds);
    if (!in) in = dmn_find(s->model, name, 1U << DMN_DECISION);
    Val v;
    if (!read_value(s, k, &v)) return err_set(e, ERR_FAIL, "input %.*s cannot be read", STR_ARG(name));
    if (in && !dmn_give(r, in, v, e)) return false;
  }
  return true;
}

static bool invoke(Suite *s, DmnRun *r, const XmlNode *test, const DmnItem *bkm, Val *out, Err *e) {
  size_t n = 0;
  for (const XmlNode *k = xml_kid(test, "inputNode"); k; k = xml_again(k)) n++;
  Val *arg = arena_zalloc(&s->a, n + 1, sizeof *arg);
  Str *name = arena_zalloc(&s->a, n + 1, sizeof *name);
  n = 0;
  for (const XmlNode *k = xml_kid(test, "inputNode"); k; k = xml_again(k), n++) {
    name[n] = xml_attr(k, "name");
    if (!read_value(s, k, &arg[n]))
      return err_set(e, ERR_FAIL, "input %.*s cannot be read", STR_ARG(name[n]));
  }
  return dmn_invoke(r, bkm, arg, name, n, out, e);
}

static bool entry_of(Val v, Str key, Val *out) {
  const ValContext *c = v.t == V_CONTEXT ? v.u.p : NULL;
  for (size_t i = 0; c && i < c->n; i++)
    if (str_eq(c->entry[i].key, key)) {
      *out = c->entry[i].val;
      return true;
    }
  return false;
}

static bool result(Suite *s, DmnRun *r, const XmlNode *test, Str node, Val *out, Err *e) {
  Str type = xml_attr(test, "type"), name = xml_attr(test, "invocableName");
  if (str_is(type, "decisionService")) {
    const DmnItem *service = dmn_find(s->model, name, 1U << DMN_SERVICE);
    const DmnItem *const *outputs;
    if (!service) return err_set(e, ERR_FAIL, "there is no service %.*s", STR_ARG(name));
    if (!dmn_serve(r, service, out, e)) return false;
    if (dmn_outputs(service, &outputs) > 1) entry_of(*out, node, out);
    return true;
  }
  if (str_is(type, "bkm") || str_is(type, "businessKnowledgeModel")) {
    const DmnItem *bkm = dmn_find(s->model, name, 1U << DMN_BKM);
    return bkm ? invoke(s, r, test, bkm, out, e)
               : err_set(e, ERR_FAIL, "there is no model %.*s", STR_ARG(name));
  }
  const DmnItem *decision = dmn_find(s->model, node, 1U << DMN_DECISION);
  if (decision) return dmn_decide(r, decision, out, e);
  const DmnItem *service = dmn_find(s->model, node, 1U << DMN_SERVICE);
  return service ? dmn_serve(r, service, out, e) : err_set(e, ERR_FAIL, "there is no such decision");
}

static bool run_node(Suite *s, const XmlNode *test, const XmlNode *node) {
  Str name = xml_attr(node, "name");
  Val want = val_null(), got = val_null();
  Err e = {0};
  ValClock now = {.days = day_of(2026, 11, 22), .nanos = 43200LL * 1000000000, .offset = 0};
  DmnRun *r = dmn_run_new(s->model, now);
  const XmlNode *expected = xml_kid(node, "expected");
  bool ok = !expected || read_value(s, expected, &want);
  if (!ok) tell(s, NULL, name, NULL, NULL, "what is expected cannot be read");
  if (ok && (!give_inputs(s, r, test, &e) || !result(s, r, test, name, &got, &e))) {
    ok = false;
    tell(s, NULL, name, NULL, NULL, e.what);
  }
  if (ok && !same(want, got)) {
    ok = false;
    tell(s, r, name, &want, &got, NULL);
  }
  err_free(&e);
  dmn_run_free(r);
  return ok;
}

static void run_case(Suite *s, const XmlNode *test, const char *why) {
  bool ok = s->model != NULL;
  buf_clear(&s->told);
  if (!ok) tell(s, NULL, STR("model"), NULL, NULL, why);
  for (const XmlNode *k = ok ? xml_kid(test, "resultNode") : NULL; k; k = xml_again(k))
    ok = run_node(s, test, k) && ok;
  if (ok) {
    passed++;
    return;
  }
  failed++;
  printf("FAIL %s %.*s\n", s->path, STR_ARG(xml_attr(test, "id")));
  if (s->told.n) fwrite(s->told.p, 1, s->told.n, stdout);
}

static bool load_model(Suite *s, const XmlNode *cases, Err *e) {
  const XmlNode *name = xml_kid(cases, "modelName");
  if (!name) return err_set(e, ERR_FAIL, "no model is named");
  DmnFile file = {arena_printf(&s->a, "%s/%.*s", s->folder, STR_ARG(str_trim(name->text))), {0}};
  if (!read_file(file.path, &s->a, &file.bytes)) return err_set(e, ERR_FAIL, "%s cannot be read", file.path);
  DmnFinder finder = {import, s};
  s->model = dmn_load(&file, &finder, DMN_LETTER, e);
  return s->model != NULL;
}

static void run_file(const char *path) {
  Suite s = {.path = path, .folder = mem_strdup(path)};
  *strrchr(s.folder, '/') = 0;
  Err e = {0};
  Str bytes;
  XmlNode *cases = read_file(path, &s.a, &bytes) ? xml_read(bytes, path, &s.a, &e) : NULL;
  if (!cases || !str_is(cases->name, "testCases")) {
    if (e.kind) printf("FAIL %s: %s\n", path, e.what);
    failed += e.kind != ERR_NONE;
  } else {
    Buf why = {0};
    if (!load_model(&s, cases, &e)) err_print(&e, &why);
    for (const XmlNode *k = xml_kid(cases, "testCase"); k; k = xml_again(k))
      run_case(&s, k, why.p ? why.p : "");
    buf_free(&why);
  }
  err_free(&e);
  dmn_free(s.model);
  buf_free(&s.told);
  mem_free(s.folder);
  arena_free(&s.a);
}

int main(int argc, char **argv) {
  Paths files = {0};
  for (int i = 1; i < argc; i++) find_files(argv[i], &files);
  if (files.n) qsort(files.path, files.n, sizeof *files.path, by_name);
  for (size_t i = 0; i < files.n; i++) {
    run_file(files.path[i]);
    mem_free(files.path[i]);
  }
  mem_free(files.path);
  printf("%d passed, %d failed\n", passed, failed);
  if (passed + failed) return failed > 0;
  fprintf(stderr, "tck: no test case of the kit (*test*.xml) below these folders\n");
  return 2;
}
