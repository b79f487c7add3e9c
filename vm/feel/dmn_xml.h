/* XML as a tree: DMN models, test cases of the conformance kit, input files.
 *
 * Read with expat, namespaces resolved. A document type is refused whole, so there are no entities to
 * expand and nothing is ever fetched. Everything lives in the arena. */
#ifndef FEEL_DMN_XML_H
#define FEEL_DMN_XML_H
#include "base/err.h"
#include "base/mem.h"

/* The deepest tree, the longest text, the most elements: a file within them takes a few hundred MiB at most. */
enum { XML_DEPTH = 200, XML_BYTES = 64 << 20, XML_ELEMENTS = 1000000 };

typedef struct XmlAttr {
  Str ns, name, value;
} XmlAttr;

typedef struct XmlNode {
  Str ns, name;             /* without its prefix */
  int line, col;            /* of its tag */
  size_t nattr;
  const XmlAttr *attr;
  struct XmlNode *kid, *next; /* first child, next sibling */
  Str text;                 /* its own characters, those of its children not among them */
  int text_line, text_col;  /* of the first of them that is no blank; 0 = there is none */
} XmlNode;

/* NULL and an error with file:line:col when it is no well-formed XML, or past a limit. */
XmlNode *xml_read(Str bytes, const char *file, Arena *a, Err *e);
/* Value of an attribute without namespace, or the empty view. */
Str xml_attr(const XmlNode *x, const char *name);
Str xml_attr_ns(const XmlNode *x, const char *ns, const char *name);
/* The first child of that name in x's own namespace, or NULL; the next one behind `after` of the same name. */
XmlNode *xml_kid(const XmlNode *x, const char *name);
XmlNode *xml_again(const XmlNode *after);
/* Text for XML: & < > " and line ends inside attributes escaped, characters that XML has none for left out. */
void xml_put(Str s, Buf *out);
#endif
