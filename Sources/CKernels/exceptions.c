// What the processor notes of floating-point operations, on every thread of the team.

#include <fenv.h>
#include <stdatomic.h>

#include "kernels.h"
#include "team.h"

#if defined(__x86_64__)
#include <xmmintrin.h>

// Vectors' own register: what fenv.h asks besides is slow.
enum { WATCHED = _MM_EXCEPT_INVALID | _MM_EXCEPT_OVERFLOW };
static void clear_flags(void) { _mm_setcsr(_mm_getcsr() & ~(unsigned)WATCHED); }
static int has_flags(void) { return (_mm_getcsr() & WATCHED) != 0; }
#else
static void clear_flags(void) { feclearexcept(FE_INVALID | FE_OVERFLOW); }
static int has_flags(void) { return fetestexcept(FE_INVALID | FE_OVERFLOW) != 0; }
#endif

static void forget(const void *context, int64_t begin, int64_t end) { clear_flags(); }

static void gather(const void *context, int64_t begin, int64_t end) {
  if (has_flags()) atomic_store((atomic_int *)context, 1);
}

void edviz_forget_overflow(void) { edviz_parallel(edviz_threads(), 1, forget, 0); }

int edviz_overflowed(void) {
  atomic_int found = 0;
  edviz_parallel(edviz_threads(), 1, gather, &found);
  return found;
}
