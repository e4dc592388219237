#include "default_model.h"

_Alignas(64) static const unsigned char model[] = {
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
#embed "default.safetensors"
#pragma clang diagnostic pop
};
const unsigned char *const edviz_default_model_start = model;
const size_t edviz_default_model_size = sizeof model;
