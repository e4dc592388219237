#ifndef EDVIZ_PIXELS_H
#define EDVIZ_PIXELS_H

#include <stdio.h>

#include "image_formats.h"

// What decoders share. Nothing here fails.

// a·b / 255, rounded to nearest.
static inline uint8_t product(unsigned a, unsigned b) {
  unsigned t = a * b + 128;
  return (uint8_t)((t + (t >> 8)) >> 8);
}

// Rounded to nearest: (c·a + 255·(255 − a)) / 255.
static inline void over_white(const uint8_t *rgba, uint8_t *rgb, size_t width) {
  for (size_t x = 0; x < width; x++, rgba += 4, rgb += 3) {
    unsigned alpha = rgba[3];
    for (int c = 0; c < 3; c++) {
      unsigned t = rgba[c] * alpha + 255 * (255 - alpha) + 128;
      rgb[c] = (uint8_t)((t + (t >> 8)) >> 8);
    }
  }
}

// Leaves a reason and gives the status on.
static inline int refused(edviz_message *message, int status, const char *reason) {
  snprintf(message->text, sizeof message->text, "%s", reason);
  return status;
}

#endif
