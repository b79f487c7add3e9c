/* Files that cannot be read again and again as they are: pipes, and text in
 * another encoding than UTF-8. They go through an unlinked file in $TMPDIR. */
#ifndef STORE_IMPORT_DECODE_H
#define STORE_IMPORT_DECODE_H
#include "base/err.h"

/* *out is a new descriptor (the caller's) of a file that holds the text of fd as UTF-8. encoding: iconv's
 * name of what it is in, NULL = as it is. Errors: an encoding unknown to iconv, bytes that are none of it
 * (line and byte), no room in $TMPDIR. */
bool decode_file(int fd, const char *path, const char *encoding, int *out, Err *e);
#endif
