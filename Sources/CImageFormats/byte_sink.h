#ifndef EDVIZ_BYTE_SINK_H
#define EDVIZ_BYTE_SINK_H

#include <stdbool.h>

#include "image_formats.h"

// Bytes that grow as an encoder writes; the owner frees `bytes`, also after an encoder's error.
typedef struct {
  edviz_bytes bytes;
  size_t capacity;
} byte_sink;

// False if memory ran out; what was written stays.
bool byte_sink_reserve(byte_sink *sink, size_t capacity);
bool byte_sink_append(byte_sink *sink, const uint8_t *start, size_t count);

#endif
