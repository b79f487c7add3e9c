/* Tables and texts as Markdown (GFM) and HTML. Everything that comes from data is
 * escaped: it can neither break a table nor become markup or script. */
#ifndef UI_MARKUP_H
#define UI_MARKUP_H
#include "ui/table.h"

void markup_md(const UiTable *t, const UiStyle *style, Buf *out);
void markup_html(const UiTable *t, const UiStyle *style, Buf *out);  /* one <table> */
void markup_md_text(Str s, Buf *out);
void markup_html_text(Str s, Buf *out);
/* A self-contained page: no network, no script. */
void markup_page_begin(Str title, Buf *out);
void markup_page_end(Buf *out);
#endif
