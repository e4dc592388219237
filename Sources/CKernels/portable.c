#define EDVIZ_TABLE edviz_kernels_portable
#define EDVIZ_LEVEL "portable"
#define EDVIZ_REGISTER_BYTES 16
#include "bodies.inc"
