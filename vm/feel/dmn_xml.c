#include "feel/dmn_xml.h"

#include "base/lang.h"

#include <expat.h>
#include <string.h>

typedef struct Open { /* an element whose end tag has not come */
  XmlNode *node, *last;
  Buf text;
} Open;

typedef struct Reader {
  XML_Parser p;
  Arena *a;
  Err *e;
  const char *file;
  XmlNode *root;
  Open open[XML_DEPTH];
  size_t depth, count;
} Reader;

static void stop(Reader *r, const char *what) {
  err_set(r->e, ERR_FAIL, "%s", _(what));
  err_at(r->e, r->file, (int)XML_GetCurrentLineNumber(r->p), (int)XML_GetCurrentColumnNumber(r->p) + 1);
  XML_StopParser(r->p, XML_FALSE);
}

static Str keep(Reader *r, const char *s, size_t n) { return (Str){arena_strndup(r->a, s, n), n}; }

/* expat writes a name in a namespace as "namespace name". */
static void split_name(Reader *r, const char *z, Str *ns, Str *name) {
  const char *blank = strrchr(z, ' ');
  *ns = blank ? keep(r, z, (size_t)(blank - z)) : (Str){0};
  const char *local = blank ? blank + 1 : z;
  *name = keep(r, local, strlen(local));
}

static void start_element(void *ctx, const char *name, const char **attr) {
  Reader *r = ctx;
  if (r->depth == XML_DEPTH) {
    stop(r, "elements stand too deep in one another");
    return;
  }
  if (r->count++ == XML_ELEMENTS) {
    stop(r, "the file has more than a million elements");
    return;
  }
  XmlNode *x = arena_zalloc(r->a, 1, sizeof *x);
  split_name(r, name, &x->ns, &x->name);
  x->line = (int)XML_GetCurrentLineNumber(r->p);
  x->col = (int)XML_GetCurrentColumnNumber(r->p) + 1;
  while (attr[2 * x->nattr]) x->nattr++;
  XmlAttr *list = arena_zalloc(r->a, x->nattr + 1, sizeof *list);
  for (size_t i = 0; i < x->nattr; i++) {
    split_name(r, attr[2 * i], &list[i].ns, &list[i].name);
    list[i].value = keep(r, attr[2 * i + 1], strlen(attr[2 * i + 1]));
  }
  x->attr = list;
  if (r->depth) {
    Open *up = &r->open[r->depth - 1];
    if (up->last) up->last->next = x;
    else up->node->kid = x;
    up->last = x;
  } else {
    r->root = x;
  }
  r->open[r->depth++] = (Open){.node = x};
}

static void end_element(void *ctx, const char *name) {
  (void)name;
  Reader *r = ctx;
  Open *o = &r->open[--r->depth];
  o->node->text = keep(r, o->text.p ? o->text.p : "", o->text.n);
  buf_free(&o->text);
}

static void characters(void *ctx, const char *s, int n) {
  Reader *r = ctx;
  if (!r->depth) return;
  Open *o = &r->open[r->depth - 1];
  Str piece = {s, (size_t)n};
  if (!o->node->text_line && str_trim(piece).n) {
    o->node->text_line = (int)XML_GetCurrentLineNumber(r->p);
    o->node->text_col = (int)XML_GetCurrentColumnNumber(r->p) + 1;
    size_t blank = (size_t)(str_trim(piece).p - piece.p);
    o->node->text_col += (int)blank;
  }
  buf_str(&o->text, piece);
}

static void document_type(void *ctx, const char *name, const char *system, const char *public, int internal) {
  (void)name;
  (void)system;
  (void)public;
  (void)internal;
  stop(ctx, "a document type (<!DOCTYPE) is not read: it could pull in or unfold anything");
}

XmlNode *xml_read(Str bytes, const char *file, Arena *a, Err *e) {
  if (bytes.n > XML_BYTES) {
    err_set(e, ERR_FAIL, "the file has more than %d MiB", XML_BYTES >> 20);
    err_at(e, file, 0, 0);
    return NULL;
  }
  Reader *r = mem_zalloc(1, sizeof *r);
  r->p = XML_ParserCreateNS(NULL, ' ');
  if (!r->p) {
    mem_free(r);
    err_set(e, ERR_FAIL, "no memory for reading XML");
    return NULL;
  }
  r->a = a;
  r->e = e;
  r->file = file;
  XML_SetUserData(r->p, r);
  XML_SetElementHandler(r->p, start_element, end_element);
  XML_SetCharacterDataHandler(r->p, characters);
  XML_SetStartDoctypeDeclHandler(r->p, document_type);
  bool ok = XML_Parse(r->p, bytes.p ? bytes.p : "", (int)bytes.n, 1) == XML_STATUS_OK;
  if (!ok && !e->kind) {
    err_set(e, ERR_FAIL, "no well-formed XML: %s", XML_ErrorString(XML_GetErrorCode(r->p)));
    err_at(e, file, (int)XML_GetCurrentLineNumber(r->p), (int)XML_GetCurrentColumnNumber(r->p) + 1);
  }
  while (r->depth) buf_free(&r->open[--r->depth].text);
  XmlNode *root = ok ? r->root : NULL;
  XML_ParserFree(r->p);
  mem_free(r);
  return root;
}

Str xml_attr_ns(const XmlNode *x, const char *ns, const char *name) {
  for (size_t i = 0; x && i < x->nattr; i++)
    if (str_is(x->attr[i].ns, ns) && str_is(x->attr[i].name, name)) return x->attr[i].value;
  return (Str){0};
}

Str xml_attr(const XmlNode *x, const char *name) { return xml_attr_ns(x, "", name); }

static XmlNode *named(XmlNode *x, Str ns, Str name) {
  while (x && !(str_eq(x->name, name) && str_eq(x->ns, ns))) x = x->next;
  return x;
}

XmlNode *xml_kid(const XmlNode *x, const char *name) { return x ? named(x->kid, x->ns, str_of(name)) : NULL; }

XmlNode *xml_again(const XmlNode *after) { return named(after->next, after->ns, after->name); }

void xml_put(Str s, Buf *out) {
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c == '&') buf_puts(out, "&amp;");
    else if (c == '<') buf_puts(out, "&lt;");
    else if (c == '>') buf_puts(out, "&gt;");
    else if (c == '"') buf_puts(out, "&quot;");
    else if (c == '\n') buf_puts(out, "&#10;");
    else if (c == '\r') buf_puts(out, "&#13;");
    else if (c == '\t') buf_puts(out, "&#9;");
    else if (c >= 0x20) buf_char(out, (char)c);
  }
}
