#ifndef EDVIZ_TIFF_SOURCE_H
#define EDVIZ_TIFF_SOURCE_H

#include <tiffio.h>

#include "pixels.h"

// A TIFF file in memory and the picture that its first directory describes.
typedef struct {
  TIFF *tiff;
  const uint8_t *bytes;
  size_t count;
  size_t position;
  edviz_message *message;
  uint32_t width, height;
  uint16_t bits, samples, photometric, planar, compression, orientation;
  // What the sample behind the colours is: 0 nothing, 1 premultiplied opacity, 2 opacity.
  int alpha;
} tiff_source;

// Reads the directory; whatever comes of it, `tiff_close` ends it.
int tiff_open(tiff_source *source, const uint8_t *bytes, size_t count, edviz_message *message);
void tiff_close(tiff_source *source);

// Bytes give an error of libtiff's own words, which it has left in the message, or else `reason`.
int tiff_damaged(const tiff_source *source, const char *reason);

#endif
