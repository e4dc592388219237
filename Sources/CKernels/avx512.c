#if defined(__x86_64__)
// Headers first: only our own functions get the instruction set.
#include <math.h>
#include <string.h>

#include "arguments.h"

#define EDVIZ_TABLE edviz_kernels_avx512
#define EDVIZ_LEVEL "avx512"
#define EDVIZ_REGISTER_BYTES 64
// Winograd's products keep 24 sums in registers, of which only this instruction set has enough.
#define EDVIZ_WINOGRAD
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
// Else vectors of 64 bytes would be kept in two registers of 32.
#pragma clang attribute push(__attribute__((min_vector_width(512))), apply_to = function)
#include "bodies.inc"
#pragma clang attribute pop
#pragma clang attribute pop
#endif
