#include "tiff_source.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

// No single block that libtiff takes for itself may be larger: its tables and codecs need far less.
enum { LARGEST_BLOCK = 1 << 30 };

static tsize_t supply(thandle_t handle, tdata_t target, tsize_t count) {
  tiff_source *source = handle;
  size_t left = source->count - source->position;
  size_t given = count < 0 ? 0 : (size_t)count < left ? (size_t)count : left;
  memcpy(target, source->bytes + source->position, given);
  source->position += given;
  return (tsize_t)given;
}

static tsize_t write_nothing(thandle_t handle, tdata_t bytes, tsize_t count) {
  (void)handle, (void)bytes, (void)count;
  return 0;
}

static toff_t seek(thandle_t handle, toff_t offset, int from) {
  tiff_source *source = handle;
  toff_t base = from == SEEK_CUR ? source->position : from == SEEK_END ? source->count : 0;
  toff_t wanted = base + offset;
  source->position = wanted > source->count ? source->count : (size_t)wanted;
  return source->position;
}

static int close_nothing(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t size(thandle_t handle) { return ((tiff_source *)handle)->count; }

static int map(thandle_t handle, tdata_t *start, toff_t *count) {
  tiff_source *source = handle;
  *start = (tdata_t)source->bytes;
  *count = source->count;
  return 1;
}

static void unmap(thandle_t handle, tdata_t start, toff_t count) { (void)handle, (void)start, (void)count; }

#if TIFFLIB_VERSION >= 20221213
// The first complaint is the cause; the rest follow from it.
static int on_error(TIFF *tiff, void *user, const char *module, const char *format, va_list words) {
  (void)tiff, (void)module;
  edviz_message *message = ((tiff_source *)user)->message;
  if (!message->text[0]) vsnprintf(message->text, sizeof message->text, format, words);
  return 1;
}

static int on_warning(TIFF *tiff, void *user, const char *module, const char *format, va_list words) {
  (void)tiff, (void)user, (void)module, (void)format, (void)words;
  return 1;
}

static TIFF *open_quietly(tiff_source *source) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) return NULL;
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, source);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, source);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, LARGEST_BLOCK);
  TIFF *tiff = TIFFClientOpenExt("tiff", "rm", source, supply, write_nothing, seek, close_nothing, size, map,
                                 unmap, options);
  TIFFOpenOptionsFree(options);
  return tiff;
}
#else
// Before 4.5 handlers are the whole process's, so that nothing is said rather than to somebody else.
static TIFF *open_quietly(tiff_source *source) {
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  return TIFFClientOpen("tiff", "rm", source, supply, write_nothing, seek, close_nothing, size, map, unmap);
}
#endif

int tiff_damaged(const tiff_source *source, const char *reason) {
  if (source->message->text[0]) return EDVIZ_IMAGE_DAMAGED;
  return refused(source->message, EDVIZ_IMAGE_DAMAGED, reason);
}

static uint32_t number(const tiff_source *source, size_t at, int count) {
  uint32_t value = 0;
  bool big = source->bytes[0] == 'M';
  for (int i = 0; i < count; i++) value = value << 8 | source->bytes[at + (size_t)(big ? i : count - 1 - i)];
  return value;
}

// Whether the first directory says what samples behind the colours are; libtiff itself fills that in. Of a file with
// offsets of 64 bits nobody looks.
static bool names_extra_samples(const tiff_source *source) {
  if (source->count < 8 || TIFFIsBigTIFF(source->tiff)) return true;
  uint64_t at = number(source, 4, 4);
  if (at + 2 > source->count) return true;
  uint64_t entries = number(source, (size_t)at, 2);
  for (at += 2; entries > 0 && at + 12 <= source->count; entries--, at += 12) {
    if (number(source, (size_t)at, 2) == TIFFTAG_EXTRASAMPLES) return true;
  }
  return false;
}

static int read_directory(tiff_source *source) {
  TIFF *tiff = source->tiff;
  edviz_message *message = source->message;
  uint16_t format = SAMPLEFORMAT_UINT, extras = 0, *kinds = NULL;
  if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &source->width) ||
      !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &source->height) || !source->width || !source->height) {
    return tiff_damaged(source, "it gives a side of no pixels");
  }
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &source->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &source->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &source->planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &source->compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &source->orientation);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds);
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &source->photometric)) {
    source->photometric = source->samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
  }
  char reason[64];
  if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID) {
    return refused(message, EDVIZ_IMAGE_UNSUPPORTED,
                   format == SAMPLEFORMAT_IEEEFP ? "samples with a decimal point" : "samples with a sign");
  }
  uint16_t bits = source->bits;
  if (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16) {
    snprintf(reason, sizeof reason, "%d bits a sample", bits);
    return refused(message, EDVIZ_IMAGE_UNSUPPORTED, reason);
  }
  if (!TIFFIsCODECConfigured(source->compression)) {
    snprintf(reason, sizeof reason, "compression %d, which this libtiff was built without", source->compression);
    return refused(message, EDVIZ_IMAGE_UNSUPPORTED, reason);
  }
  uint16_t colors;
  switch (source->photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_PALETTE: colors = 1; break;
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_YCBCR: colors = 3; break;
    case PHOTOMETRIC_SEPARATED: colors = 4; break;
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
    case PHOTOMETRIC_ITULAB: return refused(message, EDVIZ_IMAGE_UNSUPPORTED, "CIELAB colours");
    default:
      snprintf(reason, sizeof reason, "colours of the kind %d", source->photometric);
      return refused(message, EDVIZ_IMAGE_UNSUPPORTED, reason);
  }
  if (source->samples < colors || source->samples > 8) {
    snprintf(reason, sizeof reason, "%d samples a pixel", source->samples);
    return refused(message, EDVIZ_IMAGE_UNSUPPORTED, reason);
  }
  if (source->samples > colors && source->photometric != PHOTOMETRIC_SEPARATED) {
    // Writers that forget to say what the sample behind the colours is mean opacity, as Pillow takes it.
    source->alpha = extras > 0 && names_extra_samples(source)
                        ? (kinds[0] == EXTRASAMPLE_ASSOCALPHA ? 1 : kinds[0] == EXTRASAMPLE_UNASSALPHA ? 2 : 0)
                        : 2;
  }
  return EDVIZ_IMAGE_OK;
}

int tiff_open(tiff_source *source, const uint8_t *bytes, size_t count, edviz_message *message) {
  memset(source, 0, sizeof *source);
  message->text[0] = 0;
  source->bytes = bytes;
  source->count = count;
  source->message = message;
  source->tiff = open_quietly(source);
  if (!source->tiff) return tiff_damaged(source, "its directory cannot be read");
  int status = read_directory(source);
  // What was complained of but did not hinder is no error's text.
  if (status == EDVIZ_IMAGE_OK) message->text[0] = 0;
  return status;
}

void tiff_close(tiff_source *source) {
  if (source->tiff) TIFFClose(source->tiff);
  source->tiff = NULL;
}
