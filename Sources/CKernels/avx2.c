#if defined(__x86_64__)
// Headers first: only our own functions get the instruction set.
#include <math.h>
#include <string.h>

#include "arguments.h"

#define EDVIZ_TABLE edviz_kernels_avx2
#define EDVIZ_LEVEL "avx2"
#define EDVIZ_REGISTER_BYTES 32
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include "bodies.inc"
#pragma clang attribute pop
#endif
