/* What the world calls our columns: 客户编码, customer_id, 金额 … */
#ifndef STORE_IMPORT_NAMES_H
#define STORE_IMPORT_NAMES_H
#include "store/catalog.h"

/* Does a column with this title fill this field without being told to? 2: it has the field's own name
 * (letter case, blanks, - and _ aside); 1: another name the world has for it; 0: no. */
int import_name_fits(const CatEntity *ent, const char *field, Str title);
#endif
