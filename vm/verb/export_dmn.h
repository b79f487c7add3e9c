/* `export TABLE@PLAYBOOK --dmn`: a playbook's decision table as a DMN model. */
#ifndef VERB_EXPORT_DMN_H
#define VERB_EXPORT_DMN_H
#include "verb/verb.h"

bool export_dmn(Cli *c, Err *e);
#endif
