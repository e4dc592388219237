#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tiff_source.h"

// A part of the picture as it is stored, strip or tile: its samples as numbers, all of a pixel together.
typedef struct {
  uint32_t x, y;           // where it begins in the picture
  uint32_t width, height;  // what of it lies inside
  uint32_t full_width;     // pixels from row to row
  const uint16_t *samples;
} tiff_part;

typedef struct {
  const tiff_source *source;
  uint8_t *bytes;
  uint16_t *levels;
  size_t channels;
  uint16_t *red, *green, *blue;  // the palette
  unsigned palette_shift;
} tiff_target;

typedef void (*part_taker)(const tiff_target *target, const tiff_part *part);

// Numbers of `bits` each in rows that begin at a byte, into every `step`-th place.
static void unpack(const uint8_t *bytes, size_t row_bytes, uint16_t bits, size_t row_samples, size_t rows,
                   uint16_t *target, size_t step) {
  for (size_t y = 0; y < rows; y++, bytes += row_bytes) {
    for (size_t x = 0; x < row_samples; x++, target += step) {
      if (bits == 8) {
        *target = bytes[x];
      } else if (bits == 16) {
        memcpy(target, bytes + 2 * x, 2);
      } else {
        size_t bit = x * bits;
        *target = (uint16_t)(bytes[bit / 8] >> (8 - bits - bit % 8) & ((1 << bits) - 1));
      }
    }
  }
}

// Reads each strip or tile once and hands it on.
static int read_parts(const tiff_source *source, part_taker take, const tiff_target *target) {
  TIFF *tiff = source->tiff;
  edviz_message *message = source->message;
  bool tiled = TIFFIsTiled(tiff);
  uint32_t width = source->width, height = source->height;
  if (tiled) {
    if (!TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width) || !TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height) ||
        !width || !height) {
      return tiff_damaged(source, "its tiles have no size");
    }
  } else {
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &height);
    if (height == 0 || height > source->height) height = source->height;
  }
  // A tile may reach beyond the picture, but not by so much that it is there to take memory.
  if ((uint64_t)width * height > 4 * (uint64_t)source->width * source->height + (1 << 22)) {
    return refused(message, EDVIZ_IMAGE_UNSUPPORTED, "tiles that are far larger than the picture");
  }
  size_t planes = source->planar == PLANARCONFIG_SEPARATE ? source->samples : 1;
  size_t row_samples = (size_t)width * (planes > 1 ? 1 : source->samples);
  size_t row_bytes = (row_samples * source->bits + 7) / 8;
  size_t size = row_bytes * height, count = (size_t)width * height * source->samples;
  // What libtiff would write must be what is expected here, such as without subsampled colours.
  tmsize_t promised = tiled ? TIFFTileSize(tiff) : TIFFVStripSize(tiff, height);
  if (promised < 0 || (size_t)promised != size) {
    return tiff_damaged(source, "its strips have another size than its pixels");
  }
  uint8_t *bytes = malloc(size);
  uint16_t *samples = malloc(count * sizeof *samples);
  int status = EDVIZ_IMAGE_OK;
  if (!bytes || !samples) status = refused(message, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
  for (uint32_t y = 0; status == EDVIZ_IMAGE_OK && y < source->height; y += height) {
    uint32_t rows = source->height - y < height ? source->height - y : height;
    for (uint32_t x = 0; status == EDVIZ_IMAGE_OK && x < source->width; x += width) {
      for (size_t plane = 0; plane < planes; plane++) {
        size_t wanted = tiled ? size : row_bytes * rows;
        tmsize_t given =
            tiled ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, (uint16_t)plane), bytes, (tmsize_t)size)
                  : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, (uint16_t)plane), bytes, (tmsize_t)wanted);
        if (given < 0 || (size_t)given < wanted) {
          status = tiff_damaged(source, "the file ends early");
          break;
        }
        unpack(bytes, row_bytes, source->bits, row_samples, rows, samples + plane, planes);
      }
      if (status != EDVIZ_IMAGE_OK) break;
      uint32_t columns = source->width - x < width ? source->width - x : width;
      tiff_part part = {x, y, columns, rows, width, samples};
      take(target, &part);
      if (UINT32_MAX - x < width) break;
    }
    if (UINT32_MAX - y < height) break;
  }
  free(bytes);
  free(samples);
  return status;
}

// On 0 to 255: of 16 bits the upper eight.
static inline uint8_t level(uint16_t sample, uint16_t bits) {
  return (uint8_t)(bits == 16 ? sample >> 8 : sample * (255 / ((1 << bits) - 1)));
}

static void color(const tiff_target *target, const uint16_t *samples, uint8_t *rgba) {
  const tiff_source *source = target->source;
  uint16_t bits = source->bits;
  size_t colors = 1;
  switch (source->photometric) {
    case PHOTOMETRIC_PALETTE:
      rgba[0] = (uint8_t)(target->red[samples[0]] >> target->palette_shift);
      rgba[1] = (uint8_t)(target->green[samples[0]] >> target->palette_shift);
      rgba[2] = (uint8_t)(target->blue[samples[0]] >> target->palette_shift);
      break;
    case PHOTOMETRIC_SEPARATED: {
      unsigned light = 255u - level(samples[3], bits);
      for (int c = 0; c < 3; c++) rgba[c] = (uint8_t)(light - product(level(samples[c], bits), light));
      colors = 4;
      break;
    }
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_YCBCR:
      for (int c = 0; c < 3; c++) rgba[c] = level(samples[c], bits);
      colors = 3;
      break;
    default: {
      uint8_t grey = level(samples[0], bits);
      if (source->photometric == PHOTOMETRIC_MINISWHITE) grey = 255 - grey;
      rgba[0] = rgba[1] = rgba[2] = grey;
    }
  }
  rgba[3] = source->alpha ? level(samples[colors], bits) : 255;
  if (source->alpha == 1 && rgba[3] > 0 && rgba[3] < 255) {
    for (int c = 0; c < 3; c++) {
      unsigned whole = rgba[c] * 255u / rgba[3];
      rgba[c] = whole > 255 ? 255 : (uint8_t)whole;
    }
  }
}

static void take_colors(const tiff_target *target, const tiff_part *part) {
  size_t channels = target->channels, step = target->source->samples;
  for (size_t y = 0; y < part->height; y++) {
    const uint16_t *samples = part->samples + y * part->full_width * step;
    uint8_t *at = target->bytes + ((part->y + y) * target->source->width + part->x) * channels;
    for (size_t x = 0; x < part->width; x++, samples += step, at += channels) {
      uint8_t rgba[4];
      color(target, samples, rgba);
      if (channels == 4) memcpy(at, rgba, 4);
      else over_white(rgba, at, 1);
    }
  }
}

static void take_levels(const tiff_target *target, const tiff_part *part) {
  const tiff_source *source = target->source;
  uint16_t most = source->bits == 16 ? UINT16_MAX : 255;
  for (size_t y = 0; y < part->height; y++) {
    const uint16_t *samples = part->samples + y * part->full_width * source->samples;
    uint16_t *at = target->levels + (part->y + y) * source->width + part->x;
    for (size_t x = 0; x < part->width; x++, samples += source->samples) {
      if (source->photometric == PHOTOMETRIC_PALETTE) {
        at[x] = *samples;
        continue;
      }
      uint16_t grey = source->bits == 16 ? *samples : level(*samples, source->bits);
      at[x] = source->photometric == PHOTOMETRIC_MINISWHITE ? (uint16_t)(most - grey) : grey;
    }
  }
}

// YCbCr with subsampled colours that are not JPEG's, by libtiff's own conversion.
static int decode_by_libtiff(const tiff_source *source, size_t channels, uint8_t *target) {
  TIFFRGBAImage image;
  char reason[1024] = "";
  if (!TIFFRGBAImageOK(source->tiff, reason)) {
    return refused(source->message, EDVIZ_IMAGE_UNSUPPORTED, reason);
  }
  if (!TIFFRGBAImageBegin(&image, source->tiff, 1, reason)) return tiff_damaged(source, reason);
  image.req_orientation = image.orientation;
  size_t pixels = (size_t)source->width * source->height;
  uint32_t *raster = malloc(pixels * sizeof *raster);
  int status = EDVIZ_IMAGE_OK;
  if (!raster) {
    status = refused(source->message, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
  } else if (!TIFFRGBAImageGet(&image, raster, source->width, source->height)) {
    status = tiff_damaged(source, "its pixels cannot be read");
  }
  for (size_t i = 0; status == EDVIZ_IMAGE_OK && i < pixels; i++, target += channels) {
    uint8_t rgba[4] = {(uint8_t)TIFFGetR(raster[i]), (uint8_t)TIFFGetG(raster[i]),
                       (uint8_t)TIFFGetB(raster[i]), 255};
    memcpy(target, rgba, channels);
  }
  free(raster);
  TIFFRGBAImageEnd(&image);
  return status;
}

static int decode(tiff_source *source, tiff_target *target, part_taker take) {
  if (source->photometric == PHOTOMETRIC_YCBCR) {
    if (source->bits != 8) {
      return refused(source->message, EDVIZ_IMAGE_UNSUPPORTED, "YCbCr of other than 8 bits a sample");
    }
    if (source->compression != COMPRESSION_JPEG) {
      return decode_by_libtiff(source, target->channels, target->bytes);
    }
    TIFFSetField(source->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  }
  if (source->photometric == PHOTOMETRIC_PALETTE) {
    if (!TIFFGetField(source->tiff, TIFFTAG_COLORMAP, &target->red, &target->green, &target->blue)) {
      return tiff_damaged(source, "its palette is missing");
    }
    // The format asks for 16 bits, but some writers give 8.
    for (size_t i = 0; i < (size_t)1 << source->bits; i++) {
      if ((target->red[i] | target->green[i] | target->blue[i]) > 255) target->palette_shift = 8;
    }
  }
  return read_parts(source, take, target);
}

int edviz_tiff_size(const uint8_t *bytes, size_t count, edviz_size *size, edviz_message *message) {
  tiff_source source;
  *size = (edviz_size){0, 0};
  int status = tiff_open(&source, bytes, count, message);
  if (status == EDVIZ_IMAGE_OK) *size = (edviz_size){source.width, source.height};
  tiff_close(&source);
  return status;
}

int edviz_tiff_orientation(const uint8_t *bytes, size_t count) {
  tiff_source source;
  edviz_message message;
  int orientation = tiff_open(&source, bytes, count, &message) == EDVIZ_IMAGE_OK ? source.orientation : 1;
  tiff_close(&source);
  return orientation;
}

int edviz_tiff_decode(const uint8_t *bytes, size_t count, int channels, uint8_t *target, size_t target_count,
                      edviz_message *message) {
  tiff_source source;
  int status = tiff_open(&source, bytes, count, message);
  if (status == EDVIZ_IMAGE_OK) {
    tiff_target rows = {.source = &source, .bytes = target, .channels = (size_t)channels};
    bool fits = (size_t)source.width * source.height * (size_t)channels == target_count;
    status = fits ? decode(&source, &rows, take_colors)
                  : refused(message, EDVIZ_IMAGE_DAMAGED, "the size changed while reading");
  }
  tiff_close(&source);
  return status;
}

int edviz_tiff_levels(const uint8_t *bytes, size_t count, int *kind, uint16_t *target, size_t target_count,
                      edviz_message *message) {
  tiff_source source;
  *kind = EDVIZ_LEVELS_NONE;
  int status = tiff_open(&source, bytes, count, message);
  if (status == EDVIZ_IMAGE_OK) {
    uint16_t photometric = source.photometric;
    bool grey = photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
    if (photometric == PHOTOMETRIC_PALETTE) *kind = EDVIZ_LEVELS_INDEX;
    if (grey) *kind = source.bits == 16 ? EDVIZ_LEVELS_GREY16 : EDVIZ_LEVELS_GREY8;
    tiff_target levels = {.source = &source, .levels = target};
    if (*kind != EDVIZ_LEVELS_NONE) {
      bool fits = (size_t)source.width * source.height == target_count;
      status = fits ? decode(&source, &levels, take_levels)
                    : refused(message, EDVIZ_IMAGE_DAMAGED, "the size changed while reading");
    }
  }
  tiff_close(&source);
  return status;
}
