/* What the two readers of a grid, lines with bars and CSV, share; and how a block
 * tells text from structure. Only block.c, grid*.c, score.c and tables.c include this. */
#ifndef FEEL_GRID_H
#define FEEL_GRID_H
#include "feel/block.h"

/* Behind the quoted text at `at` when it closes before `end`, else behind its first character. An
 * apostrophe inside a word (don't) opens nothing. */
size_t block_skip_text(Str s, size_t at, size_t end);
/* Where the comment of s[from, end) begins, outside quotes; `end` when it has none. */
size_t block_comment(Str s, size_t from, size_t end);

/* src[from, to); headed by the text when src has a heading of its own. */
Src grid_cell(const Src *src, size_t from, size_t to, Arena *a, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* The first cell of a row: blank, else, unknown. */
bool grid_mark(const Src *src, size_t from, size_t to, enum GridMark *out, Err *e);
/* Copies the collected rows (g->nrow of them) into the arena and the grid. */
void grid_keep(Grid *g, const Src *cell, const enum GridMark *mark, const int *line, Arena *a);
/* 1,000 or >= 1,250,000.50: a comma between thousands, which rules read as one between alternatives; and without them. */
bool grid_thousands(Str s);
Str grid_without_commas(Str s, char *copy, size_t size);
/* A cell of CSV behind `prefix`, quoted where it has to be; a comma before all but the first. */
void grid_cell_csv(Str s, const char *prefix, bool first, Buf *out);
#endif
