#ifndef EDVIZ_DEFAULT_MODEL_H
#define EDVIZ_DEFAULT_MODEL_H

#include <stddef.h>

// The weight file that is part of the program, in safetensors format, 64-byte aligned.
extern const unsigned char *const edviz_default_model_start;
extern const size_t edviz_default_model_size;

#endif
