/* The list of bad pixels as it stands in a DNG: opcode 5, FixBadPixelsList, of OpcodeList1. */
#ifndef HP_DEFECTS_OPCODES_H
#define HP_DEFECTS_OPCODES_H

#include "base/file.h"
#include "defects/list.h"

#include <stdio.h>

/*
 * Writes a copy of a DNG (file) whose OpcodeList1 has the list too, behind what it had. HP_E_INPUT, naming both, where
 * the photo is of another camera or size.
 */
int hp_opcodes_write(const hp_list *list, hp_bytes file, FILE *stream, hp_error *err);

#endif
