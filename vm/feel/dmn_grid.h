/* Decision tables between a playbook and DMN files.
 *
 * Reading: the table of a .dmn file as a grid of the rules dialect. A cell that would mean something else there
 * (a name with blanks, FEEL that rules have not) is an error that names it. Default outputs become the `else`
 * row, annotations become notes.
 *
 * Writing: a grid as DMN 1.3 with a diagram: headings become input data, args decisions with their values.
 * What DMN has no form for (the `unknown` row, templates, 15%) travels along in extension elements, each with
 * the standard text it was written as; reading takes it back only while that text is unchanged. */
#ifndef FEEL_DMN_GRID_H
#define FEEL_DMN_GRID_H
#include "feel/block.h"

/* The extension's namespace. */
#define DMN_GRID_NS "urn:pareto:grid"

/* The table called `name` (of the decision or knowledge model it stands in), or the only one of the file. */
bool grid_parse_dmn(const Src *text, Str name, Arena *a, Grid *out, Err *e);

struct Rules;
/* A checked table as a DMN model of its own. What cannot be said in DMN is an error that names the cell. */
bool rules_write_dmn(const struct Rules *r, Str table, Buf *out, Err *e);
#endif
