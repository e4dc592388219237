// What the processor notes of floating-point operations, on every thread of the team.

#include <stdatomic.h>
#include <xmmintrin.h>

#include "kernels.h"
#include "team.h"

enum { WATCHED = _MM_EXCEPT_INVALID | _MM_EXCEPT_OVERFLOW };

static void forget(const void *context, int64_t begin, int64_t end) { _mm_setcsr(_mm_getcsr() & ~(unsigned)WATCHED); }

static void gather(const void *context, int64_t begin, int64_t end) {
  if (_mm_getcsr() & WATCHED) atomic_store((atomic_int *)context, 1);
}

void edviz_forget_overflow(void) { edviz_parallel(edviz_threads(), 1, forget, 0); }

int edviz_overflowed(void) {
  atomic_int found = 0;
  edviz_parallel(edviz_threads(), 1, gather, &found);
  return found;
}
