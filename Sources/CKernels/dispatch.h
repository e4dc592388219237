#ifndef EDVIZ_DISPATCH_H
#define EDVIZ_DISPATCH_H

// How a function of kernels.h reaches its loop: through the table that was chosen for this processor, split over the
// team.

#include "arguments.h"
#include "kernels.h"
#include "team.h"

extern const struct edviz_kernels *edviz_chosen;

// Elements below which a second thread costs more than it helps.
enum { EDVIZ_GRAIN = 16384 };

static inline int64_t edviz_grain(int64_t per_item) {
  const int64_t items = EDVIZ_GRAIN / (per_item > 0 ? per_item : 1);
  return items > 0 ? items : 1;
}

#define RUN(body, total, per_item, arguments) \
  edviz_parallel(total, edviz_grain(per_item), (edviz_body)edviz_chosen->body, &(arguments))

#endif
