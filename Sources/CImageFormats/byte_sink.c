#include "byte_sink.h"

#include <stdlib.h>
#include <string.h>

bool byte_sink_reserve(byte_sink *sink, size_t capacity) {
  if (capacity <= sink->capacity) return true;
  uint8_t *grown = realloc(sink->bytes.start, capacity);
  if (!grown) return false;
  sink->bytes.start = grown;
  sink->capacity = capacity;
  return true;
}

bool byte_sink_append(byte_sink *sink, const uint8_t *start, size_t count) {
  size_t needed = sink->bytes.count + count;
  if (needed > sink->capacity) {
    size_t doubled = sink->capacity * 2;
    if (!byte_sink_reserve(sink, needed > doubled ? needed : doubled)) return false;
  }
  memcpy(sink->bytes.start + sink->bytes.count, start, count);
  sink->bytes.count = needed;
  return true;
}

void edviz_bytes_free(edviz_bytes *bytes) {
  free(bytes->start);
  bytes->start = NULL;
  bytes->count = 0;
}
