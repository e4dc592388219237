#define EDVIZ_TABLE edviz_kernels_portable
#define EDVIZ_LEVEL "portable"
#include "bodies.inc"
