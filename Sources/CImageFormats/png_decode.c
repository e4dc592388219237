#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "pixels.h"

enum { HEADER_END = 24, CHUNK_LIMIT = 1000, CHUNK_MEMORY = 1 << 20 };

// Reached through a pointer only, so that nothing is indeterminate after a jump.
typedef struct {
  png_structp png;
  png_infop info;
  jmp_buf escape;
  int status;
  edviz_message *message;
  const uint8_t *next;
  size_t remaining;
  bool warned;
  // Pixels with alpha: the whole picture if it is interlaced, else one row.
  uint8_t *rgba;
} png_reader;

static void set_message(edviz_message *message, const char *text) {
  snprintf(message->text, sizeof message->text, "%s", text);
}

static _Noreturn void refuse(png_reader *reader, int status, const char *reason) {
  set_message(reader->message, reason);
  reader->status = status;
  longjmp(reader->escape, 1);
}

static void on_error(png_structp png, png_const_charp text) {
  refuse(png_get_error_ptr(png), EDVIZ_IMAGE_DAMAGED, text);
}

static void on_warning(png_structp png, png_const_charp text) {
  png_reader *reader = png_get_error_ptr(png);
  if (!reader->warned) set_message(reader->message, text);
  reader->warned = true;
}

static void supply(png_structp png, png_bytep target, size_t count) {
  png_reader *reader = png_get_io_ptr(png);
  if (count > reader->remaining) png_error(png, "the file ends early");
  memcpy(target, reader->next, count);
  reader->next += count;
  reader->remaining -= count;
}

static void begin(png_reader *reader) {
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
  if (!reader->png) refuse(reader, EDVIZ_IMAGE_NO_MEMORY, "libpng could not start");
  reader->info = png_create_info_struct(reader->png);
  if (!reader->info) refuse(reader, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
  png_structp png = reader->png;
  png_set_read_fn(png, reader, supply);
  // The caller has already judged the size; libpng's own limit of a million a side would only add a second
  // answer.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  // Text, profiles and the like are skipped unread, so what they would inflate to does not matter.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_chunk_cache_max(png, CHUNK_LIMIT);
  png_set_chunk_malloc_max(png, CHUNK_MEMORY);
  png_read_info(png, reader->info);
}

// `channels` of the target: 3 composites over white, 4 keeps colours and opacity as they are.
static void decode_rows(png_reader *reader, uint8_t *target, size_t count, int channels) {
  png_structp png = reader->png;
  size_t width = png_get_image_width(png, reader->info);
  size_t height = png_get_image_height(png, reader->info);
  if (width * height * (size_t)channels != count) {
    refuse(reader, EDVIZ_IMAGE_DAMAGED, "the size changed while reading");
  }

  bool alpha = (png_get_color_type(png, reader->info) & PNG_COLOR_MASK_ALPHA) ||
               png_get_valid(png, reader->info, PNG_INFO_tRNS);
  png_set_expand(png);
  png_set_strip_16(png);
  png_set_gray_to_rgb(png);
  if (channels == 4 && !alpha) png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  if (png_get_rowbytes(png, reader->info) != width * (alpha ? 4 : (size_t)channels)) {
    refuse(reader, EDVIZ_IMAGE_DAMAGED, "rows have an unexpected length");
  }

  if (!alpha || channels == 4) {
    for (int pass = 0; pass < passes; pass++) {
      for (size_t y = 0; y < height; y++) png_read_row(png, target + y * width * (size_t)channels, NULL);
    }
    return;
  }
  bool interlaced = passes > 1;
  if (!(reader->rgba = calloc(interlaced ? width * height : width, 4))) {
    refuse(reader, EDVIZ_IMAGE_NO_MEMORY, "not enough memory");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (size_t y = 0; y < height; y++) {
      uint8_t *row = interlaced ? reader->rgba + y * width * 4 : reader->rgba;
      png_read_row(png, row, NULL);
      if (pass == passes - 1) over_white(row, target + y * width * 3, width);
    }
  }
}

static void run(png_reader *reader, uint8_t *target, size_t count, int channels) {
  if (setjmp(reader->escape)) return;
  begin(reader);
  decode_rows(reader, target, count, channels);
}

// Levels as they are stored; rows are read behind the end of the target's, so that bytes can become numbers in place.
static void decode_levels(png_reader *reader, int *kind, uint16_t *target, size_t count) {
  png_structp png = reader->png;
  size_t width = png_get_image_width(png, reader->info);
  size_t height = png_get_image_height(png, reader->info);
  if (width * height != count) refuse(reader, EDVIZ_IMAGE_DAMAGED, "the size changed while reading");
  int color_type = png_get_color_type(png, reader->info);
  int depth = png_get_bit_depth(png, reader->info);
  if (color_type == PNG_COLOR_TYPE_PALETTE) {
    *kind = EDVIZ_LEVELS_INDEX;
    png_set_packing(png);
  } else if (!(color_type & PNG_COLOR_MASK_COLOR)) {
    *kind = depth == 16 ? EDVIZ_LEVELS_GREY16 : EDVIZ_LEVELS_GREY8;
    png_set_expand_gray_1_2_4_to_8(png);
    png_set_strip_alpha(png);
  } else {
    return;
  }
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  size_t sample = *kind == EDVIZ_LEVELS_GREY16 ? 2 : 1;
  if (png_get_rowbytes(png, reader->info) != width * sample) {
    refuse(reader, EDVIZ_IMAGE_DAMAGED, "rows have an unexpected length");
  }
  uint8_t *bytes = (uint8_t *)target + (2 - sample) * count;
  for (int pass = 0; pass < passes; pass++) {
    for (size_t y = 0; y < height; y++) png_read_row(png, bytes + y * width * sample, NULL);
  }
  for (size_t i = 0; i < count; i++) {
    target[i] = sample == 1 ? bytes[i] : (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  }
}

static void run_levels(png_reader *reader, int *kind, uint16_t *target, size_t count) {
  if (setjmp(reader->escape)) return;
  begin(reader);
  decode_levels(reader, kind, target, count);
}

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

int edviz_png_size(const uint8_t *bytes, size_t count, edviz_size *size, edviz_message *message) {
  message->text[0] = 0;
  *size = (edviz_size){0, 0};
  if (count < HEADER_END) {
    set_message(message, "the file ends early");
    return EDVIZ_IMAGE_DAMAGED;
  }
  if (png_sig_cmp(bytes, 0, 8) != 0 || memcmp(bytes + 12, "IHDR", 4) != 0) {
    set_message(message, "the header is missing");
    return EDVIZ_IMAGE_DAMAGED;
  }
  *size = (edviz_size){big_endian(bytes + 16), big_endian(bytes + 20)};
  if (size->width == 0 || size->height == 0) {
    set_message(message, "the header gives a side of no pixels");
    return EDVIZ_IMAGE_DAMAGED;
  }
  bool allowed = size->width <= PNG_UINT_31_MAX && size->height <= PNG_UINT_31_MAX;
  if (!allowed) set_message(message, "the header gives a side that PNG does not allow");
  return allowed ? EDVIZ_IMAGE_OK : EDVIZ_IMAGE_DAMAGED;
}

static void prepare(png_reader *reader, const uint8_t *bytes, size_t count, edviz_message *message) {
  memset(reader, 0, sizeof *reader);
  message->text[0] = 0;
  reader->message = message;
  reader->next = bytes;
  reader->remaining = count;
}

int edviz_png_decode(const uint8_t *bytes, size_t count, int channels, uint8_t *target, size_t target_count,
                     edviz_message *message) {
  png_reader reader;
  prepare(&reader, bytes, count, message);
  run(&reader, target, target_count, channels);
  if (reader.png) png_destroy_read_struct(&reader.png, &reader.info, NULL);
  free(reader.rgba);
  return reader.status;
}

int edviz_png_levels(const uint8_t *bytes, size_t count, int *kind, uint16_t *target, size_t target_count,
                     edviz_message *message) {
  png_reader reader;
  prepare(&reader, bytes, count, message);
  *kind = EDVIZ_LEVELS_NONE;
  run_levels(&reader, kind, target, target_count);
  if (reader.png) png_destroy_read_struct(&reader.png, &reader.info, NULL);
  return reader.status;
}
