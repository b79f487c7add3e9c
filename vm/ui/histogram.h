/* How many values lie where: classes of equal width, 1, 2 or 5 × 10^n (of whole numbers 1 at least), at most a
 * dozen, a bar and a count for each; those that are not known are counted below. Figures are shown in their unit, and in
 * the format asked for. */
#ifndef UI_HISTOGRAM_H
#define UI_HISTOGRAM_H
#include "ui/table.h"

typedef struct Histogram {
  const Val *v;
  size_t n;
  Unit unit;
  Fmt fmt;
  const FmtEnv *env;
  int width;             /* of the terminal; 0: 80 */
} Histogram;
/* A class holds what is at least its lower edge and below the next; the last one its upper edge too. */
void ui_histogram(const Histogram *h, Buf *out);
#endif
